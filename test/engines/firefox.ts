/**
 * A stock Firefox (Debian's firefox-esr), driven by WebDriver BiDi, which playwright-core speaks to
 * browsers of the channel `moz-firefox`.
 */
import { existsSync } from 'node:fs';
import { type Browser, firefox } from 'playwright-core';

const CANDIDATES = process.env.FIREFOX
  ? [process.env.FIREFOX]
  : [
      '/usr/bin/firefox-esr',
      '/usr/bin/firefox',
      '/Applications/Firefox.app/Contents/MacOS/firefox',
    ];

export const firefoxPath: string | undefined = CANDIDATES.find((path) => existsSync(path));

interface Session {
  send(method: string, params?: unknown): Promise<unknown>;
}

let isTold = false;

export async function launchFirefox(): Promise<Browser> {
  const browser = await firefox.launch({
    channel: 'moz-firefox',
    executablePath: firefoxPath ?? '',
  });
  if (!isTold) forgive(browser);
  return browser;
}

/**
 * Playwright sends a command for every context that Firefox 153 does not know, and gives up at the
 * answer. It is not public where that is sent from; playwright-core's version is pinned.
 */
function forgive(browser: Browser): void {
  isTold = true;
  const { _connection } = browser as unknown as {
    _connection: { toImpl(browser: Browser): { _browserSession: Session } };
  }; // as in playwright-core 1.65
  const sessions: Session = Object.getPrototypeOf(_connection.toImpl(browser)._browserSession);
  const { send } = sessions;
  sessions.send = function (method, params) {
    if (method === 'emulation.setMediaFeaturesOverride') return Promise.resolve({});
    return send.call(this, method, params);
  };
}
