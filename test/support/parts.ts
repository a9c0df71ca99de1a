/**
 * Moving about on the page as a reader does: to wait for a part, to follow a link, to hold a file
 * back.
 */
import type { Locator, Page } from 'playwright-core';

/** Waits until the part of that heading is on the screen and alive. */
export async function arriveAt(page: Page, heading: string): Promise<void> {
  await page.locator('main[aria-busy="false"] h1', { hasText: heading }).waitFor();
}

/** The link to a part in the list of the lessons. */
export function linkTo(page: Page, name: string): Locator {
  return page.getByRole('navigation').getByRole('link', { name, exact: true });
}

/** Follows the link to a part whose heading says the same, and waits until it is there. */
export async function moveTo(page: Page, name: string): Promise<void> {
  await linkTo(page, name).click();
  await arriveAt(page, name);
}

/** Has the answers for an address wait until the returned function is called. */
export async function hold(page: Page, url: string): Promise<() => void> {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(url, async (route) => {
    await held;
    await route.continue().catch(() => {}); // the page may have given it up
  });
  return release;
}
