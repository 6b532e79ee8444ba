import { element, iconButton } from './dom.js';
import { cancel, imageFile } from './jobs.js';
import { decode } from './pictures.js';
import { storedJobs, storeJobs } from './session.js';

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
  #jobs = storedJobs();
  #selected = null;

  constructor() {
    super();
    this.#showEmpty();
  }

  get selected() { return this.#selected; }
  /** The jobs of this tab, oldest first: `{ id, request }`. */
  get jobs() { return [...this.#jobs]; }

  /** Adds the images of a job, made or still to be made. */
  add(job, request) {
    if (!this.#jobs.some(({ id }) => id === job.id)) {
      this.#jobs.push({ id: job.id, request });
      storeJobs(this.#jobs);
    }
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
    // What cannot be fetched now is tried again at the end.
    if (name === 'image') this.#take(id, data).catch(() => {});
  }

  /** Takes an ended job: its images are fetched; what was not made goes. */
  async end(job) {
    const taken = await Promise.allSettled((job.images ?? []).map((image) => this.#take(job.id, image)));
    this.forget(job.id);
    const failed = taken.find(({ status }) => status === 'rejected');
    if (failed && job.state === 'finished') throw failed.reason;
  }

  /** Forgets a job whose images will not come. */
  forget(id) {
    for (const entry of this.#of(id)) if (!entry.blob) this.#drop(entry);
    this.#tidy(id);
  }

  select(entry) {
    this.#selected = entry;
    for (const each of this.#entries) each.figure.classList.toggle('selected', each === entry);
    this.#tell('select', entry);
  }

  #of(id) { return this.#entries.filter((entry) => entry.job === id); }

  #tell(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail })); }

  /** Fetches an image once, however often it is told of. */
  async #take(id, image) {
    const entry = this.#of(id).find(({ index }) => index === image.index);
    if (!entry) return;
    entry.fetched ??= this.#fetch(entry, image);
    try {
      await entry.fetched;
    } catch (error) {
      entry.fetched = null;
      throw error;
    }
  }

  async #fetch(entry, image) {
    const blob = await imageFile(image);
    const url = URL.createObjectURL(blob);
    await decode(url, 'The image');
    this.#update(entry.job, image.index, { image, blob, url, progress: 1 });
  }

  #update(id, index, values) {
    const entry = this.#of(id).find((each) => each.index === index);
    if (!entry || (entry.url && !values.url)) return;
    Object.assign(entry, values);
    const image = entry.figure.querySelector('img');
    image.src = entry.url ?? entry.preview;
    entry.figure.dataset.state = entry.url ? 'finished' : 'running';
    entry.figure.querySelector('.thumb').setAttribute('aria-label', `Show ${title(entry)}`);
    const caption = entry.figure.querySelector('figcaption');
    caption.textContent = caption.title = title(entry);
    for (const button of entry.figure.querySelectorAll('[data-action]')) {
      button.disabled = !canDo(button.dataset.action, entry);
    }
    this.#tell('change', entry);
  }

  #makeFigure(entry) {
    const choose = element('button', {
      type: 'button', className: 'thumb', aria: { label: `Show ${title(entry)}` }, on: { click: () => this.select(entry) },
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
    this.#tidy(entry.job);
    if (this.#selected === entry) this.select(this.#entries.find((each) => each.url) ?? null);
    this.#showEmpty();
  }

  /** Keeps no job that has no image. */
  #tidy(job) {
    if (this.#of(job).length) return;
    this.#jobs = this.#jobs.filter(({ id }) => id !== job);
    storeJobs(this.#jobs);
  }

  #showEmpty() {
    if (this.#entries.length) return;
    const hint = 'Images that you make are kept here until the tab is closed.';
    this.#place.replaceChildren(element('p', { className: 'empty hint' }, hint));
  }
}

/** The pictures that an image was made from: `{ name, url }`. */
export function sources({ request }) {
  const before = request?.edit ? [{ name: 'before the edit', url: request.edit.image }] : [];
  const controls = (request?.controls ?? []).filter((control) => control.image);
  return [...before, ...controls.map(({ adapter, image }) => ({ name: adapter, url: image }))];
}

/** Whether an action makes sense for an image as it is. */
export function canDo(action, entry) {
  return Boolean(entry?.url) && (action !== 'compare' || sources(entry).length > 0);
}

/** What an image is, in a few words. */
export function title({ request, image, seed }) {
  const controls = request?.controls ?? image?.parameters?.controls ?? [];
  const names = controls.map((control) => control.text ?? control.adapter);
  const number = image?.number ? ` no. ${image.number}` : '';
  const what = `${request?.edit ? 'edit: ' : ''}${names.join(', ') || 'no control'}`;
  return `${what} · seed ${image?.seed ?? seed ?? '?'}${number}`;
}
