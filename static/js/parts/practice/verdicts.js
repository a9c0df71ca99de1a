// @ts-check
/*
 * Tells what came of a check: a line for each behaviour, and below one that does not hold what
 * happened instead. What a program has made is shown as text, never as HTML.
 */
import { make } from '../../lib/element.js';
import { fullWidthIn } from './misspelt.js';

/** @typedef {import('./exercise.js').Outcome} Outcome */

const HOLDS = { en: 'holds:', zh: '成立：' };
const FAILS = { en: 'does not hold:', zh: '不成立：' };
const WANTED = { en: 'expected', zh: '应为' };
const GOT = { en: 'was', zh: '实为' };
const THROWN = { en: 'The program threw', zh: '程序抛出了' };
const MISSING = { en: 'There is no value; expected', zh: '没有得到值；应为' };
const NOTHING = { en: 'Nothing was called.', zh: '没有任何调用。' };
/** @type {Record<string, Message>} */
const PROBLEMS = {
  'not opened': { en: 'No request was opened.', zh: '没有调用 open。' },
  'not shown': { en: 'show was never called.', zh: 'show 从未被调用。' },
  'not sent': { en: 'No request was sent.', zh: '没有发出请求。' },
  'header too early': {
    en: 'setRequestHeader belongs between open and send.',
    zh: 'setRequestHeader 应在 open 与 send 之间调用。',
  },
  'send too early': {
    en: 'send belongs after open, and only once.',
    zh: 'send 应在 open 之后调用，而且只调用一次。',
  },
  'too long': {
    en: 'It did not end, and was stopped after 2 seconds.',
    zh: '程序一直没有结束，2 秒后已被停止。',
  },
  'no worker': {
    en: 'The checker could not be loaded. Try again.',
    zh: '检查程序未能加载，请再试一次。',
  },
};

/** @param {Outcome} outcome */
export function isGood({ got, problem, thrown }) {
  return got === undefined && problem === undefined && thrown === undefined;
}

/**
 * @param {HTMLElement} list an `ol`
 * @param {import('./exercise.js').Behaviour[]} behaviours
 * @param {Outcome[]} outcomes in the same order
 * @param {string} program
 */
export function showVerdicts(list, behaviours, outcomes, program) {
  // A text that cannot be read shows no behaviour at all: that is one fault, not five.
  const unread = outcomes.find(({ problem }) => problem === 'syntax');
  if (unread !== undefined) return list.replaceChildren(unreadItem(unread, program));
  const items = behaviours.flatMap(({ says }, index) => {
    const outcome = outcomes[index];
    if (outcome === undefined) return [];
    const item = document.createElement('li');
    item.dataset.verdict = isGood(outcome) ? 'good' : 'bad';
    const word = make('span', isGood(outcome) ? HOLDS : FAILS);
    word.className = 'unseen';
    item.append(word, ' ', make('span', says));
    if (!isGood(outcome)) item.append(reasonOf(outcome), callsOf(outcome));
    return [item];
  });
  list.replaceChildren(...items);
}

/** @param {Outcome} outcome @param {string} program */
function unreadItem({ thrown = '', line = '' }, program) {
  const item = document.createElement('li');
  item.dataset.verdict = 'bad';
  const reason = document.createElement('p');
  reason.className = 'reason';
  const where = { en: `Line ${line} cannot be read:`, zh: `第 ${line} 行有语法错误：` };
  const nowhere = { en: 'The program cannot be read:', zh: '程序有语法错误：' };
  reason.append(make('span', line === '' ? nowhere : where), ' ', make('code', thrown));
  const signs = fullWidthIn(program.split('\n')[Number(line) - 1] ?? '');
  const wide = {
    en: `${signs} is full-width; write it half-width.`,
    zh: `${signs} 是全角符号，请改用半角。`,
  };
  if (signs !== '') reason.append(' ', make('span', wide));
  item.append(reason);
  return item;
}

/** @param {Outcome} outcome */
function reasonOf({ got, wanted, problem, thrown, misspelt }) {
  const reason = document.createElement('p');
  reason.className = 'reason';
  if (problem === 'nothing') {
    reason.append(make('span', MISSING), ' ', make('code', wanted ?? ''));
  } else if (problem !== undefined) {
    const missing = problem.replace(/^no (?=\w+$)/, '');
    const none = {
      en: `There is no function ${missing}.`,
      zh: `没有名为 ${missing} 的函数。`,
    };
    reason.append(make('span', PROBLEMS[problem] ?? none));
  } else if (thrown !== undefined) {
    reason.append(make('span', THROWN), ' ', make('code', thrown));
  } else {
    const pieces = [make('span', WANTED), make('code', wanted ?? '')];
    reason.append(...pieces, make('span', GOT), make('code', got ?? ''));
  }
  if (misspelt !== undefined) {
    const [object, written, meant] = misspelt;
    const slip = {
      en: `${object} has no ${written}; did you mean ${meant}?`,
      zh: `${object} 没有 ${written}，是不是想写 ${meant}？`,
    };
    reason.append(' ', make('span', slip));
  }
  return reason;
}

/**
 * The calls in their order, in the lanes of readyState 0 to 4; of several requests, each with its
 * number.
 * @param {Outcome} outcome
 */
function callsOf({ calls }) {
  if (calls.length === 0) return make('p', NOTHING);
  const list = document.createElement('ol');
  list.className = 'calls';
  const isOne = calls.every(({ xhr }) => xhr < 2);
  /** How far each request has come. @type {Map<number, number>} */
  const lanes = new Map();
  let lane = 0;
  for (const { call, xhr, state } of calls) {
    // What is no request's own stands below what has led to it.
    if (xhr > 0) lane = state ?? lanes.get(xhr) ?? 0;
    lanes.set(xhr, lane);
    const item = document.createElement('li');
    item.dataset.lane = String(lane);
    if (state !== undefined) item.dataset.state = String(state);
    item.append(make('code', xhr === 0 || isOne ? call : `${xhr}: ${call}`));
    list.append(item);
  }
  return list;
}
