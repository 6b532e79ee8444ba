import { get, pathOf, pause, send } from './api.js';
import { readEvents } from './events.js';

const previews = 4;

/** Puts a request in the queue: the job. */
export function start(request, options) {
  return get('generations', { method: 'POST', json: { ...request, wait: false }, ...options });
}

/** Cancels a job, or makes the server forget a finished one. */
export function cancel(id) {
  return get(`generations/${id}`, { method: 'DELETE' });
}

/** Whether nothing more will come of a job. */
export function hasEnded(job) {
  return ['finished', 'failed', 'cancelled'].includes(job.state);
}

/** The file of an image, with its metadata. */
export async function imageFile(image) {
  return (await send(pathOf(image.url))).blob();
}

/**
 * Hears of a job until it ends: `heard(name, data)` for each event. A lost connection is taken up again, which is told as
 * the event `lost`. Gives the ended job.
 */
export async function follow(id, heard) {
  let delay = 500;
  for (;;) {
    try {
      const response = await send(`generations/${id}/events?previews=${previews}`);
      for await (const { name, data } of readEvents(response.body)) {
        delay = 500;
        heard(name, data);
        if (name === 'end') return data;
      }
    } catch (error) {
      if (error.status >= 400 && error.status < 500) throw error;
    }
    heard('lost', {});
    await pause(delay);
    delay = Math.min(delay * 2, 8000);
    try {
      const job = await get(`generations/${id}`);
      if (hasEnded(job)) return job;
      heard('state', job);
    } catch (error) {
      if (error.status >= 400 && error.status < 500) throw error;
    }
  }
}
