/**
 * What the homework asks for: a hint when the box is left, one for a taken name and another for a
 * free one, on the page as it stands.
 */
import type { Check, Learner, Sight } from '../inspection.ts';
import { lineOf, valuesOf } from '../sent.ts';
import type { Text } from '../settings.ts';
import type { Asked } from '../watch.ts';

export const leavingChecks: readonly Check[] = [
  {
    id: 'box',
    says: { en: 'The page has a box for the user name', zh: '页面上有用户名输入框' },
    why: { en: 'Everything else begins there.', zh: '其余的检查都从这里开始。' },
    look: {
      en: 'Is it on another page (--page PATH)? Is it called otherwise (--box SELECTOR)?',
      zh: '它在别的页面上吗（--page 路径）？它另有名称吗（--box 选择器）？',
    },
    after: [],
    async seen(learner) {
      await learner.visit();
      return undefined;
    },
  },
  {
    id: 'stays',
    says: {
      en: 'Leaving the box does not load the page anew',
      zh: '离开输入框时，页面不会重新加载',
    },
    why: {
      en:
        'What else was filled in would be lost, and the reader waits in front of an empty page. ' +
        'To ask without this is what AJAX is for.',
      zh: '重新加载会丢掉已填写的其他内容，用户还要对着空白页面等待。AJAX 正是为了避免这一点。',
    },
    look: {
      en: 'What sends the form, or sets the address, when the box is left?',
      zh: '离开输入框时，是哪一处代码提交了表单或改变了地址？',
    },
    after: ['box'],
    async seen(learner) {
      const { taken, free } = await learner.firstSight();
      if (!taken.isReloaded && !free.isReloaded) return undefined;
      return {
        en: 'After the box was left, the browser loaded a page.',
        zh: '离开输入框后，浏览器重新加载了页面。',
      };
    },
  },
  {
    id: 'hint',
    says: {
      en: 'Leaving the box with a taken name shows a hint',
      zh: '填入已存在的用户名并离开输入框，页面给出提示',
    },
    why: {
      en: 'This is the homework: whoever chooses a name learns at once that it is taken.',
      zh: '这正是作业的要求：选用户名的人要马上知道它已被占用。',
    },
    look: {
      en:
        'Is the handler bound to blur? Is anything on the console? What was answered, and where ' +
        'does the page put it?',
      zh: '事件处理函数绑定到 blur（失去焦点）了吗？控制台有报错吗？服务器的响应是什么？页面把它放到了哪里？',
    },
    after: ['stays'],
    async seen(learner) {
      const { taken } = await learner.firstSight();
      const [dialog] = taken.dialogs;
      if (dialog !== undefined)
        return {
          en:
            `A dialog opened (“${dialog}”): it stops the whole page until somebody closes it. A ` +
            `hint stands on the page.`,
          zh: `弹出了对话框（“${dialog}”）：在有人关掉它之前，整个页面都停住了。提示应当写在页面上。`,
        };
      if (taken.hint !== undefined) return undefined;
      return (await atKeys(learner)) ?? nothingNew(taken);
    },
  },
  {
    id: 'different',
    says: {
      en: 'A free name gets another hint than a taken one',
      zh: '可用的用户名与已存在的用户名，提示不同',
    },
    why: {
      en: 'A hint that is always the same says nothing.',
      zh: '总是相同的提示等于没有提示。',
    },
    look: {
      en:
        'Is the taken name really in the table (--taken NAME)? What does the server answer for ' +
        'each, and what does the page compare it with?',
      zh: '这个用户名确实在表中吗（--taken 用户名）？服务器对两者的响应各是什么？页面拿它与什么比较？',
    },
    after: ['hint'],
    async seen(learner) {
      const { taken, free } = await learner.firstSight();
      if (free.hint === undefined) return staying(learner, free);
      if (free.hint.pattern !== taken.hint?.pattern) return undefined;
      const answers = [taken, free].map(({ name, asked }) => answerOf(name, asked));
      return {
        en:
          `“${taken.name}” and “${free.name}” both got “${free.hint.text}”. ` +
          `The server had answered ${answers.join(' and ')}.`,
        zh:
          `“${taken.name}”和“${free.name}”得到的都是“${free.hint.text}”。` +
          `服务器的响应分别是：${answers.join('、')}。`,
      };
    },
  },
];

/** The commonest other event: the page asks at each key, and not when the box is left. */
async function atKeys(learner: Learner): Promise<Text | undefined> {
  const visit = await learner.visit();
  const asked = (await visit.type(learner.settings.taken)).filter(({ isOwn }) => !isOwn);
  const [first] = asked;
  if (first === undefined) return undefined;
  return {
    en: `The page asks at the keys (keyup, keydown or input), not when the box is left: ${asked.length} requests while “${learner.settings.taken}” was typed, such as ${lineOf(first)}.`,
    zh: `页面在按键时（keyup、keydown 或 input）发出请求，而不是在离开输入框时：输入“${learner.settings.taken}”的过程中发出了 ${asked.length} 个请求，例如 ${lineOf(first)}。`,
  };
}

/** A page may take the hint away where a name is free: then it must be gone. */
async function staying(learner: Learner, free: Sight): Promise<Text | undefined> {
  const visit = await learner.visit();
  await visit.leave(learner.settings.taken);
  const before = await visit.nextHint(undefined);
  const { asked } = await visit.leave(free.name);
  const hint = await visit.hint();
  if (before !== undefined && hint === undefined) return undefined;
  if (before === undefined) return nothingNew(free);
  const answer = answerOf(free.name, await learner.questions(asked));
  return {
    en: `“${before.text}” still stood there when “${free.name}” had been left; the server had answered ${answer}.`,
    zh: `填入“${free.name}”并离开后，“${before.text}”仍在页面上；服务器的响应是：${answer}。`,
  };
}

/** What the server said of a name, as far as a line goes. */
function answerOf(name: string, asked: readonly Asked[]): string {
  const one = asked.find((request) => valuesOf(request).includes(name)) ?? asked[0];
  if (one === undefined) return '—';
  const text = one.answer.replace(/\s+/g, ' ').trim();
  return `${one.status} ${text.length > 80 ? `${text.slice(0, 80)}…` : text}`.trim();
}

function nothingNew({ name, asked, errors, led }: Sight): Text {
  const requests = asked
    .filter(({ isOwn }) => !isOwn)
    .map(lineOf)
    .join(', ');
  const [error] = errors;
  const en = [
    `After “${name}” was left, nothing new could be read on the page.`,
    requests === '' ? 'No request was sent.' : `Sent: ${requests}.`,
    error === undefined ? '' : `The console says: ${error}`,
    led === undefined ? '' : `The address led to ${led}: is that the page (--page PATH)?`,
  ];
  const zh = [
    `填入“${name}”并离开后，页面上没有出现新的文字。`,
    requests === '' ? '没有发出任何请求。' : `发出了：${requests}。`,
    error === undefined ? '' : `控制台报错：${error}。`,
    led === undefined ? '' : `该地址转到了 ${led}：要检查的是这个页面吗（--page 路径）？`,
  ];
  return { en: en.join(' ').trim(), zh: zh.join('') };
}
