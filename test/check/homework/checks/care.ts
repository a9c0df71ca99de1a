/**
 * What nobody sees who does not look for it: passwords that go out, and hints that some cannot
 * perceive.
 */
import type { Response } from 'playwright-core';
import type { Check } from '../inspection.ts';

const HASH = /\$2[aby]\$\d\d\$|\$argon2(id?|d)\$|\$?scrypt[:$]\d|pbkdf2:sha\d+/;
const KEY = /["']?\b(upwd|pwd|pass(word|wd)?|密码)["']?\s*[:=]\s*["']([^"']+)["']/i;
const CONNECTION = /\b(mysql|mariadb|postgres(ql)?)(\+\w+)?:\/\/[^\s:@/"']+:[^\s@/"']+@/;

export const careChecks: readonly Check[] = [
  {
    id: 'no password',
    says: { en: 'No answer and no page holds a password', zh: '任何响应和页面里都没有密码' },
    why: {
      en:
        'Whatever reaches the browser can be read by everybody, also when the page does not ' +
        'show it.',
      zh: '凡是到了浏览器的内容，人人都能读到，哪怕页面没有显示。',
    },
    look: {
      en:
        'Which columns does the query ask for, and which of them go into the answer? Is a ' +
        'connection string in a file that is served?',
      zh: '查询取了哪些列？其中哪些进入了响应？能被访问的文件里有没有数据库连接字符串？',
    },
    after: ['box'],
    async seen(learner) {
      const visit = await learner.visit();
      const responses: Response[] = [];
      visit.page.on('response', (response) => responses.push(response));
      await visit.reload();
      await visit.leave(learner.settings.taken);
      for (const response of responses) {
        const found = await passwordIn(response);
        const { pathname } = new URL(response.url());
        if (found !== undefined)
          return {
            en: `In the answer of ${pathname}: ${found}`,
            zh: `在 ${pathname} 的响应里：${found}`,
          };
      }
      const filled = visit.page.locator('input[type=password][value]:not([value=""])');
      if ((await filled.count()) === 0) return undefined;
      return { en: 'A password box comes filled in.', zh: '密码框里已经填好了内容。' };
    },
  },
  {
    id: 'heard',
    says: { en: 'A screen reader reads the hint out', zh: '屏幕阅读器会读出提示' },
    why: {
      en:
        'Whoever does not see the page is already in the next box when the hint comes, and ' +
        'would never hear of it.',
      zh: '看不见页面的人在提示出现时已经到了下一个输入框，否则永远不会知道有提示。',
    },
    look: {
      en:
        'Is the element of the hint in the page from the start, and does it say that its ' +
        'changes are to be told? Look for “live region”.',
      zh: '放提示的元素一开始就在页面里吗？它有没有声明内容变化需要播报？可以查“实时区域（live region）”。',
    },
    after: ['hint'],
    async seen(learner) {
      const { hint } = (await learner.firstSight()).taken;
      if (hint?.isHeard === true) return undefined;
      return {
        en: `“${hint?.text}” stands in an element that tells nobody that it has changed.`,
        zh: `“${hint?.text}”所在的元素不会告诉任何人它变了。`,
      };
    },
  },
  {
    id: 'label',
    says: { en: 'The box has a label', zh: '输入框有标签' },
    why: {
      en:
        'A screen reader says what the box is for by its label, and a click on it leads into ' +
        'the box. A placeholder is gone with the first letter.',
      zh: '屏幕阅读器靠标签说明这个输入框的用途，点击标签也能进入输入框。占位文字一输入就消失了。',
    },
    look: {
      en: 'What ties the text beside the box to the box?',
      zh: '输入框旁边的文字与输入框之间，靠什么关联？',
    },
    after: ['box'],
    async seen(learner) {
      const { box } = await learner.visit();
      const label = await box.evaluate((input: HTMLInputElement) => {
        const ids = (input.getAttribute('aria-labelledby') ?? '').split(/\s+/);
        const named = ids.map((id) => document.getElementById(id)?.textContent);
        const labels = [...(input.labels ?? [])].map((one) => one.textContent);
        return [...labels, ...named, input.ariaLabel].join('').trim();
      });
      if (label !== '') return undefined;
      return { en: 'Nothing names the box.', zh: '没有任何文字与输入框关联。' };
    },
  },
];

/** @returns the piece that looks like a password, or like where one is kept */
async function passwordIn(response: Response): Promise<string | undefined> {
  const type = response.headers()['content-type'] ?? '';
  if (!/text|json|javascript/.test(type)) return undefined;
  // A redirect has no text, nor has an answer that the page gave up.
  const text = await response.text().catch(() => '');
  // In pages and scripts the word stands for a box or a hint; in data it stands beside a password.
  const isAsked = ['xhr', 'fetch'].includes(response.request().resourceType());
  const isData = isAsked && !text.trimStart().startsWith('<');
  const found = CONNECTION.exec(text) ?? HASH.exec(text) ?? (isData ? KEY.exec(text) : null);
  return found?.[0];
}
