// @ts-check
/*
 * Seven scripts, each with one fault, for the lesson on finding faults. They are shown as they
 * stand here, and run. Each is handed the object, and `show`, which puts a text on the page.
 */

/** @typedef {(text: string) => void} Show */

const url = '/01-server?name=Ada';

/** @param {XMLHttpRequest} xhr @param {Show} show */
function wrongAddress(xhr, show) {
  xhr.open('get', '/01-sever?name=Ada', true);
  xhr.onreadystatechange = () => {
    if (xhr.readyState !== 4) return;
    if (xhr.status !== 200) return;
    show(xhr.responseText);
  };
  xhr.send(null);
}

/** @param {XMLHttpRequest} xhr @param {Show} show */
function brokenServer(xhr, show) {
  xhr.open('get', '/lab/status/500', true);
  xhr.onreadystatechange = () => {
    if (xhr.readyState !== 4) return;
    if (xhr.status !== 200) return;
    show(xhr.responseText);
  };
  xhr.send(null);
}

/** @param {XMLHttpRequest} xhr @param {Show} show */
function neverSent(xhr, show) {
  xhr.open('get', url, true);
  xhr.onreadystatechange = () => {
    if (xhr.readyState !== 4) return;
    if (xhr.status !== 200) return;
    show(xhr.responseText);
  };
}

/** @param {XMLHttpRequest} xhr @param {Show} show */
function misspelt(xhr, show) {
  xhr.open('get', url, true);
  // @ts-expect-error: a checker would see it
  xhr.onreadystatechage = () => {
    if (xhr.readyState !== 4) return;
    if (xhr.status !== 200) return;
    show(xhr.responseText);
  };
  xhr.send(null);
}

/** @param {XMLHttpRequest} xhr @param {Show} show */
function tooSoon(xhr, show) {
  xhr.open('get', '/lab/drip?chunks=3&ms=150', true);
  xhr.onreadystatechange = () => {
    if (xhr.status !== 200) return;
    show(xhr.responseText);
  };
  xhr.send(null);
}

/** @param {XMLHttpRequest} xhr @param {Show} show */
function tooSlow(xhr, show) {
  xhr.open('get', '/lab/slow?ms=3000', true);
  xhr.timeout = 500;
  xhr.onreadystatechange = () => {
    if (xhr.readyState !== 4) return;
    if (xhr.status !== 200) return;
    show(xhr.responseText);
  };
  xhr.send(null);
}

/** @param {XMLHttpRequest} xhr @param {Show} show */
function cutOff(xhr, show) {
  xhr.open('get', '/lab/cut', true);
  xhr.onreadystatechange = () => {
    if (xhr.readyState !== 4) return;
    if (xhr.status !== 200) return;
    show(xhr.responseText);
  };
  xhr.send(null);
}

/** By the names that the page uses. */
export const FAULTY = {
  'not-found': wrongAddress,
  'server-error': brokenServer,
  'no-send': neverSent,
  misspelt,
  'no-state': tooSoon,
  timeout: tooSlow,
  unreachable: cutOff,
};
