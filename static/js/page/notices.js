// @ts-check
/*
 * What the frame has to say about all of a part, such as that the database is missing. It stands at
 * the lower edge of the window, so that nothing moves when it comes and goes.
 */
import { make } from '../lib/element.js';
import { whenReleased } from '../lib/press.js';

const place = document.querySelector('#notices');

/**
 * @param {AbortSignal} signal takes it back: aborted when the reader leaves the part
 * @returns {(text: Message | '') => void}
 */
export function addNotice(signal) {
  const notice = make('p', '');
  notice.className = 'notice';
  place?.append(notice);
  signal.addEventListener('abort', () => notice.remove());
  return (text) => whenReleased(() => language.say(notice, text));
}
