/**
 * Finds the user-name box of a page that nobody here has seen before: by its name, its id, what the
 * browser is told to fill in, its label.
 */
import type { Locator, Page } from 'playwright-core';

/** The page has no user-name box, or none that can be told. */
export class NoBox extends Error {}

/**
 * @param selector names the box; without it, the likeliest is taken
 * @throws NoBox when there is none after `patienceMs`
 */
export async function findBox(
  page: Page,
  selector: string | undefined,
  patienceMs: number,
): Promise<Locator> {
  for (const end = performance.now() + patienceMs; ; ) {
    if (selector !== undefined) {
      const named = page.locator(selector).first();
      if (await named.isVisible()) return named;
    } else {
      const inputs = page.locator('input:visible');
      const index = await inputs.evaluateAll(likeliest);
      if (index >= 0) return inputs.nth(index);
    }
    if (performance.now() > end) throw new NoBox(selector ?? 'input');
    await page.waitForTimeout(50);
  }
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
    const words = [...labels, input.ariaLabel, input.placeholder, input.title].join(' ');
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
