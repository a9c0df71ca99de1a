/**
 * What runs inside the learner's page, before any script of its own: it notes each request that the
 * page sends, and finds the hint by comparing what can be read on the page with what could be read
 * before the box was left. It changes nothing that the page does.
 */

/** A request of the page, by XMLHttpRequest or fetch. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  body: string;
  /** False for `xhr.open(method, url, false)`. */
  readonly isAsync: boolean;
  /** Whether the page asked by itself: at its start, or from a timer that it set then. */
  readonly isOwn: boolean;
  isOver: boolean;
  /** 0 while there is no answer, and when there will be none. */
  status: number;
  answer: string;
}

export interface Hint {
  readonly text: string;
  /** Whether a screen reader reads it out when it comes. */
  readonly isHeard: boolean;
}

/** What the checks ask of the page. */
export interface Watch {
  readonly asked: Asked[];
  /** Set once on the page that was opened: a page loaded anew does not have it. */
  isFirst: boolean;
  /** Whether a script ran that came in as a name. */
  hasRun: boolean;
  /** Takes what can be read now for what stood there before. */
  remember(): void;
  /** What can be read since then and could not before: the piece that belongs to the box, or else
   * the one nearest to it. */
  hint(box: Element): Hint | undefined;
  /** Waits until no request is under way, but the page's own, and none has been for so long; at most
   * `patienceMs`. */
  settle(quietMs: number, patienceMs: number): Promise<void>;
}

declare global {
  interface Window {
    homework: Watch;
    /** Called by the script in a name, which should never run. */
    h(): void;
  }
}

/** Serialised into the page, so it uses nothing from outside. */
export function watch(): void {
  const LIVE = '[role=status], [role=alert], [role=log], [aria-live]:not([aria-live=off]), output';
  const TICK_MS = 100;
  const asked: Asked[] = [];
  const wasLive = new WeakSet<Element>();
  /** Whose text the page changed by itself, and what it put in by itself. */
  const restless = new WeakSet<Node>();
  const fed = new WeakSet<Node>();
  let before = new Set<string>();
  let touched = performance.now();

  // What the task that runs now comes from: the page's first scripts, a timer that they set (once, or
  // again and again), or anything else, as a rule the user. A task hands it on to what it sets off.
  type Cause = 'start' | 'once' | 'again' | 'user';
  let cause: Cause = 'start';
  const later = window.setTimeout.bind(window);
  /** For the rest of this task. */
  function comesFrom(what: Cause): void {
    cause = what;
    later(() => {
      cause = 'user';
    });
  }
  const page: object = window;
  for (const name of ['setTimeout', 'setInterval', 'requestAnimationFrame']) {
    const original = Reflect.get(page, name);
    const wrapped = (work: unknown, ...rest: unknown[]) => {
      // A short wait is how scripts take turns while they build the page.
      const isAgain = name === 'setInterval' || (cause !== 'start' && Number(rest[0]) >= TICK_MS);
      const mine = cause === 'user' ? 'user' : isAgain ? 'again' : 'once';
      const run = (...args: unknown[]) => {
        comesFrom(mine);
        if (typeof work === 'function') Reflect.apply(work, window, args);
      };
      return Reflect.apply(original, window, [typeof work === 'function' ? run : work, ...rest]);
    };
    Reflect.set(page, name, wrapped);
  }
  for (const type of ['DOMContentLoaded', 'load'])
    window.addEventListener(type, () => comesFrom('start'), { capture: true });
  for (const type of [
    'focusin',
    'focusout',
    'blur',
    'focus',
    'change',
    'input',
    'keydown',
    'keyup',
  ])
    window.addEventListener(type, () => comesFrom('user'), { capture: true });
  new MutationObserver((mutations) => {
    if (cause !== 'again') return;
    for (const { target, addedNodes } of mutations) {
      restless.add(target);
      for (const node of addedNodes) fed.add(node);
    }
  }).observe(document, { subtree: true, childList: true, characterData: true });

  function begin(method: unknown, url: unknown, isAsync: boolean): Asked {
    const { href } = new URL(String(url), document.baseURI);
    const verb = String(method).toUpperCase();
    const outcome = { isOver: false, status: 0, answer: '' };
    return { method: verb, url: href, body: '', isAsync, isOwn: cause !== 'user', ...outcome };
  }
  async function bodyOf(body: unknown): Promise<string> {
    if (typeof body === 'string') return body;
    if (body instanceof URLSearchParams) return String(body);
    if (body instanceof FormData)
      return String(new URLSearchParams([...body].map(([key, value]) => [key, String(value)])));
    if (body instanceof Request) return body.clone().text();
    return body instanceof Blob ? body.text() : '';
  }
  function sendOff(one: Asked, body: unknown): void {
    bodyOf(body).then((text) => {
      one.body = text;
    });
    asked.push(one);
    if (!one.isOwn) touched = performance.now();
  }
  function end(one: Asked, status: number, answer: string): void {
    if (one.isOver) return;
    Object.assign(one, { isOver: true, status, answer });
    if (!one.isOwn) touched = performance.now();
  }

  const opened = new WeakMap<XMLHttpRequest, Asked>();
  const textOf = Response.prototype.text;
  for (const name of ['json', 'text'] as const) {
    const original = Response.prototype[name];
    Response.prototype[name] = function read(this: Response) {
      const from = cause;
      const handOn = () => comesFrom(from);
      const promise: Promise<string> = Reflect.apply(original, this, []);
      promise.then(handOn, handOn);
      return promise;
    };
  }
  const xhrs = XMLHttpRequest.prototype;
  xhrs.open = new Proxy(xhrs.open, {
    apply(open, xhr: XMLHttpRequest, args: unknown[]) {
      const last = opened.get(xhr);
      if (last) end(last, 0, '');
      Reflect.apply(open, xhr, args);
      // Before the page's own listeners.
      const from = cause;
      xhr.addEventListener('readystatechange', () => comesFrom(from));
      opened.set(xhr, begin(args[0], args[1], args.length < 3 || Boolean(args[2])));
    },
  });
  xhrs.send = new Proxy(xhrs.send, {
    apply(send, xhr: XMLHttpRequest, args: unknown[]) {
      const one = opened.get(xhr);
      if (one) sendOff(one, args[0]);
      const isText = () => xhr.responseType === '' || xhr.responseType === 'text';
      const over = () => {
        const json = () => JSON.stringify(xhr.responseType === 'json' ? xhr.response : '');
        if (one) end(one, xhr.status, isText() ? xhr.responseText : json());
      };
      xhr.addEventListener('loadend', over);
      try {
        Reflect.apply(send, xhr, args);
      } finally {
        // A synchronous request is over, also when it throws.
        if (one?.isAsync === false) over();
      }
    },
  });
  window.fetch = new Proxy(window.fetch, {
    apply(fetch, self, args: [RequestInfo | URL, RequestInit | undefined]) {
      const [what, init] = args;
      const request = what instanceof Request ? what : undefined;
      const one = begin(init?.method ?? request?.method ?? 'GET', request?.url ?? what, true);
      sendOff(one, init?.body ?? request);
      const answer: Promise<Response> = Reflect.apply(fetch, self, args);
      const from = cause;
      const handOn = () => comesFrom(from);
      answer.then(handOn, handOn);
      answer.then(
        (response) => textOf.call(response.clone()).then((text) => end(one, response.status, text)),
        () => end(one, 0, ''),
      );
      return answer;
    },
  });

  /** Whether the page changes what stands there by itself: a clock, a list of news. */
  function isRestless(element: Element): boolean {
    const isChanged = [element, ...element.childNodes].some((node) => restless.has(node));
    for (let node: Node | null = element; node !== null; node = node.parentNode)
      if (fed.has(node)) return true;
    return isChanged;
  }

  /** What stands in an element itself, and what can be read in it with all that it holds. */
  function readable(): { own: string; text: string; element: Element }[] {
    const trimmed = (text: string) => text.replace(/\s+/g, ' ').trim();
    return [...document.body.querySelectorAll('*')].flatMap((element) => {
      const texts = [...element.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE);
      const own = trimmed(texts.map(({ textContent }) => textContent).join(' '));
      if (own === '' || element.matches('script, style, noscript, option, textarea')) return [];
      if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return [];
      if (isRestless(element)) return [];
      return [{ own, text: trimmed(element.textContent ?? ''), element }];
    });
  }

  window.h = () => {
    window.homework.hasRun = true;
  };
  window.homework = {
    asked,
    isFirst: false,
    hasRun: false,
    remember() {
      before = new Set(readable().map(({ own }) => own));
      for (const region of document.querySelectorAll(LIVE)) wasLive.add(region);
    },
    hint(box) {
      const named = ['aria-describedby', 'aria-errormessage']
        .flatMap((name) => (box.getAttribute(name) ?? '').split(/\s+/))
        .map((id) => document.getElementById(id));
      const place = box.getBoundingClientRect();
      const distance = (element: Element) => {
        const { left, right, top, bottom } = element.getBoundingClientRect();
        return Math.hypot(
          Math.max(left - place.right, place.left - right, 0),
          Math.max(top - place.bottom, place.top - bottom, 0),
        );
      };
      const [best] = readable()
        .filter(({ own }) => !before.has(own))
        .map(({ text, element }) => {
          const isNamed = named.some((other) => other?.contains(element));
          return { text, element, far: isNamed ? -1 : distance(element) };
        })
        .sort((one, other) => one.far - other.far);
      if (!best) return undefined;
      const region = best.element.closest(LIVE);
      const isHeard = region !== null && (wasLive.has(region) || region.matches('[role=alert]'));
      return { text: best.text, isHeard };
    },
    async settle(quietMs, patienceMs) {
      const begun = performance.now();
      const isAnswered = () => asked.every(({ isOver, isOwn }) => isOver || isOwn);
      for (;;) {
        const now = performance.now();
        const isQuiet = now - Math.max(touched, begun) >= quietMs;
        if (now - begun > patienceMs || (isQuiet && isAnswered())) return;
        await new Promise((resolve) => later(resolve, 20));
      }
    },
  };
}
