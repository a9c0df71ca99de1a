/**
 * A folder of static files that a test may write into, and a server for it.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { startApp, type TestApp } from './app.ts';
import { atEnd } from './at-end.ts';

export interface StaticApp extends TestApp {
  /** The folder's absolute path: `static` inside a folder of its own. */
  readonly folder: string;
  /** Writes a file, and the folders on its way; the path is relative to the folder. */
  write(path: string, content: string | Buffer): Promise<void>;
}

/** Starts the application on an empty static folder, which goes when the test ends. */
export async function startStatic(t: TestContext): Promise<StaticApp> {
  const outer = realpathSync(mkdtempSync(join(tmpdir(), 'ajax-static-')));
  atEnd(t, () => rmSync(outer, { recursive: true, force: true }));
  const folder = join(outer, 'static');
  await mkdir(folder);
  const app = await startApp(t, { staticFolder: folder });
  return {
    ...app,
    folder,
    async write(path, content) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    },
  };
}
