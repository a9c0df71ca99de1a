/**
 * Answers that come late, come as failures, or do not come. The checker plays them in the browser;
 * the learner's server never hears of it.
 */
import type { Check, Learner } from '../inspection.ts';
import type { Text } from '../settings.ts';
import type { Answer, Visit } from '../visit.ts';

const LOOK: Text = {
  en:
    'What does the page do when status is not 200? When there is no answer, status is 0 and ' +
    'onreadystatechange still comes to 4.',
  zh: 'status 不是 200 时，页面做了什么？没有响应时 status 为 0，而 onreadystatechange 照样会到 4。',
};
const WHY: Text = {
  en:
    'Whoever sees nothing thinks that all is well; whoever sees “free” chooses a name that ' +
    'may be taken.',
  zh: '什么也看不到的人以为一切正常；看到“可用”的人会选一个可能已被占用的用户名。',
};

export const failureChecks: readonly Check[] = [
  {
    id: 'overtaken',
    says: { en: 'An answer that was overtaken never shows', zh: '过时的响应不会显示出来' },
    why: {
      en:
        'Answers do not come in the order of their questions: the slow one about the last name ' +
        'must not speak about this one.',
      zh: '响应不一定按提问的顺序到达：关于上一个用户名的迟到响应，不能当作这一个的结果。',
    },
    look: {
      en:
        'When an answer comes: how does the page know which name it is about, and whether that ' +
        'name still stands in the box?',
      zh: '响应到来时，页面怎么知道它说的是哪个用户名？这个用户名还在输入框里吗？',
    },
    after: ['different', 'asynchronous'],
    seen: overtake,
  },
  failure(
    'status 500',
    { status: 500, body: '<h1>Internal Server Error</h1>' },
    {
      en: 'When the server fails (500), the page says so',
      zh: '服务器出错（500）时，页面会说明',
    },
  ),
  failure(
    'status 404',
    { status: 404, body: '<h1>Not Found</h1>' },
    {
      en: 'When the address is wrong (404), the page says so',
      zh: '请求的地址不存在（404）时，页面会说明',
    },
  ),
  failure('no connection', 'no connection', {
    en: 'When the server is gone, the page says so',
    zh: '服务器已停止时，页面会说明',
  }),
  {
    id: 'silence',
    says: { en: 'When no answer comes at all, the page says so', zh: '一直没有响应时，页面会说明' },
    why: WHY,
    look: {
      en: 'How long does the page wait? The XMLHttpRequest has a property for that, and an event.',
      zh: '页面会等多久？XMLHttpRequest 为此有一个属性和一个事件。',
    },
    after: ['different', 'asynchronous'],
    async seen(learner) {
      const visit = await learner.visit();
      await visit.play(learner.isQuestion, () => new Promise(() => {}));
      await visit.fill(learner.freeName());
      await visit.blur();
      return verdictOn(visit, learner, undefined, learner.settings.silenceMs);
    },
  },
];

function failure(id: string, answer: Answer, says: Text): Check {
  return {
    id,
    says,
    why: WHY,
    look: LOOK,
    after: ['different', 'asynchronous'],
    async seen(learner) {
      const visit = await learner.visit();
      let waiting: string | undefined;
      await visit.play(learner.isQuestion, async () => {
        // A sign that the page is waiting is not yet what it says in the end; unless it has given up.
        await visit.page.waitForTimeout(learner.settings.quietMs);
        const hint = await visit.hint();
        if (await visit.isWaiting()) waiting = hint?.text;
        return answer;
      });
      await visit.leave(learner.freeName());
      return verdictOn(visit, learner, waiting);
    },
  };
}

/** @param before what stood there while the page was waiting */
async function verdictOn(
  visit: Visit,
  learner: Learner,
  before: string | undefined,
  ms?: number,
): Promise<Text | undefined> {
  const hint = await visit.nextHint(before, ms);
  const { taken, free } = await learner.firstSight();
  const [dialog] = visit.dialogs;
  if (dialog !== undefined)
    return {
      en: `A dialog opened (“${dialog}”), and stopped the whole page.`,
      zh: `弹出了对话框（“${dialog}”），整个页面都停住了。`,
    };
  if (hint === undefined || hint.text === before)
    return {
      en: before === undefined ? 'The page said nothing.' : `The page still says “${before}”.`,
      zh: before === undefined ? '页面什么也没有说。' : `页面上仍然是“${before}”。`,
    };
  if (hint.pattern === free.hint?.pattern || hint.pattern === taken.hint?.pattern)
    return {
      en: `The page said “${hint.text}”, although nobody had answered that.`,
      zh: `页面说“${hint.text}”，但服务器并没有这样说。`,
    };
  return undefined;
}

async function overtake(learner: Learner): Promise<Text | undefined> {
  const { taken, free } = await learner.firstSight();
  const visit = await learner.visit();
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let isHeld = () => {};
  const held = new Promise<void>((resolve) => {
    isHeld = resolve;
  });
  await visit.play(learner.isQuestion, async (ordinal) => {
    isHeld();
    if (ordinal === 1) await released;
    return 'go on';
  });
  await visit.fill(taken.name);
  await visit.blur();
  await Promise.race([held, visit.page.waitForTimeout(learner.settings.answerMs)]);
  // A page that lets nobody type until it knows cannot be overtaken.
  if (await visit.box.isEditable()) {
    await visit.fill(free.name);
    await visit.blur();
    for (const end = performance.now() + learner.settings.answerMs; ; ) {
      const hint = await visit.nextHint(taken.hint?.text);
      if (hint?.pattern === free.hint?.pattern || performance.now() > end) break;
      await visit.page.waitForTimeout(30);
    }
  }
  release();
  await visit.settle();
  const hint = await visit.hint();
  // It speaks of the first name, or of the second as if it were taken.
  const isOld = hint?.timeless === taken.hint?.timeless || hint?.pattern === taken.hint?.pattern;
  if (!isOld || (await visit.box.inputValue()) === taken.name) return undefined;
  return {
    en:
      `The answer about “${taken.name}” was held back until “${free.name}” stood in the box. ` +
      `When it came, the page said “${hint?.text}”.`,
    zh: `关于“${taken.name}”的响应被推迟，直到输入框里已是“${free.name}”。它一到，页面就说“${hint?.text}”。`,
  };
}
