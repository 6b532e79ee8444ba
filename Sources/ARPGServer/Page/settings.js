import { choice, element, field, iconButton, icon } from './dom.js';

const guidanceSchedules = ['constant', 'linear', 'cosine', 'power-cosine'];

/** Seed, number of images, and how they are decoded. What is left empty is the model's. */
export class Settings {
  #model = null;
  #isSpatial = true;
  #isLocked = false;
  #fields = {};
  #seed = element('input', { id: 'seed', type: 'text', inputMode: 'numeric', pattern: '[0-9]{1,20}', autocomplete: 'off' });
  #count = element('input', { id: 'count', type: 'number', min: 1, value: 1 });
  #lock = iconButton('unlock', '', () => this.#setLocked(!this.#isLocked), { id: 'lock' });

  constructor({ changed }) {
    this.changed = changed;
    this.roll();
    this.#seed.addEventListener('input', () => {
      this.#fields.number.value = '';
      this.#setLocked(true);
    });
    const number = (id, properties) => element('input', { id, type: 'number', ...properties });
    this.#fields = {
      steps: number('steps', { min: 1, max: 4096, step: 1 }),
      guidance: number('guidance', { min: 0, step: 0.25 }),
      temperature: number('temperature', { min: 0.01, step: 0.05 }),
      top_p: number('top-p', { min: 0, max: 1, step: 0.05 }),
      top_k: number('top-k', { min: 0, step: 1 }),
      schedule: choice([''], { id: 'schedule' }),
      guidance_schedule: choice([''], { id: 'guidance-schedule' }),
      order: choice([''], { id: 'order' }),
      size: element('input', { id: 'size', type: 'text', pattern: '[0-9]+(x[0-9]+)?' }),
      fit: choice([['crop', 'cropped'], ['pad', 'padded'], ['stretch', 'stretched']], { id: 'fit' }),
      number: number('number', { min: 0, step: 1, placeholder: 0 }),
    };
    for (const input of Object.values(this.#fields)) input.addEventListener('input', () => changed());
    document.querySelector('#seed-row').append(this.#seedRow());
    document.querySelector('#settings').append(this.#sheet());
    this.#setLocked(false);
  }

  /** Takes a model: its defaults and what it can do. */
  setModel(model) {
    this.#model = model;
    const { schedules = [], orders = [], guidance_schedules: curves = guidanceSchedules } = model;
    for (const [name, values] of Object.entries({ schedule: schedules, order: orders, guidance_schedule: curves })) {
      const select = this.#fields[name];
      const chosen = select.value;
      select.replaceChildren(...['', ...values].map((value) => element('option', { value }, value)));
      select.value = values.includes(chosen) ? chosen : '';
    }
    const { width, height } = model;
    const shapes = [[1, 1], [1.5, 1], [1, 1.5], [2, 2]];
    document.querySelector('#sizes').replaceChildren(...shapes.map(([across, down]) => element('option', {
      value: `${Math.round(width * across)}x${Math.round(height * down)}`,
    })));
    this.showDefaults(this.#isSpatial);
  }

  /** Shows the model's values in the empty fields: those with or without a control that says what is where. */
  showDefaults(isSpatial) {
    this.#isSpatial = isSpatial;
    for (const [name, value] of Object.entries(this.defaults)) {
      const input = this.#fields[name];
      if (!input) continue;
      if (input.tagName === 'SELECT') input.options[0].textContent = `(${value})`;
      else input.placeholder = value;
    }
    this.#fields.size.placeholder = `${this.#model.width}x${this.#model.height}`;
  }

  get defaults() {
    const { sampling = {}, sampling_without_controls: without = {} } = this.#model ?? {};
    const order = this.#model?.orders?.[0] ?? 'random';
    return { guidance_schedule: 'constant', order, ...sampling, ...(this.#isSpatial ? {} : without) };
  }

  /** The size asked for; null for the model's. */
  get size() {
    const text = this.#fields.size.value.trim();
    return text === '' || !this.#fields.size.checkValidity() ? null : text;
  }

  /** Width and height of the images. */
  get imageSize() {
    const [width, height = width] = (this.size ?? '').split('x').map(Number);
    return width > 0 && height > 0 ? { width, height } : { width: this.#model?.width ?? 1, height: this.#model?.height ?? 1 };
  }

  get fit() { return this.#fields.fit.value; }

  /** Draws a new seed unless it is locked. */
  renew() { if (!this.#isLocked) this.roll(); }

  roll() {
    this.#seed.value = String(crypto.getRandomValues(new Uint32Array(1))[0]);
    if (this.#fields.number) this.#fields.number.value = '';
  }

  /** Sets and locks a seed, and the number of an image among those of it. */
  setSeed(seed, number = 0) {
    this.#seed.value = String(seed);
    this.#fields.number.value = number || '';
    this.#count.value = 1;
    this.#setLocked(true);
  }

  /** What the server takes. Throws what a user must mend. */
  request() {
    const settings = {};
    for (const input of [this.#seed, this.#count, ...Object.values(this.#fields)]) {
      if (input.checkValidity()) continue;
      document.querySelector('#settings').open = true;
      input.focus();
      const name = input.closest('label')?.firstChild.textContent ?? 'A setting';
      throw new Error(`${name}: ${input.validationMessage}`);
    }
    for (const name of ['steps', 'guidance', 'temperature', 'top_k', 'top_p']) {
      if (this.#fields[name].value !== '') settings[name] = Number(this.#fields[name].value);
    }
    for (const name of ['schedule', 'guidance_schedule', 'order']) {
      if (this.#fields[name].value !== '') settings[name] = this.#fields[name].value;
    }
    return {
      model: this.#model.name, count: Number(this.#count.value) || 1, seed: this.#seed.value.trim() || null,
      number: Number(this.#fields.number.value) || 0, size: this.size, fit: this.fit, settings,
    };
  }

  /** Takes the settings that an image was made with; those that are the model's own leave their fields empty. */
  restore({ seed, number, size, settings = {} }, isSpatial) {
    this.showDefaults(isSpatial);
    const { defaults } = this;
    for (const name of ['steps', 'guidance', 'temperature', 'top_k', 'top_p', 'schedule', 'guidance_schedule', 'order']) {
      const value = settings[name];
      this.#fields[name].value = value === undefined || value === defaults[name] ? '' : String(value);
    }
    this.#fields.size.value = !size || size === `${this.#model.width}x${this.#model.height}` ? '' : size;
    if (seed !== undefined && seed !== null) this.setSeed(seed, number ?? 0);
    this.changed();
  }

  #setLocked(isLocked) {
    this.#isLocked = isLocked;
    const label = isLocked ? 'Seed is kept; press to draw a new one each time' : 'A new seed each time; press to keep it';
    this.#lock.replaceChildren(icon(isLocked ? 'lock' : 'unlock'));
    this.#lock.title = label;
    this.#lock.setAttribute('aria-label', 'Keep the seed');
    this.#lock.setAttribute('aria-pressed', isLocked);
  }

  #seedRow() {
    const dice = iconButton('dice', 'Draw a new seed', () => this.roll(), { id: 'dice' });
    return element('div', { className: 'row end' },
      field('Seed', this.#seed, { className: 'field grow' }), dice, this.#lock,
      field('Images', this.#count, { className: 'field narrow' }));
  }

  #sheet() {
    const of = this.#fields;
    of.size.setAttribute('list', 'sizes');
    const clear = element('button', {
      type: 'button', className: 'quiet',
      on: {
        click: () => {
          for (const input of Object.values(of)) input.value = input === of.fit ? 'crop' : '';
          this.changed();
        },
      },
    }, "All the model's");
    return element('div', {},
      element('div', { className: 'fields' },
        field('Steps', of.steps, { title: 'More are finer and slower' }),
        field('Guidance', of.guidance, { title: 'How closely images follow the controls; 1 is none' }),
        field('Temperature', of.temperature, { title: 'Lower is safer, higher more varied' }),
        field('Top-p', of.top_p, { title: 'Draw from the likeliest codes that together exceed it; 1 is all' }),
        field('Top-k', of.top_k, { title: 'Draw from as many of the likeliest codes; 0 is all' }),
        field('Image number', of.number, { title: 'Which of the images of a seed comes first; counted from 0' }),
        field('Schedule', of.schedule), field('Guidance over time', of.guidance_schedule), field('Order', of.order),
        field('Size', of.size, { title: 'Width x height in pixels' }), field('Inputs are', of.fit)),
      element('datalist', { id: 'sizes' }),
      element('div', { className: 'row' }, clear));
  }
}
