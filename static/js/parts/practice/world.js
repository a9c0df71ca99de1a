// @ts-check
/*
 * The simulated browser of an exercise: an XMLHttpRequest whose answers the checker gives, a
 * box and its hint, a session. It goes to the Worker as text, so it uses nothing from outside.
 */

/** @typedef {import('./exercise.js').Outcome} Outcome */
/** @typedef {import('./exercise.js').FakeElement} FakeElement */
/** @typedef {import('./exercise.js').Request} Request */

/**
 * @param {import('./exercise.js').Job} job
 * @param {Outcome['calls']} calls what happens is noted here, in order
 * @param {new (what: string, options?: ErrorOptions) => Error} Problem to be thrown when the program leaves undone what
 *   comes first
 * @returns {import('./exercise.js').World}
 */
export function createWorld({ program, gives, answers = [] }, calls, Problem) {
  /** @type {Request[]} */
  const requests = [];
  /** @type {import('./exercise.js').Answer[]} */
  const answered = [];
  /** @type {unknown[]} */
  const said = [];
  /** @param {string} call @param {Partial<import('./exercise.js').Call>} [more] */
  const log = (call, more) => {
    if (calls.length < 60) calls.push({ call, xhr: 0, ...more });
  };
  class Event {
    target = null;
    currentTarget = null;
    defaultPrevented = false;

    /** @param {string} type @param {{ cancelable?: boolean }} [options] */
    constructor(type, { cancelable = false } = {}) {
      this.type = String(type);
      this.cancelable = cancelable;
    }
    preventDefault() {
      if (this.cancelable) this.defaultPrevented = true;
    }
    stopPropagation() {}
  }
  const box = createElement('box');
  const hint = createElement('hint');
  /** @type {Record<string, FakeElement>} */
  const elements = {
    uname: box,
    box,
    hint,
    '#uname': box,
    '#hint': hint,
    input: box,
    output: hint,
  };
  const document = {
    /** @param {string} id */
    getElementById: (id) => elements[id] ?? null,
    /** @param {string} selector */
    querySelector: (selector) => elements[selector] ?? null,
    /** @param {string} tag */
    createElement: (tag) => createElement(tag),
  };
  return {
    requests,
    said,
    answered,
    show: (text) => {
      log(`show(${textOf(text)})`);
      said.push(text);
    },
    ActiveXObject: class ActiveXObject {
      /** @param {string} name */
      constructor(name) {
        log(`new ActiveXObject(${textOf(name)})`);
        this.name = name;
      }
    },
    sent(index = 0) {
      const request = requests[index];
      if (!request?.isSent) throw new Problem('not sent');
      return request;
    },
    opened() {
      const request = requests[0];
      if (!request?.url) throw new Problem('not opened');
      return request;
    },
    shown() {
      if (said.length === 0) throw new Problem('not shown');
      return said.at(-1);
    },
    box: {
      type(text) {
        box.value = text;
        log(`(${textOf(text)} is typed)`);
        for (const type of ['keydown', 'input', 'keyup']) box.fire(type);
      },
      leave() {
        log('(the box is left)');
        for (const type of ['change', 'blur', 'focusout']) box.fire(type);
      },
    },
    hint,
    session: createSession(),
    load(differently = {}) {
      const scope = { XMLHttpRequest: xhrClass(), Event, document, box, hint, ...differently };
      const there = Object.entries(scope).filter(([, value]) => value !== undefined);
      const window = Object.fromEntries(there);
      // What is not there is no name either: to read it throws, as in a browser.
      const all = { ...window, window };
      if (!gives.includes('createXhr'))
        Object.assign(all, { createXhr: () => new scope.XMLHttpRequest() });
      const given = gives.map((name) => `${name}: typeof ${name} === 'function' && ${name}`);
      const body = `return (() => {\n${program}\nreturn { ${given.join()} };\n})();`;
      const made = compile(Object.keys(all), body)(...Object.values(all));
      for (const name of gives) if (!made[name]) throw new Problem(`no ${name}`);
      return made;
    },
  };

  /** @param {string[]} names @param {string} body */
  function compile(names, body) {
    try {
      return new Function(...names, body);
    } catch (error) {
      // Only what the text itself gets wrong: a program may throw a SyntaxError as well.
      throw new Problem('syntax', { cause: error });
    }
  }

  /** As the browser throws it; one that the program does not catch is a verdict. @param {string} what */
  function invalidState(what) {
    return Object.assign(new Problem(what), { name: 'InvalidStateError' });
  }

  function xhrClass() {
    class XMLHttpRequest {
      timeout = 0;
      responseType = '';
      withCredentials = false;
      #state = { readyState: 0, status: 0, responseText: '' };
      /** @type {Map<string, Function[]>} */
      #listeners = new Map();
      /** @type {Request} */
      #request;
      #number = 0;
      #isOver = false;

      constructor() {
        this.#request = {
          ...{ method: '', url: '', isAsync: true, headers: {}, body: null, isSent: false },
          ...{ waitsMs: () => this.timeout },
          receive: (state, status, text = '') => this.#to(state, status, text),
          answer: (status, text) => {
            answered[this.#number - 1] ??= { status, text };
            for (const state of [2, 3, 4]) this.#to(state, status, state > 2 ? text : '');
            this.#end('load');
          },
          fail: () => {
            answered[this.#number - 1] ??= { status: 0, text: '' };
            this.#break('error');
          },
          timeOut: () => this.#break('timeout'),
        };
        this.#number = requests.push(this.#request);
        this.#log('new XMLHttpRequest()', 0);
      }

      get readyState() {
        return this.#state.readyState;
      }
      get status() {
        return this.#state.status;
      }
      get statusText() {
        const texts = { 200: 'OK', 201: 'Created', 404: 'Not Found', 500: 'Internal Server Error' };
        return new Map(Object.entries(texts)).get(String(this.status)) ?? '';
      }
      get responseText() {
        if (this.responseType !== '' && this.responseType !== 'text') throw invalidState('no text');
        return this.#state.responseText;
      }
      get response() {
        if (this.responseType !== 'json') return this.#state.responseText;
        try {
          return this.readyState === 4 ? JSON.parse(this.#state.responseText) : null;
        } catch {
          return null;
        }
      }

      /** @param {string} name */
      getResponseHeader(name) {
        const isThere = this.status !== 0 && String(name).toLowerCase() === 'content-type';
        return isThere ? this.#contentType() : null;
      }
      getAllResponseHeaders() {
        return this.status === 0 ? '' : `content-type: ${this.#contentType()}\r\n`;
      }
      #contentType() {
        return /^[[{]/.test(this.#state.responseText)
          ? 'application/json; charset=utf-8'
          : 'text/plain; charset=utf-8';
      }

      /** @param {string} method @param {string} url @param {boolean} isAsync */
      open(method, url, isAsync = true) {
        const request = this.#request;
        Object.assign(request, { method: String(method).toUpperCase(), url: String(url), isAsync });
        Object.assign(request, { headers: {}, body: null, isSent: false });
        this.#isOver = false;
        this.#log(`open(${[method, url, isAsync].map(textOf).join(', ')})`);
        if (this.readyState !== 1) this.#to(1, 0, '');
      }

      /** @param {string} name @param {string} value */
      setRequestHeader(name, value) {
        this.#log(`setRequestHeader(${textOf(name)}, ${textOf(value)})`);
        if (this.readyState !== 1 || this.#request.isSent) throw invalidState('header too early');
        this.#request.headers[String(name).toLowerCase()] = String(value);
      }

      /** @param {unknown} [body] */
      send(body = null) {
        this.#log(`send(${textOf(body)})`);
        if (this.readyState !== 1 || this.#request.isSent) throw invalidState('send too early');
        this.#request.isSent = true;
        this.#request.body = body === null ? null : String(body);
        if (this.#request.isAsync) this.#fire('loadstart');
        else this.#answerAtOnce();
      }

      /** The answer is known from a first run of the behaviour, which has none: see worker.js. */
      #answerAtOnce() {
        const answer = answers[this.#number - 1];
        if (answer === undefined) {
          this.#state = { readyState: 4, status: 200, responseText: '{}' };
          this.#isOver = true;
          return;
        }
        const { status, text } = answer;
        this.#to(4, status, text);
        this.#end(status === 0 ? 'error' : 'load');
        if (status === 0) throw Object.assign(new Error('no connection'), { name: 'NetworkError' });
      }

      abort() {
        this.#log('abort()');
        if (this.#request.isSent) this.#break('abort');
        if (this.readyState === 4) this.#state = { readyState: 0, status: 0, responseText: '' };
      }

      /** @param {string} type @param {Function} listener */
      addEventListener(type, listener) {
        const all = this.#listeners.get(type) ?? [];
        if (!all.includes(listener)) this.#listeners.set(type, [...all, listener]);
      }

      /** @param {string} type @param {Function} listener */
      removeEventListener(type, listener) {
        const all = this.#listeners.get(type) ?? [];
        this.#listeners.set(
          type,
          all.filter((one) => one !== listener),
        );
      }

      /** @param {string} call @param {number} [state] */
      #log(call, state) {
        log(call, state === undefined ? { xhr: this.#number } : { xhr: this.#number, state });
      }

      /** @param {string} type */
      #fire(type) {
        const own = /** @type {any} */ (this)[`on${type}`]; // whatever the program has put there
        for (const listener of [own, ...(this.#listeners.get(type) ?? [])])
          if (typeof listener === 'function')
            listener.call(this, { type, target: this, currentTarget: this });
      }

      /** @param {number} state @param {number} status @param {string} text */
      #to(state, status, text) {
        // What was given up or is over hears nothing more.
        if (this.#isOver && state !== 1) return;
        this.#state = { readyState: state, status, responseText: text };
        const told = state === 4 ? `readyState 4, status ${status}` : `readyState ${state}`;
        this.#log(told, state);
        this.#fire('readystatechange');
      }

      /** @param {string} how */
      #break(how) {
        if (this.#isOver) return;
        this.#to(4, 0, '');
        this.#end(how);
      }

      /** @param {string} how */
      #end(how) {
        if (this.#isOver) return;
        this.#isOver = true;
        this.#log(`on${how}`);
        for (const type of [how, 'loadend']) this.#fire(type);
      }
    }
    const names = ['UNSENT', 'OPENED', 'HEADERS_RECEIVED', 'LOADING', 'DONE'];
    for (const [value, name] of names.entries())
      for (const place of [XMLHttpRequest, XMLHttpRequest.prototype])
        Object.defineProperty(place, name, { value, enumerable: true });
    return XMLHttpRequest;
  }

  /** @param {string} name @returns {FakeElement} */
  function createElement(name) {
    /** @type {[string, Function][]} */
    const listeners = [];
    /** @type {Map<string, string>} */
    const attributes = new Map();
    let [html, value] = ['', ''];
    /** @param {string} text */
    const toHtml = (text) =>
      text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    /** @param {string} text */
    const toText = (text) =>
      text
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&quot;', '"')
        .replaceAll('&amp;', '&');
    const classes = () => new Set((attributes.get('class') ?? '').split(/\s+/).filter(Boolean));
    /** @param {(all: Set<string>) => unknown} change */
    const changeClasses = (change) => {
      const all = classes();
      change(all);
      attributes.set('class', Array.from(all).join(' '));
    };
    /** @type {FakeElement} */
    const element = {
      style: {},
      dataset: {},
      get value() {
        return value;
      },
      set value(text) {
        value = text === null ? '' : String(text);
      },
      get textContent() {
        return toText(html.replace(/<[^>]*>/g, ''));
      },
      set textContent(text) {
        log(`${name}.textContent = ${textOf(text)}`);
        html = toHtml(String(text ?? ''));
      },
      get innerText() {
        return this.textContent;
      },
      set innerText(text) {
        this.textContent = text === null ? '' : String(text);
      },
      get innerHTML() {
        return html;
      },
      set innerHTML(text) {
        log(`${name}.innerHTML = ${textOf(text)}`);
        html = text === null ? '' : String(text);
      },
      get className() {
        return attributes.get('class') ?? '';
      },
      set className(text) {
        attributes.set('class', String(text));
      },
      classList: {
        add: (/** @type {string} */ one) => changeClasses((all) => all.add(one)),
        remove: (/** @type {string} */ one) => changeClasses((all) => all.delete(one)),
        contains: (/** @type {string} */ one) => classes().has(one),
        toggle(/** @type {string} */ one, force = !classes().has(one)) {
          changeClasses((all) => (force ? all.add(one) : all.delete(one)));
          return force;
        },
      },
      getAttribute: (/** @type {string} */ key) => attributes.get(key) ?? null,
      /** @param {string} key @param {unknown} text */
      setAttribute: (key, text) => void attributes.set(key, String(text)),
      hasAttribute: (/** @type {string} */ key) => attributes.has(key),
      removeAttribute: (/** @type {string} */ key) => void attributes.delete(key),
      appendChild(/** @type {FakeElement} */ child) {
        html += child.outerHTML;
        return child;
      },
      get outerHTML() {
        return `<${name}>${html}</${name}>`;
      },
      focus() {},
      addEventListener: (type, listener) => void listeners.push([type, listener]),
      /** @param {string} type @param {Function} listener */
      removeEventListener(type, listener) {
        const at = listeners.findIndex(([kind, one]) => kind === type && one === listener);
        if (at >= 0) listeners.splice(at, 1);
      },
      dispatchEvent(/** @type {Event} */ event) {
        Object.assign(event, { target: this, currentTarget: this });
        const own = /** @type {any} */ (this)[`on${event.type}`]; // whatever the program has put there
        const all = [
          own,
          ...listeners.flatMap(([type, one]) => (type === event.type ? [one] : [])),
        ];
        for (const one of all) if (typeof one === 'function') one.call(this, event);
        return !event.defaultPrevented;
      },
      fire: (type) => void element.dispatchEvent(new Event(type, { cancelable: true })),
    };
    for (const flag of ['hidden', 'disabled']) {
      Object.defineProperty(element, flag, {
        get: () => attributes.has(flag),
        set: (isSet) => (isSet ? attributes.set(flag, '') : attributes.delete(flag)),
      });
    }
    return element;
  }

  /** @returns {import('./exercise.js').FakeSession} */
  function createSession() {
    const data = new Map();
    /**
     * The Map's method of that name, which writes down each call.
     * @param {'get' | 'has' | 'set' | 'delete'} verb
     * @returns {(...all: any[]) => any} checked against FakeSession where it is used
     */
    const told =
      (verb) =>
      (...all) => {
        log(`session.${verb}(${all.map(textOf).join(', ')})`);
        return /** @type {any} */ (data)[verb](...all); // one of the four
      };
    return { get: told('get'), has: told('has'), set: told('set'), delete: told('delete') };
  }

  /** @param {unknown} value */
  function textOf(value) {
    return (JSON.stringify(value) ?? String(value)).slice(0, 200);
  }
}
