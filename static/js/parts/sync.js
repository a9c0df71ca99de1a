// @ts-check
/*
 * The same request twice, by `open(…, true)` and by `open(…, false)`, while a counter ticks. Each
 * tick that was possible is drawn as a line in time: where the page stood still, there are none.
 */
import { ask } from '../lessons/sync.js';
import { elementsOf, line } from '../lib/element.js';
import { ignore, traced } from '../lib/observe-xhr.js';
import { createTrack } from './sync/track.js';

/** How long the server takes to answer. */
const WAIT_MS = 2000;
/** How long the counter runs before the request and after it. */
const MARGIN_MS = 700;
const TICK_MS = 50;

const NEARLY = {
  true: { en: 'The request goes out. Go on typing.', zh: '请求即将发出，请继续输入。' },
  false: {
    en: 'Now the page freezes for 2 s. Try to type.',
    zh: '页面马上要冻结 2 秒，试着输入。',
  },
};
const STILL_RUNNING = {
  en: 'One at a time: this one is not over yet.',
  zh: '请逐个来：这一个还没结束。',
};
const OVER = { en: 'Over. Compare the two drawings.', zh: '结束了。比较两幅图。' };
const HALF = { en: 'Over. Now press the other one.', zh: '结束了。再按另一个。' };

/**
 * @param {HTMLElement} part
 * @param {AbortSignal} signal aborted when the reader leaves the part
 */
export function start(part, signal) {
  const elementOf = elementsOf(part);
  let isRunning = false;
  /** Which of the two have been drawn. @type {Set<string>} */
  const drawn = new Set();
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let ticking;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let next;

  /** @param {boolean} isAsync */
  function run(isAsync) {
    if (isRunning) return language.say(elementOf('message'), STILL_RUNNING);
    isRunning = true;
    const name = isAsync ? 'true' : 'false';
    const track = createTrack(elementOf(`track-${name}`, SVGSVGElement), 2 * MARGIN_MS + WAIT_MS);
    let ticks = 0;
    language.say(elementOf(`result-${name}`), '');
    // Said before it happens, and drawn before it happens: the request comes a moment later.
    language.say(elementOf('message'), NEARLY[name]);
    ticking = setInterval(() => {
      ticks += 1;
      elementOf('counter').textContent = String(ticks);
      track.tick();
    }, TICK_MS);
    next = setTimeout(() => {
      track.sent();
      send(isAsync, (status) => {
        track.answered();
        next = setTimeout(() => {
          clearInterval(ticking);
          isRunning = false;
          over(name, resultOf(track, status), status === 200);
        }, MARGIN_MS);
      });
    }, MARGIN_MS);
  }

  /** @param {'true' | 'false'} name @param {Message} result @param {boolean} isGood */
  function over(name, result, isGood) {
    language.say(elementOf(`result-${name}`), result);
    if (isGood) drawn.add(name);
    language.say(elementOf('message'), drawn.size === 2 ? OVER : drawn.size === 1 ? HALF : '');
  }

  /**
   * @param {boolean} isAsync
   * @param {(status: number) => void} done
   */
  function send(isAsync, done) {
    try {
      ask(`/lab/slow?ms=${WAIT_MS}`, isAsync, traced(done));
    } catch {
      // Without an answer, a synchronous request throws, and calls nothing back.
      done(0);
    }
  }

  /** A synchronous request may not even have a limit to its waiting. */
  function tryTimeout() {
    const xhr = ignore(createXhr());
    const lines = [line("xhr.open('get', '/lab/slow', false)")];
    xhr.open('get', `/lab/slow?ms=${WAIT_MS}`, false);
    try {
      xhr.timeout = 1000;
      lines.push(line('xhr.timeout = 1000'));
    } catch (error) {
      lines.push(line('xhr.timeout = 1000', { en: 'throws', zh: '抛出' }, String(error)));
    }
    elementOf('timeout-answer').replaceChildren(...lines);
  }

  elementOf('async').addEventListener('click', () => run(true), { signal });
  elementOf('sync').addEventListener('click', () => run(false), { signal });
  elementOf('try-timeout').addEventListener('click', tryTimeout, { signal });
  signal.addEventListener('abort', () => {
    clearInterval(ticking);
    clearTimeout(next);
  });
}

/**
 * @param {ReturnType<typeof createTrack>} track
 * @param {number} status
 * @returns {Message}
 */
function resultOf(track, status) {
  const { ticks, waitedMs, longestMs } = track.result();
  if (status === 0) return { en: 'The server did not answer.', zh: '服务器没有响应。' };
  if (status !== 200) {
    return { en: `The server refused (${status}).`, zh: `服务器拒绝了请求（${status}）。` };
  }
  return {
    en: `${ticks} ticks while waiting for ${waitedMs} ms; the longest pause lasted ${longestMs} ms.`,
    zh: `等待的 ${waitedMs} 毫秒里跳了 ${ticks} 下；最长的停顿为 ${longestMs} 毫秒。`,
  };
}
