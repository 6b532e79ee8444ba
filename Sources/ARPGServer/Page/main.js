import { get, send, setKeyQuestion, fromJSON } from './api.js';
import { choice, icon } from './dom.js';
import { Edit } from './edit.js';
import { Gallery } from './gallery.js';
import { cancel, follow, hasEnded, start } from './jobs.js';
import { askForKey } from './keydialog.js';
import { Layers } from './layers.js';
import { takeDrops } from './pictures.js';
import { Settings } from './settings.js';
import { Stage } from './stage.js';
import { nextTheme, theme } from './theme.js';
import { Viewer } from './viewer.js';

const find = (selector) => document.querySelector(selector);
let models = [];
let model = null;
let sending = null;
/** Why the request has not been taken yet. */
let busy = '';
/** The jobs that have not ended, newest last. */
const active = [];

function say(text) {
  if (find('#status').textContent !== text) find('#status').textContent = text;
}

function fail(text) {
  find('#error').textContent = text;
  find('#error').hidden = !text;
}

const edit = new Edit({ changed: () => showSheets() });
const gallery = new Gallery();
const viewer = new Viewer({ act: (name, entry) => gallery.act(name, entry) });
const stage = new Stage({ fail });
const settings = new Settings({ changed: () => layersChanged({}) });
const layers = new Layers({
  model: () => model,
  size: () => settings.imageSize,
  requestedSize: () => settings.size,
  fit: () => settings.fit,
  shownImage: () => viewer.image,
  changed: (what = {}) => layersChanged(what),
  draw: (id, { isQuiet = false } = {}) => {
    showSheets();
    stage.select(id);
    if (isQuiet) return;
    find('#stage').scrollIntoView({ block: 'nearest' });
    stage.focus();
  },
  fail,
});

function layersChanged({ sheets = false }) {
  if (!model) return;
  settings.showDefaults(layers.hasSpatial);
  for (const drawing of layers.drawings) drawing.fit = settings.fit;
  if (sheets) showSheets();
  else stage.resize();
}

function showSheets() {
  stage.setSheets([...edit.sheets, ...layers.sheets]);
  find('#generate').textContent = edit.isOpen ? 'Decode the painted part' : 'Generate';
}

/** What is asked for now. */
async function compose() {
  const request = settings.request();
  request.controls = await layers.request();
  if (edit.isOpen) {
    request.edit = edit.request();
    request.size = null;
  }
  return request;
}

/** Puts what `make` gives in the queue and follows it. */
async function generate(make) {
  if (sending || !model) return;
  sending = new AbortController();
  fail('');
  showActive();
  try {
    const request = await make();
    say('Sending…');
    const job = await start(request, {
      signal: sending.signal,
      waiting: (seconds) => {
        busy = `The server is busy. Trying again in ${seconds} s.`;
        say(busy);
      },
    });
    gallery.add(job, request);
    watch(job, layers.empty.length ? `Left out, as empty: ${layers.empty.join(', ')}. ` : '');
    const frame = find('#viewer').getBoundingClientRect();
    if (frame.top > innerHeight * 0.7) find('#viewer').scrollIntoView({ block: 'start', behavior: 'smooth' });
  } catch (error) {
    say('');
    if (error.name === 'AbortError') say('Cancelled.');
    else fail(error.message);
  } finally {
    sending = null;
    busy = '';
    showActive();
  }
}

/** Follows a job to its end. */
async function watch(job, note = '') {
  const state = { id: job.id, progress: job.progress ?? 0, text: `${note}${placeText(job)}` };
  active.push(state);
  showActive();
  try {
    const ended = await follow(job.id, (name, data) => {
      if (name === 'state') state.text = `${note}${placeText(data)}`;
      if (name === 'step' || name === 'preview') {
        state.text = `${note}Decoding…`;
        state.progress = data.progress ?? state.progress;
      }
      if (name === 'lost') state.text = 'The connection was lost. Trying to take it up again…';
      gallery.hear(job.id, name, data);
      showActive();
    });
    await gallery.end(ended);
    if (ended.state === 'failed') fail(ended.error?.detail ?? 'The server could not make this image.');
    say(endText(ended));
  } catch (error) {
    gallery.forget(job.id);
    say('');
    fail(error.status === 404 ? 'The server no longer has this image.' : error.message);
  } finally {
    active.splice(active.indexOf(state), 1);
    showActive();
  }
}

function placeText({ state, position }) {
  if (state !== 'queued') return 'Decoding…';
  return position > 0 ? `Waiting: ${position} ${position === 1 ? 'image' : 'images'} before it.` : 'Waiting: next.';
}

function endText({ state, seconds, count, seed, notes }) {
  if (state === 'cancelled') return 'Cancelled.';
  if (state === 'failed') return '';
  const time = typeof seconds === 'number' ? ` in ${seconds.toFixed(seconds < 10 ? 1 : 0)} s` : '';
  const said = notes?.length ? ` ${notes.join('. ')}.` : '';
  return `${count > 1 ? `${count} images` : 'Image'} finished${time}, seed ${seed}.${said}`;
}

/** Shows the newest job that has not ended. */
function showActive() {
  const state = active.at(-1);
  find('#cancel').disabled = !state && !sending;
  find('#generate').disabled = !model || Boolean(sending);
  find('#progress').hidden = !state;
  if (!state) return;
  find('#progress').value = state.progress;
  say(busy || state.text);
}

async function cancelNewest() {
  if (sending) {
    sending.abort();
    return;
  }
  const state = active.at(-1);
  if (!state) return;
  try {
    await cancel(state.id);
  } catch (error) {
    if (error.status !== 404) fail(error.message);
  }
}

const acts = {
  again: ({ image }) => {
    settings.setSeed(image.seed, image.number);
    generate(compose);
  },
  vary: ({ request }) => {
    settings.roll();
    generate(async () => {
      const { seed, number } = settings.request();
      return { ...(request ?? await compose()), seed, number, count: 1 };
    });
  },
  edit: async ({ blob }) => {
    try {
      await edit.open(blob);
      stage.select('edit');
      find('#stage').scrollIntoView({ block: 'nearest' });
      stage.focus();
      say('Paint over the part to decode anew.');
    } catch (error) {
      fail(error.message);
    }
  },
  compare: (entry) => {
    gallery.select(entry);
    viewer.toggleCompare(entry);
  },
  download: (entry) => {
    const link = document.createElement('a');
    const kind = { 'image/jpeg': 'jpg', 'image/webp': 'webp' }[entry.blob.type] ?? 'png';
    link.href = entry.url;
    link.download = `arpg-${entry.image.seed}-${entry.image.number ?? entry.index}.${kind}`;
    link.click();
  },
  settings: ({ image, request }) => takeSettings({
    ...image.parameters, seed: image.seed, number: image.number, controls: request?.controls ?? image.parameters?.controls,
    size: request ? request.size : image.parameters?.size,
  }),
};

/** Takes controls, settings and seed that an image was made with. */
async function takeSettings(parameters) {
  fail('');
  try {
    const maker = models.find(({ name, title }) => [name, title].includes(parameters.model));
    if (maker && maker !== model) {
      find('#model').value = maker.name;
      await useModel(maker.name);
    }
    const unknown = await layers.restore(parameters.controls ?? []);
    settings.restore(parameters, layers.hasSpatial);
    find('#settings').open = true;
    if (unknown.length) fail(`This model has no ${unknown.join(', ')}; the rest is taken.`);
    say(`Settings taken, seed ${parameters.seed}.`);
  } catch (error) {
    fail(error.message);
  }
}

async function readSettings(file) {
  try {
    const answer = fromJSON(await (await send('settings', { method: 'POST', body: file })).text());
    await takeSettings(answer.parameters);
  } catch (error) {
    fail(error.message);
  }
}

async function useModel(name) {
  model = models.find((each) => each.name === name) ?? models[0];
  find('#model-summary').textContent = model.summary ?? '';
  find('#model-summary').title = model.limits ?? '';
  settings.setModel(model);
  const { adapters } = await get(`adapters?model=${encodeURIComponent(model.name)}`);
  layers.setAdapters(adapters);
  showActive();
}

/** Shows the images of this tab again, as far as the server has them. */
async function restoreGallery() {
  for (const { id, request } of gallery.jobs) {
    try {
      const job = await get(`generations/${encodeURIComponent(id)}`);
      if (!hasEnded(job) || job.images?.length) gallery.add(job, request);
      if (hasEnded(job)) await gallery.end(job);
      else watch(job);
    } catch (error) {
      if (error.status === 404) gallery.forget(id);
      else fail(error.message);
    }
  }
}

function showTheme() {
  const label = { auto: 'Colours: as the system', light: 'Colours: light', dark: 'Colours: dark' }[theme()];
  find('#theme').replaceChildren(icon(theme()));
  find('#theme').title = label;
  find('#theme').setAttribute('aria-label', label);
}

function listen() {
  find('#generate').addEventListener('click', () => {
    settings.renew();
    generate(compose);
  });
  find('#cancel').addEventListener('click', cancelNewest);
  find('#theme').addEventListener('click', () => {
    nextTheme();
    showTheme();
  });
  find('#model').addEventListener('change', () => useModel(find('#model').value).catch((error) => fail(error.message)));
  document.addEventListener('keydown', (event) => {
    if (find('#key-dialog').open) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      find('#generate').click();
    } else if (event.key === 'Escape' && !event.defaultPrevented && !find('#cancel').disabled) {
      cancelNewest();
    }
  });
  gallery.addEventListener('select', ({ detail }) => viewer.show(detail));
  gallery.addEventListener('change', ({ detail }) => { if (detail === gallery.selected) viewer.show(detail); });
  gallery.addEventListener('action', ({ detail: { name, entry } }) => acts[name](entry));
  find('#settings-file').addEventListener('change', ({ target }) => {
    if (target.files[0]) readSettings(target.files[0]);
    target.value = '';
  });
  takeDrops(find('#results'), readSettings);
  // A file dropped beside its place must not replace the page.
  for (const name of ['dragover', 'drop']) document.addEventListener(name, (event) => event.preventDefault());
}

async function begin() {
  setKeyQuestion(askForKey);
  showTheme();
  listen();
  try {
    ({ models } = await get('models'));
    if (models.length === 0) throw new Error('The server has no model. Start it with one.');
    const usual = models.find((each) => each.default) ?? models[0];
    find('#model').replaceChildren(...choice(models.map(({ name, title: shown }) => [name, shown ?? name])).children);
    find('#model').value = usual.name;
    find('#model-choice').hidden = models.length < 2;
    await useModel(usual.name);
    say('');
    await restoreGallery();
  } catch (error) {
    say('');
    fail(error.message);
  }
}

begin();
