/**
 * Finds the user-name box of a page that nobody here has seen before: by its name, its id, what the
 * browser is told to fill in, its label.
 */
import type { Locator, Page } from 'playwright-core';
import { CannotLook, type Text } from './settings.ts';

/**
 * @param selector names the box; without it, the likeliest is taken
 * @throws CannotLook when there is none after `patienceMs`
 */
export async function findBox(
  page: Page,
  selector: string | undefined,
  patienceMs: number,
): Promise<Locator> {
  for (const end = performance.now() + patienceMs; ; ) {
    if (selector !== undefined) {
      const named = page.locator(selector).first();
      if (await named.isVisible()) return mark(named);
    } else {
      const inputs = page.locator('input:visible');
      const index = await inputs.evaluateAll(likeliest);
      if (index >= 0) return mark(inputs.nth(index));
    }
    if (performance.now() > end) throw new CannotLook(await noBox(page, selector));
    await page.waitForTimeout(50);
  }
}

/** The element itself, wherever it then stands, and whatever comes to stand before it. */
async function mark(box: Locator): Promise<Locator> {
  await box.evaluate((element) => element.setAttribute('data-homework-box', ''));
  return box.page().locator('[data-homework-box]');
}

/** What there is instead of the box. */
async function noBox(page: Page, selector: string | undefined): Promise<Text> {
  if (selector !== undefined)
    return {
      en: `The page shows nothing that ${selector} names (--box).`,
      zh: `页面上没有 ${selector} 所指的元素（--box）。`,
    };
  const inputs = await page.locator('input:visible').evaluateAll((all) =>
    all.map((input) => {
      const name = input.getAttribute('name');
      if (input.id !== '') return `#${input.id}`;
      return name === null ? 'input' : `[name=${name}]`;
    }),
  );
  const list = inputs.join(', ');
  const where = page.url();
  if (inputs.length === 0)
    return {
      en: `The page shows no user-name box, nor any other (${where}; boxes in a frame are not looked for).`,
      zh: `页面上没有用户名输入框，也没有别的输入框（${where}；框架里的输入框不在查找范围内）。`,
    };
  return {
    en: `The page shows no user-name box, but ${list} (${where}): --box names the right one.`,
    zh: `页面上没有找到用户名输入框，只有 ${list}（${where}）：请用 --box 指明。`,
  };
}

/** Runs in the page. @returns -1 for none */
function likeliest(inputs: Element[]): number {
  const NAME =
    /^(reg\w*[_-])?(u|user|login|account)[_-]?name$|^(user|account|uid|yonghuming|用户名)$/i;
  const LABEL = /用户名|账号|帐号|user[ -]?name|login name/i;
  let best = -1;
  let bestPoints = 0;
  inputs.forEach((input, index) => {
    if (!(input instanceof HTMLInputElement)) return;
    if (!['text', 'search', 'email', 'tel'].includes(input.type)) return;
    const labels = [...(input.labels ?? [])].map((label) => label.textContent);
    // What stands before it, in the same line or in the cell on its left.
    const { previousSibling } = input;
    const isText = previousSibling?.nodeType === Node.TEXT_NODE;
    const before = [
      isText ? previousSibling.textContent : '',
      input.closest('td')?.previousElementSibling?.textContent,
    ];
    const words = [...labels, ...before, input.ariaLabel, input.placeholder, input.title].join(' ');
    // The only box of a page may be called as it likes.
    const isOnly = inputs.length === 1;
    const points =
      Number(NAME.test(input.name)) * 2 +
      Number(NAME.test(input.id)) * 2 +
      Number(input.autocomplete === 'username') * 2 +
      Number(LABEL.test(words)) +
      Number(isOnly);
    if (points > bestPoints) {
      best = index;
      bestPoints = points;
    }
  });
  return best;
}
