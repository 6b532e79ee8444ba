import { choice, element, icon } from './dom.js';
import { actions, canDo, sources, title } from './gallery.js';

/** The image that is shown large, beside or under the control that it was made from. */
export class Viewer {
  #result = element('img', { id: 'result', alt: '', hidden: true });
  #original = element('img', { id: 'original', alt: 'The control', hidden: true });
  #blank = element('p', { className: 'hint blank' }, 'Your image appears here.');
  #reveal = element('input', {
    type: 'range', min: 0, max: 100, value: 50, hidden: true, aria: { label: 'How much of the control is shown' },
  });
  #frame = element('div', { className: 'frame' }, this.#blank, this.#result, this.#original);
  #mode = choice([['slider', 'Slider'], ['beside', 'Side by side']], { aria: { label: 'How to compare' } });
  #which = choice([], { aria: { label: 'With which control' } });
  #compareRow = element('div', { className: 'row', hidden: true }, this.#mode, this.#which);
  #caption = element('p', { className: 'caption' });
  #actions = element('div', { className: 'actions' });
  #made = element('details', { className: 'made', hidden: true }, element('summary', {}, 'Made with'), element('dl'));
  #entry = null;
  #compares = false;

  /** `act(name, entry)` does what a button asks. */
  constructor({ act }) {
    this.act = act;
    const place = document.querySelector('#viewer');
    place.append(this.#frame, this.#reveal, this.#caption, this.#compareRow, this.#actions, this.#made);
    const buttons = [...actions, ['settings', 'settings', 'Take its settings', 'Controls, settings and seed as they were']];
    this.#actions.append(...buttons.map(([name, symbol, label, help]) => element('button', {
      type: 'button', className: 'quiet', title: help, disabled: true, data: { action: name },
      on: { click: () => this.act(name, this.#entry) },
    }, icon(symbol), label)));
    this.#result.addEventListener('load', () => {
      const { naturalWidth, naturalHeight } = this.#result;
      if (naturalHeight) place.style.setProperty('--ratio', naturalWidth / naturalHeight);
    });
    this.#reveal.addEventListener('input', () => this.#arrange());
    this.#mode.addEventListener('change', () => this.#arrange());
    this.#which.addEventListener('change', () => this.#arrange());
  }

  /** The image shown, to lay under a region; null where there is none. */
  get image() { return this.#entry?.url ? this.#result : null; }

  /** Shows an image, or what there is of it so far. */
  show(entry) {
    if (entry !== this.#entry) {
      this.#entry = entry;
      const found = entry ? sources(entry) : [];
      this.#which.replaceChildren(...found.map(({ name, url }) => element('option', { value: url }, name)));
      this.#which.hidden = found.length < 2;
    }
    const source = entry?.url ?? entry?.preview;
    this.#result.hidden = !source;
    this.#blank.hidden = Boolean(source);
    this.#blank.textContent = entry ? 'It is about to begin.' : 'Your image appears here.';
    if (source) this.#result.src = source;
    this.#result.alt = entry ? `${title(entry)}${entry.url ? '' : ', not finished'}` : '';
    this.#result.dataset.state = entry?.url ? 'finished' : 'running';
    this.#frame.classList.toggle('running', Boolean(entry) && !entry.url);
    this.#caption.textContent = entry ? title(entry) : '';
    for (const button of this.#actions.children) button.disabled = !canDo(button.dataset.action, entry);
    this.#showMade(entry?.image);
    this.#arrange();
  }

  /** Shows the control too, or no longer. */
  toggleCompare(entry) {
    this.#compares = entry !== this.#entry || !this.#compares;
    this.show(entry);
  }

  #arrange() {
    const compares = this.#compares && Boolean(this.#entry?.url) && this.#which.children.length > 0;
    const isSlider = this.#mode.value === 'slider';
    this.#original.hidden = !compares;
    this.#compareRow.hidden = !compares;
    this.#reveal.hidden = !compares || !isSlider;
    this.#frame.classList.toggle('beside', compares && !isSlider);
    this.#actions.querySelector('[data-action=compare]').setAttribute('aria-pressed', compares);
    if (!compares) return;
    this.#original.src = this.#which.value;
    const isBefore = this.#which.value === this.#entry.request?.edit?.image;
    const fits = { crop: 'cover', pad: 'contain', stretch: 'fill' };
    this.#original.style.objectFit = isBefore ? 'contain' : fits[this.#entry.request?.fit] ?? 'cover';
    this.#original.style.clipPath = isSlider ? `inset(0 ${100 - this.#reveal.value}% 0 0)` : '';
    this.#frame.style.setProperty('--reveal', `${this.#reveal.value}%`);
    this.#frame.classList.toggle('sliding', isSlider);
  }

  #showMade(image) {
    this.#made.hidden = !image?.parameters;
    if (!image?.parameters) return;
    const { settings = {}, model, size, controls = [] } = image.parameters;
    const rows = [
      ['model', model], ['size', size ?? `${image.width}x${image.height}`], ['seed', image.seed], ['number', image.number],
      ...controls.map((control) => ['control', `${control.adapter}${control.reading ? `: ${control.reading}` : ''}`]),
      ...Object.entries(settings),
    ];
    this.#made.querySelector('dl').replaceChildren(...rows
      .filter(([, value]) => value !== null && value !== undefined)
      .flatMap(([name, value]) => [
        element('dt', {}, name.replaceAll('_', ' ')),
        element('dd', {}, typeof value === 'object' ? JSON.stringify(value) : String(value)),
      ]));
  }
}
