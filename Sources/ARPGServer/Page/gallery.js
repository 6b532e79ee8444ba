import { element, iconButton } from './dom.js';
import { cancel, imageFile } from './jobs.js';
import { decode } from './pictures.js';
import { storeJobs } from './session.js';

/** What can be done with an image: name, symbol, label. */
export const actions = [
  ['again', 'again', 'Again with this seed', 'The present controls and settings, with the seed of this image'],
  ['vary', 'vary', 'Vary', 'What this image was made with, with a new seed'],
  ['edit', 'edit', 'Edit', 'Paint over a part and decode it anew'],
  ['compare', 'compare', 'Compare', 'Beside the control that it was made from'],
  ['download', 'download', 'Download', 'The file, with what it was made with'],
];

/**
 * The images of this tab, newest first. An entry is one image of a job: `{ job, index, request, image, blob, url, preview,
 * progress }`. Events: `select`, `change` (an entry), `action` (a name and an entry), as `detail`.
 */
export class Gallery extends EventTarget {
  #place = document.querySelector('#gallery');
  #entries = [];
  #jobs = [];
  #selected = null;

  constructor() {
    super();
    this.#showEmpty();
  }

  get selected() { return this.#selected; }

  /** Adds the images of a job, made or still to be made. */
  add(job, request) {
    this.#jobs.push({ id: job.id, request });
    storeJobs(this.#jobs);
    const entries = Array.from({ length: job.count || 1 }, (_, index) => ({
      job: job.id, index, request, seed: job.seed, image: null, blob: null, url: null, preview: null, progress: 0,
    }));
    for (const entry of entries) entry.figure = this.#makeFigure(entry);
    this.#entries.unshift(...entries);
    this.#place.querySelector('.empty')?.remove();
    this.#place.prepend(...entries.map((entry) => entry.figure));
    this.select(entries[0]);
  }

  /** Hears an event of a job. */
  hear(id, name, data) {
    if (name === 'preview') this.#update(id, data.index, { preview: data.image, progress: data.progress });
    if (name === 'image') this.#take(id, data);
  }

  /** Takes an ended job: its images are fetched; what was not made goes. */
  async end(job) {
    await Promise.all((job.images ?? []).map((image) => this.#take(job.id, image)));
    for (const entry of this.#of(job.id)) if (!entry.blob) this.#drop(entry);
  }

  /** Forgets a job whose images will not come. */
  forget(id) {
    for (const entry of this.#of(id)) if (!entry.blob) this.#drop(entry);
  }

  select(entry) {
    this.#selected = entry;
    for (const each of this.#entries) each.figure.classList.toggle('selected', each === entry);
    this.#tell('select', entry);
  }

  #of(id) { return this.#entries.filter((entry) => entry.job === id); }

  #tell(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail })); }

  async #take(id, image) {
    const entry = this.#of(id).find(({ index }) => index === image.index);
    if (!entry || entry.image) return;
    entry.image = image;
    try {
      const blob = await imageFile(image);
      const url = URL.createObjectURL(blob);
      await decode(url, 'The image');
      this.#update(id, image.index, { blob, url, progress: 1 });
    } catch (error) {
      entry.image = null;
      throw error;
    }
  }

  #update(id, index, values) {
    const entry = this.#of(id).find((each) => each.index === index);
    if (!entry || (entry.url && !values.url)) return;
    Object.assign(entry, values);
    const image = entry.figure.querySelector('img');
    image.src = entry.url ?? entry.preview;
    image.alt = title(entry);
    entry.figure.dataset.state = entry.url ? 'finished' : 'running';
    entry.figure.querySelector('figcaption').textContent = title(entry);
    for (const button of entry.figure.querySelectorAll('[data-action]')) button.disabled = !entry.url;
    this.#tell('change', entry);
  }

  #makeFigure(entry) {
    const choose = element('button', {
      type: 'button', className: 'thumb', aria: { label: 'Show this image' }, on: { click: () => this.select(entry) },
    }, element('img', { alt: '' }));
    return element('figure', { data: { job: entry.job, index: entry.index, state: 'queued' } },
      choose,
      element('figcaption', {}, title(entry)),
      element('div', { className: 'actions' },
        actions.map(([name, symbol, label, help]) => iconButton(symbol, label, () => this.act(name, entry), {
          title: `${label}: ${help[0].toLowerCase()}${help.slice(1)}`, data: { action: name }, disabled: true,
        })),
        iconButton('remove', 'Remove from the gallery', () => this.act('remove', entry), {
          data: { action: 'remove' }, disabled: true,
        })));
  }

  /** Does what is asked of an image. */
  act(name, entry) {
    if (name === 'remove') this.#remove(entry);
    else this.#tell('action', { name, entry });
  }

  #remove(entry) {
    const next = this.#entries[this.#entries.indexOf(entry) + 1];
    this.#drop(entry);
    if (this.#of(entry.job).length === 0) cancel(entry.job).catch(() => { /* The server has forgotten it already. */ });
    (next ?? this.#entries.at(-1))?.figure.querySelector('.thumb').focus();
  }

  #drop(entry) {
    this.#entries = this.#entries.filter((each) => each !== entry);
    entry.figure.remove();
    if (entry.url) URL.revokeObjectURL(entry.url);
    if (this.#of(entry.job).length === 0) {
      this.#jobs = this.#jobs.filter(({ id }) => id !== entry.job);
      storeJobs(this.#jobs);
    }
    if (this.#selected === entry) this.select(this.#entries.find((each) => each.url) ?? null);
    this.#showEmpty();
  }

  #showEmpty() {
    if (this.#entries.length) return;
    this.#place.replaceChildren(element('p', { className: 'empty hint' }, 'Images that you make are kept here until the tab is closed.'));
  }
}

/** What an image is, in a few words. */
export function title({ request, image, seed }) {
  const controls = request?.controls ?? image?.parameters?.controls ?? [];
  const names = controls.map((control) => control.text ?? control.adapter);
  const number = image?.number ? ` no. ${image.number}` : '';
  const what = `${request?.edit ? 'edit: ' : ''}${names.join(', ') || 'no control'}`;
  return `${what} · seed ${image?.seed ?? seed ?? '?'}${number}`;
}
