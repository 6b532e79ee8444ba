const name = 'arpg.jobs';

/** The jobs of this tab, newest last: `{ id, request }`; what was asked for is missing where it was too much to keep. */
export function storedJobs() {
  try {
    const jobs = JSON.parse(sessionStorage.getItem(name) ?? '[]');
    return Array.isArray(jobs) ? jobs : [];
  } catch {
    return [];
  }
}

/** Keeps jobs. Where the browser has no room, the requests of the oldest are given up first. */
export function storeJobs(jobs) {
  const kept = jobs.map(({ id, request }) => ({ id, request }));
  for (let index = 0; index <= kept.length; index += 1) {
    try {
      sessionStorage.setItem(name, JSON.stringify(kept));
      return;
    } catch {
      if (index < kept.length) delete kept[index].request;
    }
  }
}
