import { choice, element, field, slider } from './dom.js';
import { Drawing } from './drawing.js';
import { dataURL, decode } from './pictures.js';

const sides = ['left', 'top', 'right', 'bottom'];

/** A part of an image to decode anew: painted on the stage, with settings below it. */
export class Edit {
  #url = null;
  #image = null;
  #drawing = null;
  #keep = slider({ minimum: 0, maximum: 1, step: 0.05, value: 0, label: 'Keep' });
  #keepBy = choice(['random', 'certainty', 'edges']);
  #grow = element('input', { type: 'number', min: 0, max: 64, step: 1, value: 0 });
  #paste = choice([['feather', 'soft edge'], ['hard', 'hard edge'], ['none', 'not at all']]);
  #margins = sides.map(() => element('input', { type: 'number', min: 0, step: 16, value: 0 }));
  #panel = this.#makePanel();

  constructor({ changed }) {
    this.changed = changed;
  }

  get isOpen() { return this.#image !== null; }

  /** What the stage shows. */
  get sheets() {
    if (!this.isOpen) return [];
    return [{
      id: 'edit', label: 'Edit', drawing: this.#drawing, panel: this.#panel, close: () => this.close(),
      size: () => ({ width: this.#image.naturalWidth, height: this.#image.naturalHeight }),
      hint: 'Paint over what to decode anew',
    }];
  }

  /** Begins with an image. */
  async open(blob) {
    this.#url = await dataURL(blob);
    this.#image = await decode(this.#url, 'The image');
    this.#drawing = new Drawing({ isMask: true, backdrop: () => this.#image });
    this.#drawing.fit = 'stretch';
    for (const margin of this.#margins) margin.value = 0;
    this.changed();
  }

  close() {
    this.#image = null;
    this.changed();
  }

  /** The `edit` of a request. Throws where nothing is to be changed. */
  request() {
    const margins = Object.fromEntries(sides.map((side, index) => [side, Number(this.#margins[index].value) || 0]));
    const isWider = Object.values(margins).some((pixels) => pixels > 0);
    const keep = Number(this.#keep.value) || 0;
    if (!this.#drawing.hasInk && !isWider && keep === 0) {
      throw new Error('Nothing is painted. Paint over the part of the image to decode anew, or close the edit.');
    }
    const edit = { image: this.#url, mask: null, grow: Number(this.#grow.value) || 0, paste: this.#paste.value };
    if (this.#drawing.hasInk) edit.mask = this.#drawing.export(this.#image.naturalWidth, this.#image.naturalHeight);
    if (isWider) edit.margins = margins;
    if (keep > 0) Object.assign(edit, { keep, keep_by: this.#keepBy.value });
    return edit;
  }

  #makePanel() {
    return element('details', {},
      element('summary', {}, 'How it is changed'),
      element('div', { className: 'fields' },
        field('Keep this share of it', this.#keep.element, { title: '0 decodes all of it anew' }),
        field('Keep by', this.#keepBy),
        field('Grow by cells', this.#grow, { title: 'Cells by which the painted part is grown' }),
        field('Joined with a', this.#paste)),
      element('fieldset', { className: 'fields' }, element('legend', {}, 'Continue the image, in pixels'),
        sides.map((side, index) => field(side, this.#margins[index]))));
  }
}
