/**
 * For each behaviour of each exercise, in their order: the piece of the solution that brings it
 * about, and what a program has there that fails in this behaviour and in no other.
 */
export const WRONG: Readonly<Record<string, readonly (readonly [right: string, wrong: string])[]>> =
  {
    xhr: [
      ['if (window.XMLHttpRequest)', 'if (!window.ActiveXObject)'],
      [
        'return new XMLHttpRequest();',
        'return window.only || (window.only = new XMLHttpRequest());',
      ],
      ["return new ActiveXObject('Microsoft.XMLHTTP');", 'return null;'],
    ],
    get: [
      ["'/01-server?name='", "'/02-server?name='"],
      ['encodeURIComponent(name), true);', 'encodeURIComponent(name), false);'],
      ['xhr.send(null);', "xhr.send('name');"],
      ['show(xhr.responseText)', 'show(xhr.statusText)'],
      ['xhr.readyState === 4', 'xhr.readyState >= 3'],
    ],
    encode: [
      ['encodeURIComponent(name)', "encodeURI(name).replace('+', '%2B')"],
      ['encodeURIComponent(name)', "encodeURIComponent(name).replace('%2B', '+')"],
      ['encodeURIComponent(name)', "encodeURIComponent(name).replace('%25', '%')"],
      ['encodeURIComponent(name)', "escape(name).replace('+', '%2B')"],
    ],
    post: [
      ["'/02-server'", "'/02-server?from=page'"],
      ["'application/x-www-form-urlencoded'", "'text/plain'"],
      ["'uname='", "'name='"],
      ['encodeURIComponent(upwd)', 'upwd'],
    ],
    states: [
      ['show(xhr.responseText)', 'show(xhr.statusText)'],
      ['xhr.status === 200', 'xhr.status < 500'],
      ['xhr.status === 200', 'xhr.status !== 404'],
      ['xhr.readyState !== 4', 'xhr.readyState < 2'],
    ],
    failures: [
      ["xhr.status === 200 ? xhr.responseText : 'failed'", "xhr.status === 200 ? 'ok' : 'failed'"],
      ["xhr.status === 200 ? xhr.responseText : 'failed'", 'xhr.responseText'],
      ["show('unreachable')", "show('failed')"],
      ['xhr.timeout = 5000;', ''],
      ["show('too slow')", "show('failed')"],
      ["show('unreachable');", "show('unreachable');\n    show('unreachable');"],
    ],
    blur: [
      ['encodeURIComponent(name)', 'encodeURIComponent(name.toUpperCase())'],
      ["'taken'", "'exists'"],
      ["'free'", "'good'"],
      ['box.onblur = function () {', 'box.oninput = box.onblur = function () {'],
      ["name === '' || ", ''],
      [' || name === asked', ''],
    ],
    stale: [
      ['xhr.responseText', "'good'"],
      [
        'mine !== last) return;',
        '(mine !== last && !window.answered)) return;\n    window.answered = true;',
      ],
      [
        'mine !== last) return;',
        'mine < (window.newest || 0) || (mine !== last && xhr.status === 0)) return;\n    window.newest = mine;',
      ],
      ['mine !== last', '(mine !== last && xhr.status !== 0)'],
      ["'failed'", "''"],
    ],
    key: [
      ['value: value', "value: ''"],
      ['value: session.get(key)', 'value: key'],
      [
        'if (!session.has(key)) return { status: 404 };',
        "if (!session.has(key)) return { status: method === 'GET' ? 200 : 404 };",
      ],
      ['if (!session.has(key))', "if (!session.has(key) || session.get(key) === '')"],
      ['session.delete(key);', ''],
      [
        'if (!session.has(key)) return { status: 404 };',
        "if (!session.has(key)) return { status: method === 'GET' ? 404 : 204 };",
      ],
    ],
    counter: [
      ['count: 0', 'count: 1'],
      ['cookie: id', 'cookie: cookie && id'],
      ['sessions.set(id, session);', 'if (id !== cookie) sessions.set(id, { count: 5 });'],
      ['sessions.get(id) ||', 'sessions.get(sessions.keys().next().value) ||'],
      ['sessions.has(cookie) ? cookie', 'cookie ? cookie'],
    ],
  };
