// @ts-check
/*
 * Four ways to get an answer out of a function that asks the server: one that cannot work, one that
 * should not, and two that do. The lesson shows these functions as they stand, and runs them.
 */

const url = '/01-server?name=Ada';

/** @param {XMLHttpRequest} xhr */
export function askAndReturn(xhr) {
  xhr.open('get', url, true);
  // @ts-expect-error: the checker objects
  xhr.onreadystatechange = () => {
    if (xhr.readyState === 4) {
      return xhr.responseText;
    }
  };
  xhr.send(null);
}

/** @param {XMLHttpRequest} xhr */
export function askAndWait(xhr) {
  xhr.open('get', url, false);
  xhr.send(null);
  return xhr.responseText;
}

/** @param {XMLHttpRequest} xhr @param {(answer: string) => void} done */
export function askAndCall(xhr, done) {
  xhr.open('get', url, true);
  xhr.onreadystatechange = () => {
    if (xhr.readyState === 4) {
      done(xhr.responseText);
    }
  };
  xhr.send(null);
}

export async function askAndAwait() {
  const response = await fetch(url);
  return response.text();
}
