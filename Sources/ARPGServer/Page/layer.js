import { send } from './api.js';
import { classPicker } from './classpicker.js';
import { element, field, iconButton, newID, slider } from './dom.js';
import { Drawing } from './drawing.js';
import { optionFields } from './options.js';
import { dataURL, decode, readPicture, takeDrops } from './pictures.js';

/**
 * One control: an adapter with its input, its options, and how much, when and where it acts. Drawn from the adapter's
 * description.
 */
export class Layer {
  #input;
  #options;
  #region = null;
  #regionRow = element('div', { className: 'row' });
  #on = element('input', { type: 'checkbox', checked: true });
  #from = element('input', { type: 'number', min: 0, max: 1, step: 0.05, value: 0 });
  #to = element('input', { type: 'number', min: 0, max: 1, step: 0.05, value: 1 });
  #guidance = element('input', { type: 'number', min: 0, step: 0.25, placeholder: 'shared' });
  #strength;
  #preview = element('img', { className: 'seen', alt: 'What the adapter sees', hidden: true });
  #title = element('strong');

  /**
   * `page` tells what the layer must know and calls back: `model`, `size`, `requestedSize`, `fit`, `shownImage`, `changed`,
   * `draw`, `remove`, `fail`, `pickerID`. `drawing` is a sketch to go on with.
   */
  constructor(descriptor, page, drawing) {
    this.descriptor = descriptor;
    this.page = page;
    this.id = newID('layer');
    const changed = () => page.changed();
    this.#options = optionFields(descriptor, changed);
    this.#strength = slider({ minimum: 0, maximum: 2, step: 0.05, value: 1, label: 'Strength', change: changed });
    this.#input = this.#makeInput(drawing);
    for (const input of [this.#on, this.#from, this.#to, this.#guidance]) input.addEventListener('input', changed);
    this.element = this.#makeCard();
    this.#showRegion();
  }

  /** What is drawn for it; undefined where its input is no image. */
  get drawing() { return this.#input.drawing; }
  get isOn() { return this.#on.checked; }
  set isOn(isOn) { this.#on.checked = isOn; }
  set label(label) {
    this.#title.textContent = label;
    this.#on.setAttribute('aria-label', `${label} is on`);
  }
  get label() { return this.#title.textContent; }

  /** Whether its input is one of the model's class names. */
  get hasNames() { return this.descriptor.input_values === 'class-names'; }
  /** Whether the control says what is where, as far as its description tells. */
  get isSpatial() { return !this.hasNames && this.descriptor.input !== 'tensor'; }
  get isEmpty() { return this.#input.isEmpty(); }

  /** What can be drawn for it on the stage. */
  get sheets() {
    const size = () => this.page.size();
    const sheets = [];
    if (this.#input.drawing) {
      this.#input.drawing.fit = this.page.fit();
      sheets.push({
        id: this.id, label: this.label, drawing: this.#input.drawing, size,
        hint: `Draw here, or drop or paste a picture:\n${this.descriptor.input_summary}`,
      });
    }
    if (this.#region) {
      sheets.push({
        id: `${this.id}-region`, label: `Region of ${this.label}`, drawing: this.#region, size,
        hint: 'Paint where it acts',
        close: () => {
          this.#region = null;
          this.#showRegion();
          this.page.changed({ sheets: true });
        },
      });
    }
    return sheets;
  }

  /** The control as the server takes it; null where it is off or has no input. Throws what a user must mend. */
  async request() {
    if (!this.isOn || this.isEmpty) return null;
    const { options, inputs } = await this.#options.read();
    const control = { adapter: this.descriptor.name, ...await this.#input.read() };
    if (Object.keys(options).length) control.options = options;
    if (Object.keys(inputs).length) control.inputs = inputs;
    control.strength = number(this.#strength.value, 1);
    control.from = number(this.#from.value, 0);
    control.to = number(this.#to.value, 1);
    if (this.#guidance.value !== '') control.guidance = Number(this.#guidance.value);
    if (this.#region?.hasInk) control.region = this.#region.export(...this.#sheetSize());
    return control;
  }

  /** Takes what a control of a request had, or what an image says of one. */
  async restore(control) {
    this.isOn = true;
    this.#strength.value = control.strength ?? 1;
    this.#from.value = control.from ?? 0;
    this.#to.value = control.to ?? 1;
    this.#guidance.value = control.guidance ?? '';
    this.#options.restore(control.options, control.inputs);
    await this.#input.restore(control);
    if (!control.region) this.#region = null;
    this.#showRegion();
  }

  #sheetSize() {
    const { width, height } = this.page.size();
    const scale = Math.min(2, 1024 / Math.max(width, height));
    return [Math.round(width * scale), Math.round(height * scale)];
  }

  #makeCard() {
    const { descriptor } = this;
    const { element: input, isShort, label } = this.#input;
    const inputRow = isShort ? null : field(label, input, { title: descriptor.input_summary });
    return element('section', { className: 'layer card', data: { layer: descriptor.name } },
      element('div', { className: 'row' },
        element('label', { className: `row ${isShort ? '' : 'grow'}`, title: descriptor.summary }, this.#on, this.#title,
          isShort ? null : element('span', { className: 'hint ellipsis' }, descriptor.summary)),
        isShort ? element('div', { className: 'grow' }, input) : null,
        iconButton('remove', 'Remove layer', () => this.page.remove(this))),
      inputRow,
      element('details', {},
        element('summary', {}, 'Strength, window, options'),
        field('Strength', this.#strength.element),
        element('div', { className: 'fields' },
          field('Acts from', this.#from, { title: 'As a share of what is decoded: 0 is the beginning' }),
          field('to', this.#to, { title: 'As a share of what is decoded: 1 is the end' }),
          field('Own guidance', this.#guidance, { title: 'A scale of guidance for this control alone' })),
        element('div', { className: 'fields' }, this.#options.elements),
        element('div', { className: 'row' }, this.#regionRow, element('button', {
          type: 'button', className: 'quiet', on: { click: () => this.#seeInput() },
        }, 'What the adapter sees')),
        this.#preview));
  }

  /** The input by its kind. Each has `element`, `isEmpty`, `read`, `restore`, and a `label` unless it is short. */
  #makeInput(drawing) {
    const { descriptor } = this;
    switch (descriptor.input) {
      case 'image': return this.#imageInput(drawing);
      case 'text': return this.hasNames && this.page.model().class_names?.length
        ? this.#classInput() : this.#textInput();
      default: return this.#fileInput();
    }
  }

  #imageInput(drawing = new Drawing()) {
    drawing.addEventListener('change', () => this.page.changed());
    const draw = element('button', {
      type: 'button', className: 'quiet', on: { click: () => this.page.draw(this.id) },
    }, 'Draw');
    const file = element('input', {
      type: 'file', accept: 'image/*', className: 'unseen',
      on: {
        change: () => {
          if (file.files[0]) take(file.files[0]);
          file.value = '';
        },
      },
    });
    const take = async (picked) => {
      try {
        drawing.add({ kind: 'picture', picture: await readPicture(picked) });
        this.page.draw(this.id);
      } catch (error) {
        this.page.fail(error.message);
      }
    };
    const row = element('div', { className: 'row' }, draw,
      element('label', { className: 'button quiet' }, 'Picture…', file));
    takeDrops(row, take);
    return {
      element: row, isShort: true, drawing,
      isEmpty: () => drawing.isEmpty,
      read: () => ({ image: drawing.export(...this.#sheetSize()) }),
      restore: async ({ image }) => {
        if (!image || (!drawing.isEmpty && drawing.export(...this.#sheetSize()) === image)) return;
        const picture = { url: image, image: await decode(image, 'The control') };
        drawing.clear();
        drawing.setTraced(false);
        drawing.add({ kind: 'picture', picture });
      },
    };
  }

  #classInput() {
    const picker = classPicker(this.page.model().class_names, {
      id: this.page.pickerID(), label: sentence(this.descriptor.summary), change: () => this.page.changed(),
    });
    return {
      element: picker.element, isShort: true,
      isEmpty: () => {
        try { return picker.value === ''; } catch { return false; }
      },
      read: () => ({ text: picker.value }),
      restore: ({ text, input }) => { picker.value = text ?? input ?? ''; },
    };
  }

  #textInput() {
    const input = element('input', {
      type: 'text', placeholder: this.descriptor.example ?? '', on: { input: () => this.page.changed() },
    });
    return {
      element: input, label: sentence(this.descriptor.input_summary),
      isEmpty: () => input.value.trim() === '',
      read: () => ({ text: input.value.trim() }),
      restore: ({ text, input: said }) => { input.value = text ?? said ?? ''; },
    };
  }

  #fileInput() {
    let kept = null;
    const kind = this.descriptor.input;
    const input = element('input', {
      type: 'file',
      on: {
        change: () => {
          kept = null;
          this.page.changed();
        },
      },
    });
    return {
      element: input, label: sentence(this.descriptor.input_summary),
      isEmpty: () => !input.files[0] && !kept,
      read: async () => ({ [kind]: input.files[0] ? await dataURL(input.files[0]) : kept }),
      restore: (control) => { kept = control[kind] ?? kept; },
    };
  }

  #showRegion() {
    const button = this.#region
      ? element('button', {
        type: 'button', className: 'quiet', on: { click: () => this.page.draw(`${this.id}-region`) },
      }, 'Paint region')
      : element('button', {
        type: 'button', className: 'quiet', title: 'It acts where you paint, and nowhere else',
        on: {
          click: () => {
            this.#region = new Drawing({ isMask: true, backdrop: () => this.#backdrop() });
            this.#showRegion();
            this.page.changed({ sheets: true });
            this.page.draw(`${this.id}-region`);
          },
        },
      }, 'Limit to a region');
    this.#regionRow.replaceChildren(button);
  }

  /** Its own sketch, or else the image shown. */
  #backdrop() {
    const { drawing } = this;
    if (!drawing || drawing.isEmpty) return this.page.shownImage();
    const canvas = element('canvas');
    [canvas.width, canvas.height] = this.#sheetSize();
    drawing.show(canvas.getContext('2d'));
    return canvas;
  }

  async #seeInput() {
    try {
      if (this.isEmpty) throw new Error(`${this.label} has no input yet.`);
      const { options, inputs } = await this.#options.read();
      const response = await send('controls', {
        method: 'POST',
        json: {
          model: this.page.model().name, adapter: this.descriptor.name, ...await this.#input.read(), options, inputs,
          fit: this.page.fit(), size: this.page.requestedSize(),
        },
      });
      URL.revokeObjectURL(this.#preview.src);
      this.#preview.src = URL.createObjectURL(await response.blob());
      this.#preview.hidden = false;
    } catch (error) {
      this.page.fail(error.message);
    }
  }
}

function number(text, fallback) {
  return text === '' ? fallback : Number(text);
}

/** A summary as a label: the first letter large. */
function sentence(text) {
  return text ? text[0].toUpperCase() + text.slice(1) : 'Input';
}
