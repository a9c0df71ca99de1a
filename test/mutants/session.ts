import { mutantsOf } from './mutant.ts';

/** Sessions: the cookie, the store, the pair around a handler. */
export const session = [
  ...mutantsOf(
    'lib/session/sweep.ts',
    ['session-sweep.test.ts'],
    [
      'const timer = setInterval(sweep, EVERY_MS).unref();',
      'const timer = setInterval(() => {}, EVERY_MS).unref();',
    ],
    ['    clearInterval(timer);\n', ''],
    ['const AT_ONCE = 250;', 'const AT_ONCE = 25_000;'],
  ),
  ...mutantsOf(
    'lib/session/cookie.ts',
    ['session-signature.test.ts'],
    ['    if (this.#known.size >= MOST_KNOWN) this.#known.clear();\n', ''],
    ['this.#known.set(copyOf(value), copyOf(id));', 'this.#known.set(value, id);'],
  ),
];
