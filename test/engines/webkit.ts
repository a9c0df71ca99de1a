/**
 * WebKitGTK, by W3C WebDriver over HTTP, on a display of its own (Xvfb). The browser is `bare.py`: a
 * window without a tool bar, which would keep it wider than 446 px.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Window } from './browser.ts';

const DRIVER = '/usr/bin/WebKitWebDriver';
const BROWSER = fileURLToPath(new URL('bare.py', import.meta.url));

/** The path of the driver, if all is there that it needs. */
export const webkitPath = [DRIVER, '/usr/bin/Xvfb', '/usr/bin/python3'].every((path) =>
  existsSync(path),
)
  ? DRIVER
  : undefined;

/** The keys that have a code of their own (W3C WebDriver, 17.4.2). */
const KEYS: Record<string, string> = {
  ...{ Tab: '\uE004', Enter: '\uE007', Shift: '\uE008', Escape: '\uE00C' },
  ...{ ArrowUp: '\uE013', ArrowDown: '\uE015' },
};

export async function launchWebKit(language: string): Promise<Window> {
  const xvfb = spawn(
    'Xvfb',
    ['-displayfd', '3', '-screen', '0', '1500x1100x24', '-nolisten', 'tcp'],
    {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    },
  );
  const display = await new Promise<string>((resolve) => {
    xvfb.stdio[3]?.once('data', (data) => resolve(`:${String(data).trim()}`));
  });
  const port = await freePort();
  const env = { ...process.env, DISPLAY: display, BARE_LANGUAGE: language };
  const driver = spawn(DRIVER, [`--port=${port}`, '--host=127.0.0.1'], { env, stdio: 'ignore' });
  try {
    return await openWindow(`http://127.0.0.1:${port}`, [driver, xvfb]);
  } catch (error) {
    for (const program of [driver, xvfb]) await end(program);
    throw error;
  }
}

/** @param programs are ended when the window is closed, in this order */
async function openWindow(url: string, programs: ChildProcess[]): Promise<Window> {
  let path = '';
  // biome-ignore lint/suspicious/noExplicitAny: what it answers depends on what is asked
  async function ask(method: string, what: string, body?: object): Promise<any> {
    const init = body ? { method, body: JSON.stringify(body) } : { method };
    const answer = await fetch(url + path + what, init);
    const { value } = (await answer.json()) as { value: { error: string; message: string } };
    if (!answer.ok) throw new Error(`${method} ${what}: ${value.error}: ${value.message}`);
    return value;
  }
  const act = (...actions: object[]) => ask('POST', '/actions', { actions });
  const keys = (codes: string[]) =>
    act({
      ...{ type: 'key', id: 'keys' },
      actions: [
        ...codes.map((value) => ({ type: 'keyDown', value })),
        ...codes.toReversed().map((value) => ({ type: 'keyUp', value })),
      ],
    });

  for (let tries = 0; ; tries += 1) {
    const isUp = await ask('GET', '/status').catch(() => undefined);
    if (isUp) break;
    if (tries === 100) throw new Error('WebKitWebDriver does not answer');
    await sleep(50);
  }
  const options = { binary: BROWSER, args: [] };
  const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': options } };
  const { sessionId } = await ask('POST', '/session', { capabilities });
  path = `/session/${sessionId}`;

  async function execute(code: string, arg: unknown): Promise<unknown> {
    const script = `const done = arguments[1];
      (async () => (${code})(arguments[0]))()
        .then((value) => done({ value }), (error) => done({ error: String(error) }));`;
    const got = await ask('POST', '/execute/async', { script, args: [arg] });
    if (got.error) throw new Error(got.error);
    return got.value;
  }

  const window: Window = {
    open: (to) => ask('POST', '/url', { url: to }),
    back: () => ask('POST', '/back', {}),
    run: (script, arg) => execute(`${script}`, arg) as ReturnType<typeof script> as never,
    runText: (code) => execute(code, null),
    async press(selector) {
      const [x, y] = await window.run((one) => {
        const element = document.querySelector(one);
        if (!element) throw new Error(`there is no ${one}`);
        element.scrollIntoView({ block: 'center' });
        const { left, top, width, height } = element.getBoundingClientRect();
        return [Math.round(left + width / 2), Math.round(top + height / 2)];
      }, selector);
      await act({
        ...{ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' } },
        actions: [
          { type: 'pointerMove', duration: 0, x, y },
          ...['pointerDown', 'pointerUp'].map((type) => ({ type, button: 0 })),
        ],
      });
    },
    key: (name) => keys(name.split('+').map((one) => KEYS[one] ?? one)),
    async type(text) {
      for (const letter of text) await keys([letter]);
    },
    async resize(width, height) {
      await ask('POST', '/window/rect', { x: 0, y: 0, width, height });
      for (let tries = 0; tries < 100; tries += 1) {
        if ((await window.run(() => innerWidth, undefined)) === width) return;
        await sleep(20);
      }
      throw new Error(`the window does not become ${width} px wide`);
    },
    async picture() {
      await window.run(
        () => new Promise((next) => requestAnimationFrame(() => setTimeout(next, 100))),
        0,
      );
      return Buffer.from(await ask('GET', '/screenshot'), 'base64');
    },
    async close() {
      await ask('DELETE', '').catch(() => {}); // the window goes, and then the browser
      for (const program of programs) await end(program);
    },
  };
  await window.resize(1280, 900);
  return window;
}

async function end(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return;
  const exited = once(program, 'exit');
  program.kill();
  await exited;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number }; // it listens on a port
  await new Promise((resolve) => server.close(resolve));
  return port;
}
