// @ts-check
/*
 * Now you: the reader writes what the course has shown, and it is checked. Which exercise is shown
 * stands in the address; what was written is stored in this browser, and what is done in the session
 * as well.
 */
import { showCode } from '../lib/code.js';
import { elementsOf, make, setDisabled, tell } from '../lib/element.js';
import { failureText } from '../lib/failure.js';
import { check } from './practice/check.js';
import { makeEditor } from './practice/editor.js';
import { EXERCISES } from './practice/exercises.js';
import { createProgress } from './practice/progress.js';
import { isGood, showVerdicts } from './practice/verdicts.js';

/** The solution may be seen after this number of tries. */
const TRIES = 2;
const DONE = { en: '(done)', zh: '（已完成）' };
const ALL_HOLD = { en: 'All of it holds. Well done.', zh: '全部成立，做得好。' };
const CHECKING = { en: 'Checking…', zh: '正在检查……' };

/**
 * @param {HTMLElement} part
 * @param {AbortSignal} signal aborted when the reader leaves the part
 */
export function start(part, signal) {
  const elementOf = elementsOf(part);
  const wanted = new URL(location.href).searchParams.get('step');
  const exercise = EXERCISES.find(({ name }) => name === wanted) ?? EXERCISES[0];
  if (exercise === undefined) return;
  const box = elementOf('program', HTMLTextAreaElement);
  const outcome = elementOf('outcome');
  const verdicts = elementOf('verdicts');
  const checkButton = elementOf('check');
  const solutionButton = elementOf('show-solution', HTMLButtonElement);
  const draft = `practice-${exercise.name}`;
  let tries = 0;

  language.say(elementOf('title'), exercise.title);
  language.say(elementOf('task'), exercise.task);
  language.say(elementOf('hint'), exercise.hint);
  showCode(elementOf('solution'), exercise.solution);
  box.value = storage.get(draft) ?? exercise.start;
  makeEditor(box, signal);

  const links = EXERCISES.map(({ name, title }) => {
    const link = make('a', title);
    link.setAttribute('href', `/?part=practice&step=${name}`);
    if (name === exercise.name) link.ariaCurrent = 'step';
    const item = document.createElement('li');
    item.append(link);
    return { name, item };
  });
  elementOf('steps').append(...links.map(({ item }) => item));

  const progress = createProgress(signal, {
    show(done) {
      for (const { name, item } of links) {
        if (!done.has(name) || item.dataset.verdict === 'good') continue;
        item.dataset.verdict = 'good';
        item.append(' ', make('span', DONE));
      }
    },
    kept(value) {
      const is = value === '' ? 'None' : JSON.stringify(value);
      elementOf('kept-value').textContent = is;
      tell(elementOf('kept-message'), '', '');
    },
    failed: (xhr) => tell(elementOf('kept-message'), failureText(xhr), 'bad'),
  });

  async function checked() {
    setDisabled(checkButton, true);
    tell(outcome, CHECKING, 'wait');
    const program = box.value;
    const outcomes = await check(/** @type {typeof EXERCISES[0]} */ (exercise), program, signal);
    if (signal.aborted) return;
    setDisabled(checkButton, false);
    tries += 1;
    solutionButton.hidden = tries < TRIES;
    const { behaviours = [], name = '' } = exercise ?? {};
    showVerdicts(verdicts, behaviours, outcomes, program);
    const good = outcomes.filter(isGood).length;
    const text = {
      en: `${good} of ${outcomes.length} hold.`,
      zh: `${outcomes.length} 项中有 ${good} 项成立。`,
    };
    const isDone = good === outcomes.length;
    tell(outcome, isDone ? ALL_HOLD : text, isDone ? 'good' : 'bad');
    if (isDone) progress.add(name);
  }

  function again() {
    box.value = exercise?.start ?? '';
    storage.set(draft, box.value);
    verdicts.replaceChildren();
    tell(outcome, '', '');
    box.focus();
  }

  /** @param {HTMLButtonElement} button @param {HTMLElement} shown */
  function opens(button, shown) {
    const turn = () => {
      shown.hidden = !shown.hidden;
      button.ariaExpanded = String(!shown.hidden);
    };
    button.addEventListener('click', turn, { signal });
  }

  box.addEventListener('input', () => storage.set(draft, box.value), { signal });
  // Two tabs of one exercise show one program: the next letter in either loses nothing of the other.
  storage.onChange(
    draft,
    (program) => {
      box.value = program;
    },
    signal,
  );
  checkButton.addEventListener('click', checked, { signal });
  elementOf('again').addEventListener('click', again, { signal });
  opens(elementOf('show-hint', HTMLButtonElement), elementOf('hint'));
  opens(solutionButton, elementOf('solution'));
}
