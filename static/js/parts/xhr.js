// @ts-check
/*
 * Which object `createXhr` gives: in this browser, in one that has no `XMLHttpRequest`, and in one
 * that is as old as the function's second branch. The function that is asked is always the one that
 * all the lessons use.
 */
import { ARROW, elementsOf, line } from '../lib/element.js';

/** Takes the place of Internet Explorer's own; it can do nothing but say what it was asked for. */
class StandIn {
  /** @param {string} component */
  constructor(component) {
    this.component = component;
  }
}

/** @typedef {{ members: Record<string, unknown>, text: Message }} Browser what its window has */

/** @type {Record<string, Browser>} */
const BROWSERS = {
  this: {
    members: {},
    text: { en: 'This browser took the first branch.', zh: '这个浏览器走的是第一个分支。' },
  },
  none: {
    members: { XMLHttpRequest: undefined },
    text: {
      en: 'With neither, the second branch is an error like any other. No browser of today gets here.',
      zh: '两者都没有时，第二个分支只会像别的错误一样报错。现在的浏览器不会走到这里。',
    },
  },
  old: {
    members: { XMLHttpRequest: undefined, ActiveXObject: StandIn },
    text: {
      en: 'The second branch asks Windows for a component, by its name. (This one is a stand-in of ours.)',
      zh: '第二个分支按名字向 Windows 要一个组件。（这里给出的是我们自己做的替身。）',
    },
  },
};

/**
 * @param {HTMLElement} part
 * @param {AbortSignal} signal aborted when the reader leaves the part
 */
export function start(part, signal) {
  const elementOf = elementsOf(part);

  part.addEventListener(
    'click',
    ({ target }) => {
      const button = target instanceof Element ? target.closest('button') : null;
      const browser = BROWSERS[button?.dataset.browser ?? ''];
      if (browser === undefined) return;
      const lines = withMembers(browser.members, look);
      elementOf('answer').replaceChildren(...lines);
      language.say(elementOf('verdict'), browser.text);
    },
    { signal },
  );
  showMembers(part);
}

/** Asks `createXhr`, and what there was to choose from. */
function look() {
  return [
    line(
      'window.XMLHttpRequest',
      { en: 'is', zh: '是' },
      typeof Reflect.get(window, 'XMLHttpRequest'),
    ),
    line(
      'window.ActiveXObject',
      { en: 'is', zh: '是' },
      typeof Reflect.get(window, 'ActiveXObject'),
    ),
    line('createXhr()', ARROW, gotten()),
  ];
}

function gotten() {
  try {
    /** @type {unknown} */
    const object = createXhr();
    return object instanceof StandIn ? `[${object.component}]` : String(object);
  } catch (error) {
    return String(error);
  }
}

/**
 * Runs something while the window has other members, and puts its own back, also after an error.
 * @template T
 * @param {Record<string, unknown>} members
 * @param {() => T} run
 */
function withMembers(members, run) {
  const own = Object.keys(members).map((name) => ({
    name,
    descriptor: Object.getOwnPropertyDescriptor(window, name),
  }));
  for (const [name, value] of Object.entries(members)) {
    Object.defineProperty(window, name, { value, configurable: true });
  }
  try {
    return run();
  } finally {
    for (const { name, descriptor } of own) {
      if (descriptor) Object.defineProperty(window, name, descriptor);
      else Reflect.deleteProperty(window, name);
    }
  }
}

/** What each member is in an object that has just been made. @param {HTMLElement} part */
function showMembers(part) {
  const xhr = createXhr();
  for (const cell of part.querySelectorAll('[data-member]')) {
    const value = Reflect.get(xhr, cell.getAttribute('data-member') ?? '');
    cell.textContent = typeof value === 'function' ? 'function' : (JSON.stringify(value) ?? '');
  }
}
