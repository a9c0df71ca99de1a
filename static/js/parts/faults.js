// @ts-check
/*
 * Finding faults: the reader chooses a line of the checklist, predicts, and runs a script that has
 * just that fault. What is told afterwards is what was observed from outside the script, not what
 * should have been.
 */
import { showCode } from '../lib/code.js';
import { codeOf, elementsOf, make, tell } from '../lib/element.js';
import { FAULTY } from './faults/faulty.js';
import { observe } from './faults/observe.js';
import * as TEXTS from './faults/texts.js';

const SHOWN_LETTERS = 12;

/** @typedef {keyof typeof FAULTY} Fault */
/** @typedef {import('./faults/observe.js').Seen} Seen */

/**
 * @param {HTMLElement} part
 * @param {AbortSignal} signal aborted when the reader leaves the part
 */
export function start(part, signal) {
  const elementOf = elementsOf(part);
  const message = elementOf('message');
  const buttons = [...part.querySelectorAll('button')].filter(({ dataset }) => dataset.fault);
  /** @type {Fault} */
  let current = 'not-found';
  let giveUp = () => {};

  /** @param {Fault} fault */
  function choose(fault) {
    giveUp();
    current = fault;
    for (const button of buttons) {
      button.ariaPressed = String(button.dataset.fault === fault);
    }
    const lesson = lessonOf(fault);
    language.say(elementOf('title'), lesson.title);
    showCode(elementOf('code'), codeOf(FAULTY[fault]));
    elementOf('choices').replaceChildren(...lesson.choices.map(choiceOf));
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
    const fault = current;
    giveUp = observe(FAULTY[fault], (seen) => {
      const { right, why } = lessonOf(fault);
      const isRight = Number(chosen.value) === right;
      tell(message, isRight ? TEXTS.RIGHT : TEXTS.WRONG, isRight ? 'good' : 'bad');
      show(seen);
      language.say(elementOf('why'), why);
      elementOf('seen').hidden = false;
      const mark = buttons.find(({ dataset }) => dataset.fault === fault)?.lastElementChild;
      if (mark) mark.textContent = shortOf(seen);
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
        choose(/** @type {Fault} */ (button.dataset.fault)); // the page's buttons name no other
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

/** @param {Fault} fault */
function lessonOf(fault) {
  return TEXTS.LESSONS[fault];
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

/** What was seen, on one line that needs no language. @param {Seen} seen */
function shortOf({ states, status, ending, shown }) {
  return `${states.at(-1)} · ${status} · ${ending || '–'} · ${shown.length}×`;
}
