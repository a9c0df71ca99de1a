/**
 * Registers a user as a visitor does, and keeps what is needed to do it again without a browser.
 */
import { randomUUID } from 'node:crypto';
import type { Locator, Request, Response } from 'playwright-core';
import type { Learner } from './inspection.ts';
import { CannotLook, type Text } from './settings.ts';
import type { Visit } from './visit.ts';

/** Links that may lead to a list of the users, and do nothing but show it. */
const LIST = /user|list|all|show|用户|列表/i;
const DEED = /del|remove|edit|update|out|删|改/i;

/** By type: what most forms take. */
const ORDINARY: Readonly<Record<string, string>> = {
  text: 'Probe',
  search: 'Probe',
  tel: '13800000000',
  number: '20',
  date: '2000-01-01',
  url: 'http://example.org/',
};

const NO_REQUEST: Text = {
  en: 'No request went out with the name and the password.',
  zh: '没有发出带着用户名和密码的请求。',
};
const NO_BUTTON: Text = {
  en: 'There is no button that sends the form with the box.',
  zh: '没有按钮可以提交输入框所在的表单。',
};

/** What a server answered. */
export interface Told {
  readonly status: number;
  readonly text: string;
}

/** A user who was registered, or why there is none. */
export interface Registration {
  readonly name: string;
  readonly password: string;
  /** Why it did not come about. */
  readonly trouble: Text | undefined;
  /** Sends the same for another name, and without a browser. */
  readonly again: (name: string) => Promise<Told>;
  /** What the server told who got the name. */
  readonly won: Told;
  /** What the server answered meanwhile, and to who looked afterwards. */
  readonly places: readonly Place[];
}

interface Place {
  readonly path: string;
  readonly text: string;
}

const done = new WeakMap<object, Promise<Registration>>();

/** Registers one user, once for all checks. */
export function registration(learner: Learner): Promise<Registration> {
  const known = done.get(learner.settings) ?? register(learner);
  done.set(learner.settings, known);
  return known;
}

async function register(learner: Learner): Promise<Registration> {
  const name = learner.freeName();
  const password = `Probe-${randomUUID().slice(0, 10)}`;
  const visit = await learner.visit();
  const answers: Promise<Place>[] = [];
  visit.page.on('response', (response) => answers.push(placeOf(response)));
  let request: Request | undefined;
  visit.page.on('request', (one) => {
    if (carries(one, name, password)) request ??= one;
  });
  const isSent = await submit(visit, name, password);
  await visit.settle();
  if (request === undefined) {
    const trouble = isSent ? NO_REQUEST : NO_BUTTON;
    const won = { status: 0, text: '' };
    return { name, password, trouble, again: async () => won, won, places: [] };
  }
  const won = await answerTo(request);
  const again = repeat(request, await request.allHeaders(), name);
  const lists = await listsOn(visit);
  const places = [...(await Promise.all(answers)), ...lists];
  const after = await learner.visit();
  await after.leave(name);
  const hint = await after.nextHint(undefined);
  const { taken } = await learner.firstSight();
  const isTaken = hint?.pattern === taken.hint?.pattern;
  const trouble = {
    en:
      `The form was sent and answered ${won.status}, but then “${name}” was not said to be ` +
      `taken.`,
    zh: `表单提交后得到 ${won.status}，但之后检查“${name}”，并没有说它已存在。`,
  };
  return { name, password, trouble: isTaken ? undefined : trouble, again, won, places };
}

/** Fills in what there is beside the name, and sends the form; false when no button does. */
async function submit(visit: Visit, name: string, password: string): Promise<boolean> {
  const form = visit.box.locator('xpath=ancestor::form');
  const scope = (await form.count()) > 0 ? form.first() : visit.page.locator('body');
  await visit.leave(name);
  for (const input of await scope.locator('input:visible').all()) await fill(input, name, password);
  for (const list of await scope.locator('select:visible').all()) await choose(list);
  const named = scope.getByRole('button', { name: /注册|提交|register|sign ?up|submit/i });
  const others = scope.locator('[type=submit], form button:not([type])');
  const button = (await named.count()) > 0 ? named : others;
  if ((await button.count()) === 0) return false;
  const asked = await heldBack(scope);
  if (asked !== undefined) throw new CannotLook(asked);
  await button.first().click({ timeout: 2000 });
  return true;
}

/** Fills one box in, if nobody has, with something that its type allows. */
async function fill(input: Locator, name: string, password: string): Promise<void> {
  const type = (await input.getAttribute('type')) ?? 'text';
  if (type === 'password') return input.fill(password);
  if (type === 'checkbox') return input.check();
  if (type === 'radio') {
    const isChosen = await input.evaluate((one: HTMLInputElement) => {
      const all = one.form?.querySelectorAll<HTMLInputElement>('input[type=radio]:checked') ?? [];
      return one.checked || [...all].some((other) => other.name === one.name);
    });
    return isChosen ? undefined : input.check();
  }
  if (type === 'email') return input.fill(`${name}@example.org`);
  const value = ORDINARY[type];
  if (value !== undefined && (await input.inputValue()) === '') await input.fill(value);
}

/** The first choice of a list that has a value. */
async function choose(list: Locator): Promise<void> {
  const value = await list.evaluate((select: HTMLSelectElement) => {
    const isChosen = select.value !== '';
    return isChosen ? '' : ([...select.options].find((one) => one.value !== '')?.value ?? '');
  });
  if (value !== '') await list.selectOption(value);
}

/** What the browser would not send the form without. */
async function heldBack(scope: Locator): Promise<Text | undefined> {
  const names = await scope.evaluate((element) =>
    [...element.querySelectorAll<HTMLInputElement>(':invalid:not(fieldset)')].map(
      ({ name, id, validationMessage }) => `${name || id} (${validationMessage})`,
    ),
  );
  if (names.length === 0) return undefined;
  return {
    en: `The checker does not know what to fill in: ${names.join(', ')}.`,
    zh: `检查程序不知道该填什么：${names.join('、')}。`,
  };
}

/** What stands on the pages that the page links to as lists of users. */
async function listsOn(visit: Visit): Promise<Place[]> {
  const here = visit.page.url();
  const hrefs = await visit.page
    .locator('a[href]')
    .evaluateAll((links) => links.map((link) => String(link.getAttribute('href'))));
  const urls = hrefs
    .map((href) => new URL(href, here))
    .filter(({ origin, pathname, search }) => {
      const isList = LIST.test(pathname) && !DEED.test(pathname) && search === '';
      return isList && origin === new URL(here).origin;
    });
  return Promise.all(
    urls.map(async ({ href, pathname }) => {
      const response = await visit.page.context().request.get(href);
      return { path: pathname, text: await response.text() };
    }),
  );
}

function repeat(request: Request, known: Record<string, string>, name: string) {
  const headers = Object.fromEntries(
    Object.entries(known).filter(([key]) => !/^(:|host$|content-length$|connection$)/.test(key)),
  );
  const url = request.url();
  const body = request.postData();
  return async (rival: string): Promise<Told> => {
    const response = await fetch(url.replaceAll(name, rival), {
      method: request.method(),
      headers,
      body: body?.replaceAll(name, rival) ?? null,
      redirect: 'manual',
    });
    const location = response.headers.get('location');
    return { status: response.status, text: location ?? (await response.text()) };
  };
}

async function answerTo(request: Request): Promise<Told> {
  const response = await request.response();
  const location = await response?.headerValue('location');
  const text = location ?? (await response?.text()) ?? '';
  return { status: response?.status() ?? 0, text };
}

async function placeOf(response: Response): Promise<Place> {
  // A redirect has no text, nor has an answer whose page is gone.
  const text = await response.text().catch(() => '');
  return { path: new URL(response.url()).pathname, text };
}

function carries(request: Request, name: string, password: string): boolean {
  const text = request.url() + (request.postData() ?? '');
  return text.includes(name) && text.includes(password);
}
