const base = 'api/v1/';
const keyName = 'arpg.key';
let key = sessionStorage.getItem(keyName);
let question = null;
let askForKey = async () => null;

/** What the server, or the way to it, says is wrong. `status` is 0 where no answer came. */
export class Problem extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/** Sets what asks the user for an API key: a function of whether a key was refused, to a key or null. */
export function setKeyQuestion(ask) {
  askForKey = ask;
}

/**
 * Sends a request and gives the response, once it is a good one. Asks for a key where one is needed, waits and tries
 * again where the server is busy, and throws a Problem for all else.
 */
export async function send(path, { method = 'GET', json, body, signal, waiting } = {}) {
  for (;;) {
    const headers = {};
    const usedKey = key;
    if (json !== undefined) headers['Content-Type'] = 'application/json';
    if (usedKey) headers.Authorization = `Bearer ${usedKey}`;
    let response;
    try {
      response = await fetch(base + path, {
        method, headers, signal, body: json === undefined ? body : toJSON(json),
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new Problem('The server cannot be reached. Check that it runs, and try again.', 0);
    }
    if (response.ok) return response;
    if (response.status === 401) {
      await newKey(usedKey);
    } else if (response.status === 429) {
      const seconds = Math.min(Math.max(Number(response.headers.get('Retry-After')) || 2, 1), 300);
      for (let left = Math.ceil(seconds); left > 0; left -= 1) {
        waiting?.(left);
        await pause(1000, signal);
      }
    } else {
      throw await problem(response);
    }
  }
}

/** The JSON of a good response. */
export async function get(path, options) {
  return fromJSON(await (await send(path, options)).text());
}

/** Waits; throws where the signal is aborted. */
export function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/** A path of the interface, from one that the server wrote. */
export function pathOf(url) {
  return url.replace(/^.*\/api\/v1\//, '');
}

async function newKey(refused) {
  if (key !== refused) return;
  question ??= askForKey(Boolean(refused)).finally(() => { question = null; });
  const answer = await question;
  if (!answer) throw new Problem('This server needs an API key. Try again and give one.', 401);
  key = answer;
  sessionStorage.setItem(keyName, key);
}

async function problem(response) {
  let detail = '';
  try {
    const { detail: sentence, title } = JSON.parse(await response.text());
    detail = sentence || title;
  } catch { /* No JSON: the status says enough. */ }
  return new Problem(detail || `The server answered with status ${response.status}.`, response.status);
}

// Seeds go up to 2^64 - 1, which a number of JavaScript does not hold: long ones are texts here, and numbers on the way.
const longSeed = /("seed"\s*:\s*)(\d{16,})/g;

/** JSON whose long seeds become texts. */
export function fromJSON(text) {
  return JSON.parse(text.replace(longSeed, '$1"$2"'));
}

function toJSON(value) {
  return JSON.stringify(value).replace(/("seed":)"(\d+)"/g, '$1$2');
}
