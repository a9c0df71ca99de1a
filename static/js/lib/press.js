// @ts-check
/*
 * Defers what a box says when it is left until the click that has left it is over: a text that comes
 * between pointerdown and click may move the button away from under the pointer.
 */

/** The click of a finger comes a moment after it is lifted. */
const CLICK_MS = 50;

/** The latest pointerdown of each pointer that is down. @type {Map<number, PointerEvent>} */
const down = new Map();
/** @type {(() => void)[]} */
let deferred = [];

/**
 * Runs something now; while a pointer is down, behind its click.
 * @param {() => void} run
 */
export function afterPointerUp(run) {
  deferred.push(run);
  flush();
}

function flush() {
  if (down.size > 0) return;
  const runs = deferred;
  deferred = [];
  for (const run of runs) run();
}

/** @param {PointerEvent} event */
function pressed(event) {
  // The release of another button may be swallowed by the context menu.
  if (event.button === 0) down.set(event.pointerId, event);
}

/** @param {PointerEvent} event */
function released({ pointerId }) {
  const press = down.get(pointerId);
  setTimeout(() => {
    // Unless it is down again.
    if (down.get(pointerId) === press) down.delete(pointerId);
    flush();
  }, CLICK_MS);
}

// Capturing: before the listeners that act on the press, and also if one stops the event.
addEventListener('pointerdown', pressed, { capture: true });
addEventListener('pointerup', released, { capture: true });
addEventListener('pointercancel', released, { capture: true });
// The window's own: another window is in front, and gets the release.
addEventListener('blur', () => {
  down.clear();
  flush();
});
