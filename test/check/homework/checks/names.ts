/**
 * Names that are more than letters: they have to arrive as typed, be no SQL, and be no HTML.
 */
import type { Check, Learner } from '../inspection.ts';
import { lineOf, valuesOf } from '../sent.ts';
import type { Text } from '../settings.ts';

const SPECIAL = ['a&b', '王小明', '50%', 'c+d'];
const QUOTED = ["o'neill", "' OR '1'='1"];
const MARKUP = '<img src=x onerror=h()>';

export const nameChecks: readonly Check[] = [
  {
    id: 'as typed',
    says: {
      en: `${SPECIAL.join(', ')} arrive as they were typed`,
      zh: `${SPECIAL.join('、')} 原样到达服务器`,
    },
    why: {
      en:
        'In an address & + % have meanings of their own: without care, another name is asked ' +
        'for than the one in the box.',
      zh: '& + % 在地址中各有含义：不加处理，询问的就不是输入框里的那个用户名。',
    },
    look: {
      en:
        'How does the name get into the address or the body? Look at the request in the ' +
        'browser’s network panel.',
      zh: '用户名是怎样拼进地址或正文的？在浏览器的网络面板里看看这个请求。',
    },
    after: ['hint'],
    async seen(learner) {
      const visit = await learner.visit();
      for (const name of SPECIAL) {
        const [asked] = await learner.questions((await visit.leave(name)).asked);
        // A page may know by its own rules that such a name cannot be had, if it says so.
        if (asked === undefined && (await visit.hint()) === undefined)
          return {
            en: `“${name}” was neither asked for nor refused.`,
            zh: `对“${name}”，页面既没有询问，也没有说它不合规则。`,
          };
        if (asked && !valuesOf(asked).includes(name))
          return {
            en: `“${name}” was sent as ${lineOf(asked)}, which is another name to the server.`,
            zh: `填入“${name}”时发出了：${lineOf(asked)}。服务器读到的是另一个用户名。`,
          };
      }
      return undefined;
    },
  },
  {
    id: 'quote',
    says: {
      en: `A quote, and ${QUOTED[1]}, are names like any other`,
      zh: `单引号和 ${QUOTED[1]} 只是普通的用户名`,
    },
    why: {
      en:
        'Where a name can end the text in an SQL statement, whoever types it can read and ' +
        'change the whole table.',
      zh: '用户名若能结束 SQL 语句里的字符串，输入它的人就能读取和篡改整张表。',
    },
    look: {
      en: 'How does the name get into the SQL statement? What does the server’s log say?',
      zh: '用户名是怎样进入 SQL 语句的？服务器的日志说了什么？',
    },
    after: ['different'],
    async seen(learner) {
      const visit = await learner.visit();
      for (const name of QUOTED) {
        const [asked] = await learner.questions((await visit.leave(name)).asked);
        const answer = asked ?? (await askDirectly(learner, name));
        if (answer.status >= 500)
          return {
            en: `“${name}” was answered ${answer.status}.`,
            zh: `对“${name}”，服务器的响应是 ${answer.status}。`,
          };
        const { taken } = await learner.firstSight();
        const hint = asked && (await visit.hint());
        const isTaken = asked
          ? hint?.pattern === taken.hint?.pattern
          : isSameAnswer(answer.answer, name, taken.asked[0]?.answer ?? '', taken.name);
        if (isTaken) return allTaken(name);
      }
      return undefined;
    },
  },
  {
    id: 'markup',
    says: {
      en: '<img src=x onerror=…> as a name is shown as text, and never runs',
      zh: '<img src=x onerror=…> 作为用户名只会显示成文字，绝不会执行',
    },
    why: {
      en:
        'What runs here runs as the page itself: with its cookies, and for everybody who sees ' +
        'that name.',
      zh: '它一旦执行，就等于页面自己在执行：带着页面的 Cookie，对每个看到这个用户名的人都起作用。',
    },
    look: {
      en: 'By what does the page put the text in: does it take it for HTML?',
      zh: '页面用什么把文字放进去：它会把文字当作 HTML 吗？',
    },
    after: ['hint'],
    async seen(learner) {
      const visit = await learner.visit();
      await visit.leave(MARKUP);
      const found = await visit.page.evaluate(() => ({
        isElement: document.querySelector('img[src="x"]') !== null,
        hasRun: window.homework.hasRun,
      }));
      if (found.hasRun) return { en: 'The script in the name ran.', zh: '用户名里的脚本执行了。' };
      if (!found.isElement) return undefined;
      return {
        en: 'The name became an element of the page.',
        zh: '用户名变成了页面上的一个元素。',
      };
    },
  },
];

function allTaken(name: string): Text {
  return {
    en: `“${name}” is said to be taken. Is it in the table, or did the database take it for SQL?`,
    zh: `“${name}”被说成已存在。它真的在表中吗，还是数据库把它当成了 SQL？`,
  };
}

/** Asks as the page would, past the page's own rules. Only what is read by GET is asked so. */
async function askDirectly(learner: Learner, name: string) {
  const { question } = await learner.firstSight();
  const encoded = encodeURIComponent(learner.settings.taken);
  const url = question?.url.replace(encoded, encodeURIComponent(name));
  if (url === undefined || question?.method !== 'GET') return { status: 0, answer: name };
  const response = await fetch(url, { signal: AbortSignal.timeout(learner.settings.patienceMs) });
  return { status: response.status, answer: await response.text() };
}

function isSameAnswer(one: string, name: string, other: string, otherName: string): boolean {
  return one.replaceAll(name, '…') === other.replaceAll(otherName, '…');
}
