import { choice, element, icon, iconButton } from './dom.js';
import { drawingWidth } from './drawing.js';
import { pictureOf, readPicture, takeDrops } from './pictures.js';
import { takeStrokes } from './pointer.js';

/**
 * The one canvas of the page and its tools. It shows one sheet of many: the sketch of a layer, its region, or the part of
 * an image to decode anew. A sheet has an id, a label, a drawing, a size and, where it can be closed, `close`.
 */
export class Stage {
  #canvas = document.querySelector('#sketch');
  #hint = document.querySelector('#paper-hint');
  #sheets = [];
  #sheet = null;
  #erases = false;
  #usesPressure = true;
  #tools = {};
  #redraw = () => this.#show();

  constructor({ fail }) {
    this.fail = fail;
    this.#makeTools();
    takeStrokes(this.#canvas, {
      tool: () => ({
        thickness: this.#sheet?.drawing.thickness ?? 8, erases: this.#erases, usesPressure: this.#usesPressure,
      }),
      show: (stroke, cursor) => this.#show(stroke, cursor),
      finish: (stroke) => this.#sheet?.drawing.add(stroke),
      drop: () => this.#sheet?.drawing.discard(),
    });
    takeDrops(document.querySelector('#stage'), (file) => this.takePicture(file));
    document.addEventListener('paste', (event) => {
      const file = pictureOf(event.clipboardData);
      if (file) this.takePicture(file);
    });
    this.#canvas.addEventListener('keydown', (event) => this.#press(event));
    new ResizeObserver(() => this.#fit()).observe(document.querySelector('#paper'));
  }

  /** Sets the sheets there are; the one shown stays where it is among them. */
  setSheets(sheets) {
    this.#sheets = sheets;
    this.select(sheets.some((sheet) => sheet.id === this.#sheet?.id) ? this.#sheet.id : sheets[0]?.id);
  }

  /** Shows a sheet. */
  select(id) {
    this.#sheet?.drawing.removeEventListener('change', this.#redraw);
    this.#sheet = this.#sheets.find((sheet) => sheet.id === id) ?? null;
    this.#sheet?.drawing.addEventListener('change', this.#redraw);
    document.querySelector('#stage').hidden = this.#sheet === null;
    this.#showTabs();
    this.#fit();
  }

  get selected() { return this.#sheet?.id; }
  focus() { this.#canvas.focus(); }

  /** Lays a picture on the sheet that is shown. */
  async takePicture(file) {
    const sheet = this.#sheet;
    if (!sheet) return;
    if (sheet.drawing.isMask) {
      this.fail(`A picture cannot be laid on ${sheet.label}. Choose a sketch above first.`);
      return;
    }
    try {
      sheet.drawing.add({ kind: 'picture', picture: await readPicture(file) });
    } catch (error) {
      this.fail(error.message);
    }
  }

  #makeTools() {
    const tools = this.#tools;
    const act = (work) => () => {
      if (this.#sheet) work(this.#sheet.drawing);
      this.#show();
    };
    const pick = (erases) => () => {
      this.#erases = erases;
      this.#show();
    };
    tools.pen = iconButton('pen', 'Pen (P)', pick(false));
    tools.eraser = iconButton('eraser', 'Eraser (E)', pick(true));
    tools.thickness = element('input', {
      type: 'range', min: 2, max: 120, title: 'Thickness ([ and ])', aria: { label: 'Thickness' },
      on: { input: act((drawing) => { drawing.thickness = Number(tools.thickness.value); }) },
    });
    tools.pressure = iconButton('pressure', 'A pen pressed harder draws thicker', () => {
      this.#usesPressure = !this.#usesPressure;
      this.#show();
    });
    tools.undo = iconButton('undo', 'Undo (Ctrl+Z)', act((drawing) => drawing.undo()));
    tools.redo = iconButton('redo', 'Redo (Ctrl+Shift+Z)', act((drawing) => drawing.redo()));
    tools.clear = iconButton('clear', 'Clear', act((drawing) => drawing.clear()));
    tools.fill = iconButton('fill', 'Fill all', act((drawing) => drawing.add({ kind: 'fill' })));
    const file = element('input', {
      type: 'file', accept: 'image/*', className: 'unseen', aria: { label: 'Choose a picture' },
      on: {
        change: () => {
          if (file.files[0]) this.takePicture(file.files[0]);
          file.value = '';
        },
      },
    });
    tools.picture = element('label', { className: 'button icon', title: 'Choose a picture' }, icon('picture'), file);
    const use = choice([['control', 'Picture is the control'], ['trace', 'Picture lies under the pen']], {
      aria: { label: 'What the picture is for' },
      on: { change: act((drawing) => drawing.setTraced(use.value === 'trace')) },
    });
    tools.use = use;
    document.querySelector('#tools').append(
      tools.pen, tools.eraser, tools.thickness, tools.pressure, element('span', { className: 'gap' }),
      tools.undo, tools.redo, tools.clear, tools.fill, tools.picture, use);
    tools.fill.hidden = use.hidden = true;
  }

  #press(event) {
    const { pen, eraser, undo, redo, thickness } = this.#tools;
    const key = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey) {
      if (key === 'z') (event.shiftKey ? redo : undo).click();
      else if (key === 'y') redo.click();
      else return;
    } else if (key === 'p') pen.click();
    else if (key === 'e') eraser.click();
    else if (key === '[' || key === ']') {
      thickness.value = Number(thickness.value) + (key === ']' ? 2 : -2);
      thickness.dispatchEvent(new Event('input'));
    } else return;
    event.preventDefault();
  }

  #showTabs() {
    const tabs = document.querySelector('#tabs');
    tabs.hidden = this.#sheets.length < 2;
    const hadFocus = tabs.contains(document.activeElement);
    tabs.replaceChildren(...this.#sheets.flatMap((sheet) => {
      const isShown = sheet === this.#sheet;
      const tab = element('button', {
        type: 'button', className: 'tab', data: { sheet: sheet.id }, aria: { pressed: isShown },
        on: { click: () => this.select(sheet.id) },
      }, sheet.label);
      return sheet.close
        ? [element('span', { className: 'closable' }, tab, iconButton('remove', `Close ${sheet.label}`, sheet.close))]
        : [tab];
    }));
    if (hadFocus) tabs.querySelector('[aria-pressed=true]')?.focus();
    document.querySelector('#edit-panel').hidden = !this.#sheet?.panel;
    document.querySelector('#edit-panel').replaceChildren(...(this.#sheet?.panel ? [this.#sheet.panel] : []));
  }

  /** Gives the canvas the shape of the sheet, and a pixel for each of the screen's. */
  #fit() {
    if (!this.#sheet) return;
    const { width, height } = this.#sheet.size();
    const shown = document.querySelector('#paper').clientWidth;
    if (!shown) return;
    const pixels = Math.round(shown * Math.min(devicePixelRatio, 3));
    this.#canvas.width = pixels;
    this.#canvas.height = Math.round(pixels * height / width);
    this.#show();
  }

  /** Draws the sheet anew after its size changed. */
  resize() { this.#fit(); }

  #show(stroke = null, cursor = null) {
    if (!this.#sheet) return;
    const { drawing, label } = this.#sheet;
    const context = this.#canvas.getContext('2d');
    drawing.show(context, stroke);
    if (cursor) showCursor(context, cursor, stroke !== null);
    this.#canvas.setAttribute('aria-label', `${label}: drawing area`);
    const isBlank = drawing.isEmpty && !drawing.picture && !stroke && !cursor;
    this.#hint.classList.toggle('low', drawing.isMask);
    this.#hint.textContent = isBlank ? (this.#sheet.hint ?? 'Draw here') : '';
    const tools = this.#tools;
    tools.pen.setAttribute('aria-pressed', !this.#erases);
    tools.eraser.setAttribute('aria-pressed', this.#erases);
    tools.pressure.setAttribute('aria-pressed', this.#usesPressure);
    tools.thickness.value = drawing.thickness;
    tools.undo.disabled = !drawing.canUndo;
    tools.redo.disabled = !drawing.canRedo;
    tools.fill.hidden = !drawing.isMask;
    tools.picture.hidden = drawing.isMask;
    tools.use.hidden = drawing.isMask || !drawing.picture;
    tools.use.value = drawing.isTraced ? 'trace' : 'control';
  }
}

function showCursor(context, { x, y }, isDown) {
  const scale = context.canvas.width / drawingWidth;
  context.strokeStyle = isDown ? '#e8590c' : '#3b5bdb';
  context.lineWidth = 2 * scale;
  context.beginPath();
  context.arc(x * scale, y * scale, 7 * scale, 0, 2 * Math.PI);
  context.moveTo((x - 13) * scale, y * scale);
  context.lineTo((x + 13) * scale, y * scale);
  context.moveTo(x * scale, (y - 13) * scale);
  context.lineTo(x * scale, (y + 13) * scale);
  context.stroke();
}
