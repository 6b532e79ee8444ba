import { choice, element } from './dom.js';
import { Layer } from './layer.js';

/** The controls of the next image, as a list of layers. */
export class Layers {
  #place = document.querySelector('#layers');
  #list = element('div', { className: 'stack' });
  #add = element('div', { className: 'row' });
  #layers = [];
  #adapters = [];

  /** `page` is what a layer is told (see Layer), without `remove` and `pickerID`. */
  constructor(page) {
    this.page = {
      ...page,
      remove: (layer) => this.#remove(layer),
      pickerID: () => (document.querySelector('#class-picker') ? undefined : 'class-picker'),
    };
    this.#place.append(this.#list, this.#add);
  }

  get hasSpatial() { return this.#layers.some((layer) => layer.isOn && layer.isSpatial && !layer.isEmpty); }
  get sheets() { return this.#layers.flatMap((layer) => layer.sheets); }
  get drawings() { return this.#layers.map((layer) => layer.drawing).filter(Boolean); }

  /** Takes the adapters of a model. Begins with a sketch and a class, where there are such; what is drawn stays. */
  setAdapters(adapters) {
    const before = new Map(this.#layers.map((layer) => [layer.descriptor.name, layer.drawing]));
    this.#adapters = adapters;
    this.#layers = [];
    this.#list.replaceChildren();
    const sketch = adapters.find((adapter) => adapter.input === 'image');
    const names = adapters.find((adapter) => adapter.input_values === 'class-names');
    for (const adapter of [names, sketch]) if (adapter) this.#insert(adapter, before.get(adapter.name));
    const known = adapters.map(({ name, summary }) => [name, `${name}: ${summary}`]);
    const select = choice([['', 'Add a control…'], ...known], {
      id: 'add-layer', aria: { label: 'Add a control' },
      on: {
        change: () => {
          const adapter = adapters.find(({ name }) => name === select.value);
          select.value = '';
          if (!adapter) return;
          const layer = this.#insert(adapter);
          this.page.changed({ sheets: true });
          if (layer.drawing) this.page.draw(layer.id, { isQuiet: true });
          layer.element.querySelector('details').open = true;
          layer.element.querySelector('input, button').focus();
        },
      },
    });
    this.#add.replaceChildren(select);
    this.page.changed({ sheets: true });
  }

  /** The controls as the server takes them. */
  async request() {
    const controls = await Promise.all(this.#layers.map((layer) => layer.request()));
    return controls.filter(Boolean);
  }

  /** What is on and yet has no input; no class is a choice too. */
  get empty() {
    return this.#layers.filter((layer) => layer.isOn && layer.isEmpty && !layer.hasNames).map((layer) => layer.label);
  }

  /** Takes the controls of a request, or those that an image tells of; other layers are switched off. */
  async restore(controls) {
    const free = [...this.#layers];
    for (const layer of free) layer.isOn = false;
    const unknown = [];
    for (const control of controls) {
      const adapter = this.#adapters.find(({ name }) => name === control.adapter);
      if (!adapter) {
        unknown.push(control.adapter);
        continue;
      }
      const place = free.findIndex((layer) => layer.descriptor.name === adapter.name);
      const layer = place < 0 ? this.#insert(adapter) : free.splice(place, 1)[0];
      await layer.restore(control);
    }
    this.page.changed({ sheets: true });
    return unknown;
  }

  #insert(adapter, drawing) {
    const layer = new Layer(adapter, this.page, drawing);
    this.#layers.push(layer);
    this.#list.append(layer.element);
    this.#nameAll();
    return layer;
  }

  #remove(layer) {
    const place = this.#layers.indexOf(layer);
    this.#layers.splice(place, 1);
    layer.element.remove();
    this.#nameAll();
    this.page.changed({ sheets: true });
    (this.#list.children[Math.min(place, this.#layers.length - 1)] ?? this.#add).querySelector('input, select').focus();
  }

  /** Layers of one adapter are numbered. */
  #nameAll() {
    for (const layer of this.#layers) {
      const same = this.#layers.filter((other) => other.descriptor.name === layer.descriptor.name);
      layer.label = same.length > 1 ? `${layer.descriptor.name} ${same.indexOf(layer) + 1}` : layer.descriptor.name;
    }
  }
}
