// @ts-check
/*
 * Nothing may move under the mouse: a button that slides away between a press and its release is
 * never clicked. So what changes the page by itself (an answer, a timer, a box that is left) waits
 * while the mouse or a finger is down.
 */

/** The click of a finger comes a moment after it is lifted. */
const CLICK_MS = 50;

let isDown = false;
/** @type {(() => void)[]} */
let waiting = [];

/**
 * Runs something now; while the mouse or a finger is down, behind the click.
 * @param {() => void} run
 */
export function whenReleased(run) {
  if (isDown) waiting.push(run);
  else run();
}

function pressed() {
  isDown = true;
}

function released() {
  setTimeout(() => {
    isDown = false;
    const runs = waiting;
    waiting = [];
    for (const run of runs) run();
  }, CLICK_MS);
}

// Capturing: it runs before the listeners that act on the press, and if one stops the event.
addEventListener('pointerdown', pressed, { capture: true });
addEventListener('pointerup', released, { capture: true });
addEventListener('pointercancel', released, { capture: true });
// The window's own: another one has come before it, and will get the release.
addEventListener('blur', released);
