// @ts-check
/*
 * A drawing of one request in time: a lane for each readyState from 0 below to 4 above, a dot for
 * each time that the state was told. Every place is in per cent, so the drawing fits whatever width
 * it has.
 */
import { inMs } from '../../lib/time.js';

const SVG = 'http://www.w3.org/2000/svg';
const LANES = 5;
/** The share of the height that the lanes take; below them stands the scale. */
const LANES_PERCENT = 88;
/** Room at the left and the right for half a dot, in per cent of the width. */
const MARGIN_PERCENT = 3;
/** What the width can stand for, in ms. */
const SCALES = [
  5, 10, 20, 30, 50, 100, 150, 200, 300, 500, 1000, 1500, 2000, 3000, 5000, 10_000, 20_000,
];

/** @typedef {{ state: number, at: number }} Mark `at`: ms since the beginning */

/** @param {Element} svg its `aria-labelledby` names the element that says the same in words */
export function createTimeline(svg) {
  const words = /** @type {HTMLElement} */ (
    svg.parentElement?.querySelector(`#${svg.getAttribute('aria-labelledby')}`)
  );
  /** @type {Mark[]} */
  let marks = [];
  let begin = 0;
  let frame = 0;
  const isCalm = matchMedia('(prefers-reduced-motion: reduce)');

  /** @param {number} until ms since the beginning */
  function draw(until) {
    const scale = SCALES.find((ms) => ms >= until * 1.05) ?? until;
    svg.replaceChildren(...grid(scale), ...path(marks, until, scale), ...dots(marks, scale));
  }

  function run() {
    draw(performance.now() - begin);
    frame = requestAnimationFrame(run);
  }

  language.say(words, { en: 'No request yet.', zh: '还没有请求。' });
  draw(0);
  return {
    /** A new request begins now. */
    begin() {
      cancelAnimationFrame(frame);
      marks = [];
      svg.removeAttribute('data-outcome');
      language.say(words, { en: 'The request is under way.', zh: '请求正在进行。' });
      if (!isCalm.matches) frame = requestAnimationFrame(run);
      begin = performance.now();
    },

    /**
     * The state was told.
     * @param {number} state
     * @returns {number} ms since the beginning
     */
    mark(state) {
      const at = performance.now() - begin;
      marks.push({ state, at });
      if (isCalm.matches) draw(at);
      return at;
    },

    /** It is over. @param {'good' | 'bad'} outcome */
    end(outcome) {
      cancelAnimationFrame(frame);
      svg.setAttribute('data-outcome', outcome);
      draw(marks.at(-1)?.at ?? 0);
      language.say(words, spoken(marks));
    },

    stop: () => cancelAnimationFrame(frame),
  };
}

/**
 * @param {string} name
 * @param {Record<string, string>} attributes
 * @param {string} [text]
 */
function shape(name, attributes, text = '') {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.textContent = text;
  return element;
}

/** @param {number} ms @param {number} scale */
function across(ms, scale) {
  return `${MARGIN_PERCENT + ((100 - 2 * MARGIN_PERCENT) * ms) / scale}%`;
}

/** @param {number} state */
function down(state) {
  return `${((LANES - state - 0.5) / LANES) * LANES_PERCENT}%`;
}

/** @param {string} className @param {[x: string, y: string]} from @param {[x: string, y: string]} to */
function stroke(className, [x1, y1], [x2, y2]) {
  return shape('line', { class: className, x1, y1, x2, y2 });
}

/** @param {number} scale */
function grid(scale) {
  const lanes = Array.from({ length: LANES }, (_, state) =>
    stroke('lane', ['0%', down(state)], ['100%', down(state)]),
  );
  const anchors = ['start', 'middle', 'end'];
  const times = anchors.map((anchor, index) => {
    const ms = (scale * index) / 2;
    const x = ['0%', '50%', '100%'][index] ?? '';
    return shape('text', { x, y: '99%', 'text-anchor': anchor }, `${ms} ms`);
  });
  return [...lanes, ...times];
}

/** @param {Mark[]} marks @param {number} until @param {number} scale */
function path(marks, until, scale) {
  return marks.flatMap(({ state, at }, index) => {
    const next = marks[index + 1];
    const from = across(at, scale);
    const to = across(next?.at ?? until, scale);
    const level = stroke('stay', [from, down(state)], [to, down(state)]);
    return next ? [level, stroke('step', [to, down(state)], [to, down(next.state)])] : [level];
  });
}

/** @param {Mark[]} marks @param {number} scale */
function dots(marks, scale) {
  return marks.flatMap(({ state, at }, index) => {
    const cx = across(at, scale);
    const dot = shape('circle', { cx, cy: down(state), r: '4.5' });
    // A repeated state shows its time in the table only.
    if (marks[index - 1]?.state === state) return [dot];
    const isLeft = at < scale / 2;
    const place = { x: cx, y: down(state), dx: isLeft ? '8' : '-8', dy: '1.15em' };
    const label = shape(
      'text',
      { ...place, 'text-anchor': isLeft ? 'start' : 'end' },
      `${inMs(at)} ms`,
    );
    return [dot, label];
  });
}

/** @param {Mark[]} marks @returns {Message} */
function spoken(marks) {
  const en = marks.map(({ state, at }) => `state ${state} after ${inMs(at)} ms`).join(', ');
  const zh = marks.map(({ state, at }) => `${inMs(at)} 毫秒：状态 ${state}`).join('，');
  return { en, zh };
}
