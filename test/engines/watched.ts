/**
 * The page's files with one script more, before all others: it notes what goes wrong, and what
 * moves by itself. Only Chromium measures the latter itself.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { STATIC_FOLDER } from '../support/app.ts';
import { atEnd } from '../support/at-end.ts';

/** Runs in the page, as `static/js/watch.js`. */
const WATCH = `'use strict';
globalThis.__name = (it) => it; // tsx marks functions by it
globalThis.troubles = [];
globalThis.moved = [];
addEventListener('error', (event) => troubles.push('error: ' + (event.message ?? event.target?.src)), true);
addEventListener('unhandledrejection', ({ reason }) => troubles.push('unhandled: ' + reason));
document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
  troubles.push('policy: ' + violatedDirective + ' ' + blockedURI));
{
  const { error } = console;
  console.error = (...all) => { troubles.push('console: ' + all.join(' ')); error(...all); };
  let before = new Map();
  const look = () => {
    const now = new Map();
    for (const element of document.body?.querySelectorAll('*') ?? []) {
      if (element.closest('.unseen, .skip, svg, nav.contents')) continue;
      const { left, top, bottom, width, height } = element.getBoundingClientRect();
      if (width === 0 || height === 0 || bottom < 0 || top > innerHeight) continue;
      now.set(element, [left + scrollX, top + scrollY]);
    }
    for (const [element, [x, y]] of now) {
      const [oldX, oldY] = before.get(element) ?? [x, y];
      if (Math.abs(oldX - x) > 1 || Math.abs(oldY - y) > 1)
        moved.push(element.tagName + '.' + element.className + ' ' + [oldX, oldY] + ' → ' + [x, y]);
    }
    before = now;
    if (performance.now() < 3000) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
`;

/** @returns the folder, removed when the test ends */
export async function watchedFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'watched-'));
  atEnd(t, () => rm(folder, { recursive: true }));
  await cp(STATIC_FOLDER, folder, { recursive: true });
  const index = join(folder, 'index.html');
  const html = await readFile(index, 'utf8');
  await writeFile(
    index,
    html.replace('<script ', '<script src="/static/js/watch.js"></script>\n    <script '),
  );
  await writeFile(join(folder, 'js/watch.js'), WATCH);
  return folder;
}
