import { drawFitted } from './pictures.js';

/** The width of a drawing in units of its own; points and thicknesses are in them. */
export const drawingWidth = 512;

/**
 * What is drawn on one sheet, as a list of steps that can be taken back: strokes, fills, pictures, clearings.
 * A sketch is dark ink on white paper; a mask is white on black, shown over a backdrop.
 */
export class Drawing extends EventTarget {
  #steps = [];
  #undone = [];
  #ink = null;

  constructor({ isMask = false, backdrop = () => null } = {}) {
    super();
    this.isMask = isMask;
    this.backdrop = backdrop;
    /** Whether a picture lies under the pen to be traced, and is no part of the control. */
    this.isTraced = false;
    /** How a picture is fitted: crop, pad or stretch. */
    this.fit = 'crop';
    this.thickness = isMask ? 48 : 7;
  }

  get canUndo() { return this.#steps.length > 0; }
  get canRedo() { return this.#undone.length > 0; }
  /** The steps since all was cleared. */
  get #present() { return this.#steps.slice(this.#steps.findLastIndex((step) => step.kind === 'clear') + 1); }
  /** The picture that lies on the sheet: `{ url, image }` or null. */
  get picture() { return this.#present.findLast((step) => step.kind === 'picture')?.picture ?? null; }
  get hasInk() { return this.#present.some((step) => step.kind === 'fill' || (step.kind === 'stroke' && !step.erases)); }
  get hasStrokes() { return this.#present.some((step) => step.kind !== 'picture'); }
  get isEmpty() { return !this.hasInk && (this.picture === null || this.isTraced); }

  add(step) {
    this.#steps.push(step);
    this.#undone = [];
    this.#changed();
  }

  undo() {
    if (!this.canUndo) return;
    this.#undone.push(this.#steps.pop());
    this.#changed();
  }

  redo() {
    if (!this.canRedo) return;
    this.#steps.push(this.#undone.pop());
    this.#changed();
  }

  clear() {
    if (this.#present.length) this.add({ kind: 'clear' });
  }

  setTraced(isTraced) {
    this.isTraced = isTraced;
    this.#changed();
  }

  /** Forgets a stroke that was shown and will not be finished. */
  discard() {
    this.#changed();
  }

  /** Shows the sheet, with a stroke that is not finished. */
  show(context, stroke = null) {
    const { width, height } = context.canvas;
    context.globalAlpha = 1;
    context.fillStyle = this.isMask ? '#777' : '#fff';
    context.fillRect(0, 0, width, height);
    if (this.isMask) {
      const backdrop = this.backdrop();
      if (backdrop) drawFitted(context, backdrop, this.fit);
    } else if (this.picture) {
      context.globalAlpha = this.isTraced ? 0.3 : 1;
      drawFitted(context, this.picture.image, this.fit);
    }
    context.globalAlpha = this.isMask ? 0.55 : 1;
    context.drawImage(this.#layer(width, height, this.isMask ? '#ff2d78' : '#111', stroke), 0, 0);
    context.globalAlpha = 1;
  }

  /** What goes to the server, as a data URL; a picture without strokes goes as it is. */
  export(width, height) {
    if (this.picture && !this.isTraced && !this.hasStrokes) return this.picture.url;
    const canvas = sheet(width, height);
    const context = canvas.getContext('2d');
    context.fillStyle = this.isMask ? '#000' : '#fff';
    context.fillRect(0, 0, width, height);
    if (this.picture && !this.isTraced) drawFitted(context, this.picture.image, this.fit);
    const ink = sheet(width, height);
    this.#paint(ink.getContext('2d'), this.isMask ? '#fff' : '#111');
    context.drawImage(ink, 0, 0);
    return canvas.toDataURL('image/png');
  }

  #changed() {
    this.#ink = null;
    this.dispatchEvent(new Event('change'));
  }

  /** The ink alone. Kept until a step changes; an unfinished stroke is added segment by segment. */
  #layer(width, height, colour, stroke) {
    if (this.#ink?.canvas.width !== width || this.#ink.canvas.height !== height) this.#ink = null;
    if (!this.#ink) {
      const canvas = sheet(width, height);
      this.#paint(canvas.getContext('2d'), colour);
      this.#ink = { canvas, drawn: 0 };
    }
    if (stroke) {
      const context = this.#ink.canvas.getContext('2d');
      paintStroke(this.#prepared(context, stroke, colour), stroke, this.#ink.drawn, false);
      this.#ink.drawn = stroke.points.length;
    }
    return this.#ink.canvas;
  }

  #paint(context, colour) {
    for (const step of this.#present) {
      if (step.kind === 'stroke') paintStroke(this.#prepared(context, step, colour), step, 0, true);
      if (step.kind === 'fill') {
        const { width, height } = this.#prepared(context, step, colour).canvas;
        context.fillRect(0, 0, width, height);
      }
    }
  }

  /** An eraser is white paint over a picture that is the control, and takes ink away elsewhere. */
  #prepared(context, step, colour) {
    const isWhite = step.erases && !this.isMask && this.picture && !this.isTraced;
    context.globalCompositeOperation = step.erases && !isWhite ? 'destination-out' : 'source-over';
    context.strokeStyle = context.fillStyle = isWhite ? '#fff' : colour;
    return context;
  }
}

function sheet(width, height) {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

/** Draws the segments of a stroke from one point on: curves between the middles of neighbours, each as wide as its point. */
function paintStroke(context, { points }, first, isFinished) {
  const scale = context.canvas.width / drawingWidth;
  const at = (index) => points[Math.max(0, index)];
  const middle = (index) => ({ x: (at(index - 1).x + at(index).x) / 2, y: (at(index - 1).y + at(index).y) / 2 });
  context.lineCap = context.lineJoin = 'round';
  for (let index = first; index < points.length; index += 1) {
    const from = middle(index - 1), corner = at(index - 1), to = middle(index);
    segment(context, scale, at(index).width, from, corner, to);
  }
  if (isFinished) {
    const last = points.length - 1;
    segment(context, scale, at(last).width, middle(last), at(last), at(last));
  }
}

function segment(context, scale, width, from, corner, to) {
  context.lineWidth = Math.max(0.5, width * scale);
  context.beginPath();
  context.moveTo(from.x * scale, from.y * scale);
  context.quadraticCurveTo(corner.x * scale, corner.y * scale, to.x * scale, to.y * scale);
  context.stroke();
}
