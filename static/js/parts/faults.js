// @ts-check
/*
 * Finding faults: the reader chooses a script, predicts, and runs it. What is said afterwards is what
 * was observed from outside the script, not what should have been; only then is its fault named.
 */
import { run as one } from '../lessons/faults/1.js';
import { run as two } from '../lessons/faults/2.js';
import { run as three } from '../lessons/faults/3.js';
import { run as four } from '../lessons/faults/4.js';
import { run as five } from '../lessons/faults/5.js';
import { run as six } from '../lessons/faults/6.js';
import { run as seven } from '../lessons/faults/7.js';
import { readFile, showCode } from '../lib/code.js';
import { elementsOf, make, tell } from '../lib/element.js';
import { observe } from './faults/observe.js';
import * as TEXTS from './faults/texts.js';

const SCRIPTS = [one, two, three, four, five, six, seven];
const SHOWN_LETTERS = 12;

/** @typedef {import('./faults/observe.js').Seen} Seen */

/**
 * @param {HTMLElement} part
 * @param {AbortSignal} signal aborted when the reader leaves the part
 */
export function start(part, signal) {
  const elementOf = elementsOf(part);
  const message = elementOf('message');
  const buttons = [...part.querySelectorAll('button')].filter(({ dataset }) => dataset.fault);
  /** The number of the script that is chosen. */
  let current = 1;
  let giveUp = () => {};

  /** @param {number} number */
  function choose(number) {
    giveUp();
    current = number;
    for (const [index, button] of buttons.entries()) {
      button.ariaPressed = String(index + 1 === number);
    }
    language.say(elementOf('title'), { en: `Script ${number}`, zh: `脚本 ${number}` });
    readFile(`static/js/lessons/faults/${number}.js`, signal, (text) => {
      if (current === number) showCode(elementOf('code'), text);
    });
    elementOf('choices').replaceChildren(...lessonOf(number).choices.map(choiceOf));
    tell(message, '', '');
    elementOf('seen').hidden = true;
  }

  function run() {
    /** @type {HTMLInputElement | null} */
    const chosen = elementOf('choices').querySelector('input:checked');
    if (chosen === null) {
      tell(message, TEXTS.CHOOSE_FIRST, 'bad');
      elementOf('choices').querySelector('input')?.focus();
      return;
    }
    giveUp();
    elementOf('seen').hidden = true;
    tell(message, TEXTS.RUNNING, '');
    const { title, right, why } = lessonOf(current);
    const mark = buttons[current - 1]?.lastElementChild;
    giveUp = observe(SCRIPTS[current - 1] ?? one, (seen) => {
      const isRight = Number(chosen.value) === right;
      tell(message, isRight ? TEXTS.RIGHT : TEXTS.WRONG, isRight ? 'good' : 'bad');
      show(seen);
      language.say(elementOf('fault'), title);
      language.say(elementOf('why'), why);
      elementOf('seen').hidden = false;
      mark?.replaceChildren(make('span', title), make('span', shortOf(seen)));
    });
  }

  /** @param {Seen} seen */
  function show({ isSent, states, status, ending, shown }) {
    fill('sent', make('span', isSent ? TEXTS.YES : TEXTS.NO));
    fill('states', make('code', states.join(' → ')));
    fill('status', make('code', String(status)));
    fill('ending', ending === '' ? make('span', TEXTS.NEVER) : make('code', ending));
    const texts = shown.map(shownText);
    fill('shown', ...(texts.length === 0 ? [make('span', TEXTS.NONE)] : texts));
  }

  /** @param {string} id @param {Element[]} elements */
  function fill(id, ...elements) {
    elementOf(id).replaceChildren(...elements);
  }

  for (const button of buttons) {
    button.addEventListener(
      'click',
      () => {
        choose(Number(button.dataset.fault));
        // On a narrow screen the script is below the list.
        elementOf('title').scrollIntoView({ block: 'nearest' });
      },
      { signal },
    );
  }
  elementOf('prediction').addEventListener('submit', run, { signal });
  signal.addEventListener('abort', () => giveUp());
  choose(current);
}

/** @param {number} number of the script */
function lessonOf(number) {
  const lesson = TEXTS.LESSONS[number - 1];
  if (lesson === undefined) throw new Error(`there is no script ${number}`);
  return lesson;
}

/** @param {Message} text @param {number} index */
function choiceOf(text, index) {
  const input = document.createElement('input');
  input.type = 'radio';
  input.name = 'prediction';
  input.value = String(index);
  const label = document.createElement('label');
  label.className = 'choice';
  label.append(input, make('span', text));
  return label;
}

/** One call of `show`: the beginning of the text, and how long it was. @param {string} text */
function shownText(text) {
  const item = document.createElement('div');
  const begin = text.length > SHOWN_LETTERS ? `${text.slice(0, SHOWN_LETTERS)}…` : text;
  const { length } = text;
  const size = make('span', { en: `(${length} characters)`, zh: `（${length} 个字符）` });
  item.append(make('code', JSON.stringify(begin)), ' ', size);
  return item;
}

/** What was seen, on one line. @param {Seen} seen @returns {Message} */
function shortOf({ states, status, ending, shown }) {
  const [state, times] = [states.at(-1), shown.length];
  return {
    en: `readyState ${state}, status ${status}, ${ending || 'no event'}, shown ${times}×`,
    zh: `readyState ${state}，status ${status}，${ending || '没有事件'}，显示 ${times} 次`,
  };
}
