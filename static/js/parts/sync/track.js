// @ts-check
/*
 * A strip of time with a line for each tick of a counter, and the time of a request shaded. It is
 * given its events as they happen; all places are in per cent of the width.
 */

const SVG = 'http://www.w3.org/2000/svg';

/**
 * Empties the drawing and begins a new strip now.
 * @param {Element} svg
 * @param {number} widthMs what the width stands for
 */
export function createTrack(svg, widthMs) {
  const begin = performance.now();
  const shade = document.createElementNS(SVG, 'rect');
  shade.setAttribute('height', '100%');
  svg.replaceChildren(shade);
  /** When the counter ticked, in ms since the beginning. @type {number[]} */
  const ticks = [];
  let sentAt = 0;
  let answeredAt = 0;

  const now = () => performance.now() - begin;
  /** @param {number} ms */
  const percent = (ms) => `${Math.min(100, (100 * ms) / widthMs)}%`;

  return {
    tick() {
      const at = now();
      ticks.push(at);
      const line = document.createElementNS(SVG, 'line');
      for (const name of ['x1', 'x2']) line.setAttribute(name, percent(at));
      line.setAttribute('y2', '100%');
      svg.append(line);
    },

    sent() {
      sentAt = now();
      shade.setAttribute('x', percent(sentAt));
    },

    answered() {
      answeredAt = now();
      shade.setAttribute('width', percent(answeredAt - sentAt));
    },

    /** How it went, in whole ms. */
    result() {
      const gaps = ticks.map((at, index) => at - (ticks[index - 1] ?? 0));
      return {
        ticks: ticks.filter((at) => at > sentAt && at < answeredAt).length,
        waitedMs: Math.round(answeredAt - sentAt),
        longestMs: Math.round(Math.max(...gaps)),
      };
    },
  };
}
