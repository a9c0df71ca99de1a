/**
 * When the server is asked, and how often: once for each name that was left, and not otherwise.
 */
import type { Check } from '../inspection.ts';
import { lineOf } from '../sent.ts';
import type { Asked } from '../watch.ts';

export const askingChecks: readonly Check[] = [
  {
    id: 'typing',
    says: { en: 'Nothing is asked while typing', zh: '输入过程中不发请求' },
    why: {
      en: 'Each letter would cost a query, and most are about names that nobody wants.',
      zh: '否则每个字母都要查询一次，而查的大多是没人想要的用户名。',
    },
    look: {
      en: 'Which event starts the request? Compare input and keyup with blur.',
      zh: '请求由哪个事件触发？比较 input、keyup 与 blur。',
    },
    after: ['hint'],
    async seen(learner) {
      const visit = await learner.visit();
      const asked = await learner.questions(await visit.type(learner.freeName()));
      if (asked.length === 0) return undefined;
      return {
        en: `Before the box was left: ${list(asked)}.`,
        zh: `还没有离开输入框，就发出了：${list(asked)}。`,
      };
    },
  },
  {
    id: 'empty',
    says: { en: 'Nothing is asked for an empty box', zh: '输入框为空时不发请求' },
    why: {
      en: 'The page knows by itself that an empty name is none.',
      zh: '空的用户名不是用户名，页面自己就知道。',
    },
    look: {
      en: 'What does the handler look at before it makes a request?',
      zh: '事件处理函数在创建请求之前检查了什么？',
    },
    after: ['hint'],
    async seen(learner) {
      const visit = await learner.visit();
      await visit.leave(learner.freeName());
      const asked = await learner.questions((await visit.leave('')).asked);
      if (asked.length === 0) return undefined;
      return {
        en: `The box was emptied and left, and this was sent: ${list(asked)}.`,
        zh: `清空输入框后离开，却发出了：${list(asked)}。`,
      };
    },
  },
  {
    id: 'once',
    says: {
      en: 'Each time the box is left, one request is sent',
      zh: '每离开一次输入框，只发一个请求',
    },
    why: {
      en:
        'When the second name is asked for twice and the third three times, every visitor costs ' +
        'more the longer they stay.',
      zh: '如果第二个用户名问两次、第三个问三次，用户停留越久，服务器的负担就越重。',
    },
    look: {
      en: 'Where is the handler bound: once, or inside something that runs again and again?',
      zh: '事件处理函数在哪里绑定：只绑定一次，还是写在会反复执行的代码里？',
    },
    after: ['hint'],
    async seen(learner) {
      const visit = await learner.visit();
      for (const time of [1, 2, 3]) {
        const asked = await learner.questions((await visit.leave(learner.freeName())).asked);
        if (asked.length !== 1)
          return {
            en:
              `When the box was left for time ${time}, ${asked.length} requests were sent: ` +
              `${list(asked)}.`,
            zh: `第 ${time} 次离开输入框时，发出了 ${asked.length} 个请求：${list(asked)}。`,
          };
      }
      return undefined;
    },
  },
  {
    id: 'unchanged',
    says: { en: 'An unchanged name is not asked for again', zh: '用户名没有改动，就不再询问' },
    why: {
      en: 'Whoever goes through the form with the Tab key would ask each time they come by.',
      zh: '用 Tab 键在表单中移动的人，每经过一次都会再问一次。',
    },
    look: {
      en: 'What does the page remember of the name that it asked for last?',
      zh: '对上一次询问过的用户名，页面记住了什么？',
    },
    after: ['once'],
    async seen(learner) {
      const visit = await learner.visit();
      await visit.leave(learner.freeName());
      const asked = await learner.questions((await visit.passThrough()).asked);
      if (asked.length === 0) return undefined;
      return {
        en: `The box was entered and left without a change, and this was sent: ${list(asked)}.`,
        zh: `进入输入框、未作改动就离开，却又发出了：${list(asked)}。`,
      };
    },
  },
  {
    id: 'asynchronous',
    says: { en: 'The request is asynchronous', zh: '请求是异步的' },
    why: {
      en:
        'A synchronous request stops the whole page until the answer is there: no typing, no ' +
        'scrolling.',
      zh: '同步请求会让整个页面停住，直到响应到来：不能输入，也不能滚动。',
    },
    look: { en: 'What is the third argument of open()?', zh: 'open() 的第三个参数是什么？' },
    after: ['hint'],
    async seen(learner) {
      const { taken } = await learner.firstSight();
      const waiting = taken.asked.filter(({ isAsync }) => !isAsync);
      if (waiting.length === 0) return undefined;
      return {
        en: `This was sent synchronously: ${list(waiting)}.`,
        zh: `以同步方式发出了：${list(waiting)}。`,
      };
    },
  },
];

function list(asked: readonly Asked[]): string {
  return asked.map(lineOf).join(', ') || '—';
}
