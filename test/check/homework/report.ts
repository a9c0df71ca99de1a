/**
 * Tells the outcome for people: a line for each sentence that holds, four for one that does not.
 */
import type { TestEvent } from 'node:test/reporters';
import type { Text } from './settings.ts';

const WORDS = {
  seen: { en: 'seen:    ', zh: '看到：' },
  why: { en: 'why:     ', zh: '原因：' },
  look: { en: 'look at: ', zh: '检查：' },
  over: { en: 'not looked at, because of the above', zh: '因上面的问题，没有检查' },
} satisfies Record<string, Text>;

/** @param events what the test runner tells, in the order of the checks */
export async function* report(
  events: AsyncIterable<TestEvent>,
  language: keyof Text,
): AsyncGenerator<string> {
  const isColoured = process.stdout.isTTY && !process.env.NO_COLOR;
  const paint = (code: number, text: string) => (isColoured ? `\x1b[${code}m${text}\x1b[0m` : text);
  let held = 0;
  let failed = 0;
  let passedOver = 0;
  for await (const { type, data } of events) {
    if (type === 'test:stderr') yield data.message;
    if ((type !== 'test:pass' && type !== 'test:fail') || data.details.type === 'suite') continue;
    if (type === 'test:fail') {
      failed += 1;
      const { error } = data.details;
      const { message } = error.cause instanceof Error ? error.cause : error;
      const [seen, why, look] = message.split('\n');
      yield `${paint(31, '✗')} ${data.name}\n`;
      yield `    ${WORDS.seen[language]}${seen}\n`;
      if (why && look)
        yield `    ${WORDS.why[language]}${why}\n    ${WORDS.look[language]}${look}\n`;
    } else if (data.skip !== undefined) {
      passedOver += 1;
      yield paint(2, `– ${data.name} (${WORDS.over[language]})`) + '\n';
    } else {
      held += 1;
      yield `${paint(32, '✓')} ${data.name}\n`;
    }
  }
  yield summary(held, failed, passedOver)[language];
}

function summary(held: number, failed: number, passedOver: number): Text {
  if (failed === 0)
    return { en: `\nAll ${held} checks hold.\n`, zh: `\n${held} 项检查全部通过。\n` };
  return {
    en: `\n${held} hold, ${failed} do not, ${passedOver} could not be looked at yet.\n`,
    zh: `\n${held} 项通过，${failed} 项未通过，${passedOver} 项暂时无法检查。\n`,
  };
}
