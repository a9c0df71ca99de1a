// @ts-check
/*
 * The requests of one burst of typing, a line each: what was asked, how long it took, drawn as a
 * bar in time, and what became of the answer. Questions that overtake each other are seen at a
 * glance.
 */

/** What the width of the drawing stands for, in ms. */
const WIDTH_MS = 2500;
/** A new burst begins after this pause, in ms. */
const SILENCE_MS = 1500;
const MOST = 12;

/** @param {HTMLElement} list an `ol` */
export function createRace(list) {
  let begin = Number.NEGATIVE_INFINITY;
  let lastAt = Number.NEGATIVE_INFINITY;
  let running = 0;

  return {
    /**
     * A request goes out.
     * @param {string} url
     * @returns {(outcome: Message, verdict: 'good' | 'bad' | '') => void} to be called when it is
     *   over
     */
    add(url) {
      const at = performance.now();
      if (running === 0 && at - lastAt > SILENCE_MS) {
        list.replaceChildren();
        begin = at;
      }
      running += 1;
      const request = document.createElement('code');
      request.textContent = `GET ${url}`;
      const track = document.createElement('span');
      track.className = 'track';
      const bar = document.createElement('span');
      bar.style.marginLeft = percent(at - begin);
      track.append(bar);
      const text = document.createElement('span');
      text.className = 'outcome';
      text.textContent = '…';
      const item = document.createElement('li');
      item.append(request, track, text);
      list.append(item);
      if (list.children.length > MOST) list.firstElementChild?.remove();

      return ({ en, zh }, verdict) => {
        running -= 1;
        lastAt = performance.now();
        bar.style.width = percent(lastAt - at);
        item.dataset.outcome = verdict;
        const ms = Math.round(lastAt - at);
        language.say(text, { en: `${ms} ms: ${en}`, zh: `${ms} 毫秒：${zh}` });
      };
    },
  };
}

/** @param {number} ms */
function percent(ms) {
  return `${Math.min(100, Math.max(0.5, (100 * ms) / WIDTH_MS))}%`;
}
