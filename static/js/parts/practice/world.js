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
export function createWorld({ program, gives }, calls, Problem) {
  /** @type {Request[]} */
  const requests = [];
  /** @type {unknown[]} */
  const said = [];
  /** @param {string} call @param {Partial<import('./exercise.js').Call>} [more] */
  const log = (call, more) => {
    if (calls.length < 60) calls.push({ call, xhr: 0, ...more });
  };
  const box = createElement('box');
  const hint = createElement('hint');
  const document = {
    /** @param {string} id */
    getElementById: (id) => ({ uname: box, box, hint })[id] ?? null,
  };
  return {
    requests,
    said,
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
      const scope = { XMLHttpRequest: xhrClass(), document, box, hint, ...differently };
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

  function xhrClass() {
    class XMLHttpRequest {
      timeout = 0;
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
            for (const state of [2, 3, 4]) this.#to(state, status, state > 2 ? text : '');
            this.#end('load');
          },
          fail: () => this.#break('error'),
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
        return '';
      }
      get responseText() {
        return this.#state.responseText;
      }
      get response() {
        return this.#state.responseText;
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
        if (this.readyState !== 1 || this.#request.isSent) throw new Problem('header too early');
        this.#request.headers[String(name).toLowerCase()] = String(value);
      }

      /** @param {unknown} [body] */
      send(body = null) {
        this.#log(`send(${textOf(body)})`);
        if (this.readyState !== 1 || this.#request.isSent) throw new Problem('send too early');
        this.#request.isSent = true;
        this.#request.body = body === null ? null : String(body);
      }

      abort() {
        this.#log('abort()');
        if (this.#request.isSent && this.readyState !== 4) this.#break('abort');
      }

      /** @param {string} type @param {Function} listener */
      addEventListener(type, listener) {
        this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
      }

      /** @param {string} call @param {number} [state] */
      #log(call, state) {
        log(call, state === undefined ? { xhr: this.#number } : { xhr: this.#number, state });
      }

      /** @param {string} type */
      #fire(type) {
        const own = /** @type {any} */ (this)[`on${type}`]; // whatever the program has put there
        for (const listener of [own, ...(this.#listeners.get(type) ?? [])])
          if (typeof listener === 'function') listener.call(this, { type, target: this });
      }

      /** @param {number} state @param {number} status @param {string} text */
      #to(state, status, text) {
        // What was given up or is over hears nothing more.
        if (this.readyState === 4 && state !== 1) return;
        this.#state = { readyState: state, status, responseText: text };
        const told = state === 4 ? `readyState 4, status ${status}` : `readyState ${state}`;
        this.#log(told, state);
        this.#fire('readystatechange');
      }

      /** @param {string} how */
      #break(how) {
        if (this.readyState === 4) return;
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
    let text = '';
    return {
      value: '',
      get textContent() {
        return text;
      },
      set textContent(value) {
        log(`${name}.textContent = ${textOf(value)}`);
        text = String(value);
      },
      get innerText() {
        return text;
      },
      set innerText(value) {
        this.textContent = value;
      },
      get innerHTML() {
        return text;
      },
      set innerHTML(value) {
        this.textContent = String(value).replace(/<[^>]*>/g, '');
      },
      addEventListener: (type, listener) => void listeners.push([type, listener]),
      fire(type) {
        const own = /** @type {any} */ (this)[`on${type}`]; // whatever the program has put there
        const all = [own, ...listeners.flatMap(([kind, one]) => (kind === type ? [one] : []))];
        for (const one of all)
          if (typeof one === 'function') one.call(this, { type, target: this });
      },
    };
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
