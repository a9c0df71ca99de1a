// @ts-check
/*
 * The name check in two ways, as short as they may be and still be right: encoded, with a limit to
 * the waiting, with a branch for every end, to be given up. Each is handed what sends, so that the
 * lesson can follow it.
 */

/**
 * @param {XMLHttpRequest} xhr
 * @param {string} name
 * @param {(result: string) => void} done
 */
export function checkByXhr(xhr, name, done) {
  xhr.open('get', `/check-uname?uname=${encodeURIComponent(name)}`, true);
  xhr.timeout = 5000;
  xhr.onload = () => {
    if (xhr.status !== 200) return done(`status ${xhr.status}`);
    const { exists } = JSON.parse(xhr.responseText);
    done(exists ? 'taken' : 'free');
  };
  xhr.onerror = () => done('no answer');
  xhr.ontimeout = () => done('too slow');
  xhr.onabort = () => done('given up');
  xhr.send(null);
  return () => xhr.abort();
}

/**
 * @param {(url: string, init?: RequestInit) => Promise<Response>} fetch
 * @param {string} name
 * @param {AbortSignal} giveUp
 */
export async function checkByFetch(fetch, name, giveUp) {
  const url = `/check-uname?uname=${encodeURIComponent(name)}`;
  const signal = AbortSignal.any([giveUp, AbortSignal.timeout(5000)]);
  try {
    const response = await fetch(url, { signal });
    if (!response.ok) return `status ${response.status}`;
    const { exists } = await response.json();
    return exists ? 'taken' : 'free';
  } catch {
    if (giveUp.aborted) return 'given up';
    return signal.aborted ? 'too slow' : 'no answer';
  }
}
