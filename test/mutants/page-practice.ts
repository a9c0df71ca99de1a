import { mutantsOf } from './mutant.ts';

const ROOM = 'static/js/parts/practice';
const EXERCISES = ['page/practice-exercises.test.ts'];

/** «Now you»: the exercises, and the room where a reader's program runs. */
export const pagePractice = [
  ...mutantsOf(
    'static/js/parts/practice.js',
    ['page/practice.test.ts'],
    ['tries < TRIES', 'tries <= TRIES'],
    ["  box.addEventListener('input', () => storage.set(draft, box.value), { signal });\n", ''],
    ['    verdicts.replaceChildren();\n', ''],
  ),
  ...mutantsOf(
    `${ROOM}/check.js`,
    ['page/practice-sandbox.test.ts'],
    ['      worker.terminate();\n', ''],
  ),
  ...mutantsOf(
    `${ROOM}/editor.js`,
    ['page/practice.test.ts'],
    ["    if (event.key !== 'Shift') leaves = false;", '    leaves = false;'],
    ['box.setSelectionRange(begin, selectionEnd);\n', ''],
  ),
  ...mutantsOf(
    `${ROOM}/progress.js`,
    ['page/practice.test.ts'],
    ["[...done].join(' ')", 'name'],
    ["  note(storage.get(KEY) ?? '');\n", ''],
    ['  storage.onChange(KEY, note, signal);\n', ''],
    ['    showInContents(done.size);\n', ''],
  ),
  ...mutantsOf(
    `${ROOM}/verdicts.js`,
    ['page/practice.test.ts'],
    [' && thrown === undefined', ''],
    ["problem.replace(/^no (?=\\w+$)/, '')", 'problem'],
  ),
  ...mutantsOf(
    `${ROOM}/worker.js`,
    ['page/practice-sandbox.test.ts'],
    [
      'for (let scope = self; scope !== Object.prototype; scope = Object.getPrototypeOf(scope)) {',
      'for (const scope of [self]) {',
    ],
    ["`'use strict'; return (", '`return ('],
  ),
  ...mutantsOf(
    `${ROOM}/world.js`,
    ['page/practice.test.ts'],
    [
      "if (this.readyState !== 1 || this.#request.isSent) throw invalidState('header too early');",
      '',
    ],
    ['        else this.#answerAtOnce();\n', '', { tests: ['page/practice-browser.test.ts'] }],
    ['html = toHtml(', 'html = (', { tests: ['page/practice-browser.test.ts'] }],
    ['method: String(method).toUpperCase()', 'method: String(method)', { tests: EXERCISES }],
    ['        if (this.#isOver && state !== 1) return;\n', '', { tests: EXERCISES }],
  ),
  ...mutantsOf(`${ROOM}/exercises.js`, ['page/practice.test.ts'], [', blur, stale]', ', blur]']),
  ...mutantsOf(`${ROOM}/exercises/blur.js`, EXERCISES, [
    '        return [requests.length, 1];',
    '        return [requests.length > 0, true];',
  ]),
  ...mutantsOf(`${ROOM}/exercises/counter.js`, EXERCISES, [
    "visit?.('made-up', new Map()",
    "visit?.('made-up', new Map([['made-up', { count: 0 }]])",
  ]),
  ...mutantsOf(`${ROOM}/exercises/encode.js`, EXERCISES, [
    "        return [sent().url.split('=')[1], '50%25'];",
    "        return [sent().url.includes('50%'), true];",
  ]),
  ...mutantsOf(`${ROOM}/exercises/failures.js`, EXERCISES, [
    '[sent().waitsMs(), 5000]',
    '[sent().waitsMs() >= 0, true]',
  ]),
  ...mutantsOf(`${ROOM}/exercises/get.js`, EXERCISES, [
    "        requests[0]?.receive(3, 200, 'Hel');\n",
    '',
  ]),
  ...mutantsOf(`${ROOM}/exercises/key.js`, EXERCISES, [
    "          [status, session.has('colour')],\n          [204, false],",
    '          [status],\n          [204],',
  ]),
  ...mutantsOf(`${ROOM}/exercises/post.js`, EXERCISES, ["?.('ada', 'a&b=c')", "?.('ada', 'a=c')"]),
  ...mutantsOf(`${ROOM}/exercises/stale.js`, EXERCISES, [
    '        sent(0).fail();',
    "        sent(0).answer(404, '');",
  ]),
  ...mutantsOf(`${ROOM}/exercises/states.js`, EXERCISES, [
    "sent().answer(500, 'Internal Server Error')",
    "sent().answer(404, 'Internal Server Error')",
  ]),
  ...mutantsOf(`${ROOM}/exercises/xhr.js`, EXERCISES, [
    'new Set([createXhr?.(), createXhr?.()])',
    'new Set([createXhr?.(), {}])',
  ]),
];
