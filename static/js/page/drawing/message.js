// @ts-check
/*
 * A message on its way through the drawing: a small card that travels along a lane, stays at its
 * end, and shows its bytes when it is pressed.
 */

const SVG = 'http://www.w3.org/2000/svg';
const HEIGHT = 26;
/** What a letter of the cards takes at most, in units of the drawing. */
const LETTER = 7.3;

/** @typedef {{ x: number, from: number, to: number, width: number }} Lane where the card's middle goes */

/**
 * Puts a card at the beginning of its lane.
 * @param {Element} layer
 * @param {Lane} lane
 * @param {Message | string} label
 * @param {string} className
 * @param {() => void} press
 */
export function addMessage(layer, { x, from, to, width }, label, className, press) {
  const chip = document.createElementNS(SVG, 'g');
  chip.setAttribute('class', `chip ${className}`);
  chip.setAttribute('role', 'button');
  chip.setAttribute('tabindex', '0');
  chip.setAttribute('aria-pressed', 'false');
  const rect = document.createElementNS(SVG, 'rect');
  const size = { x: -width / 2, y: -HEIGHT / 2, width, height: HEIGHT, rx: 6 };
  for (const [name, value] of Object.entries(size)) rect.setAttribute(name, String(value));
  const text = document.createElementNS(SVG, 'text');
  text.setAttribute('text-anchor', 'middle');
  text.setAttribute('y', '4');
  const short = (/** @type {string} */ whole) => shortened(whole, Math.floor(width / LETTER));
  if (typeof label === 'string') text.textContent = short(label);
  else language.say(text, { en: short(label.en), zh: short(label.zh) });
  chip.append(rect, text);
  chip.setAttribute('transform', `translate(${x} ${to})`);
  chip.addEventListener('click', press);
  chip.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    press();
  });
  layer.append(chip);

  return {
    chip,
    /**
     * Lets it travel; it is over at once where motion is not wanted.
     * @param {number} ms
     * @returns {Promise<unknown>}
     */
    travel(ms) {
      const way = [`translate(${x}px, ${from}px)`, `translate(${x}px, ${to}px)`];
      const duration = matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : ms;
      return chip.animate({ transform: way }, { duration, easing: 'ease-in-out' }).finished;
    },
  };
}

/** @param {string} text @param {number} most */
function shortened(text, most) {
  const letters = [...text];
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join('')}…`;
}
