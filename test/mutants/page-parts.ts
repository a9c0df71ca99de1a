import { mutantsOf } from './mutant.ts';

/** The parts of the page: the lessons. */
export const pageParts = [
  ...mutantsOf(
    'static/js/parts/start.js',
    ['page/whole.test.ts'],
    ['  if (document.activeElement !== input) name.check();\n', ''],
  ),
  ...mutantsOf(
    'static/js/parts/form.js',
    ['page/account.test.ts'],
    ["  listTraffic(elementOf('wire'), signal);\n", ''],
  ),
  ...mutantsOf(
    'static/js/parts/form/account.js',
    ['page/account.test.ts'],
    ['if (hasBadName || isGood', 'if (isGood', { tests: ['page/form.test.ts'] }],
    ['        setBusy(loginForm, false);\n', ''],
    ['        loginForm.reset();\n', ''],
    ['          name.isTaken();\n', ''],
    ['  onReturn(look, signal);\n', '', { tests: ['page/presence.test.ts'] }],
  ),

  ...mutantsOf(
    'static/js/parts/faults.js',
    ['page/faults.test.ts'],
    ['    giveUp();\n    current = number;', '    current = number;'],
  ),
  ...mutantsOf(
    'static/js/lessons/faults/6.js',
    ['page/faults.test.ts'],
    ['/lab/slow?ms=3000', '/lab/slow?ms=300'],
  ),
  ...mutantsOf(
    'static/js/parts/faults/observe.js',
    ['page/faults.test.ts'],
    ['if (seen.states.at(-1) !== xhr.readyState) seen', 'seen'],
    ['    if (!isGivenUp) done(', '      done('],
  ),

  ...mutantsOf(
    'static/js/parts/cookie.js',
    ['page/cookie.test.ts'],
    ['=; Path=/lab; Max-Age=0`', '=; Path=/; Max-Age=0`'],
    ["    if (isInSession) ask('DELETE'", "    if (!isInSession) ask('DELETE'"],
  ),

  ...mutantsOf(
    'static/js/parts/cookie/signed.js',
    ['page/cookie.test.ts'],
    ["verify(old === '' ? KEY_CHANGED : undefined)", 'verify()'],
    ['    keyOld.value = old;\n', ''],
  ),
  ...mutantsOf(
    'static/js/parts/suggest.js',
    ['page/suggest-guards.test.ts'],
    ["if (isStale && isOn('guard'))", 'if (isStale)'],
    ['    clearTimeout(asking);\n', '', { tests: ['page/suggest.test.ts'] }],
  ),
  ...mutantsOf(
    'static/js/lessons/suggest.js',
    ['page/suggest-guards.test.ts'],
    ['  clearTimeout(pause);\n  pause =', '  pause ='],
    ['  if (settings.abort && running) running.abort(); // 2. abort\n', ''],
    [
      '    if (settings.stale && number !== newest) return; // 3. stale guard\n',
      '',
      { tests: ['page/lessons-alone.test.ts'] },
    ],
  ),
  ...mutantsOf(
    'static/js/parts/suggest/race.js',
    ['page/suggest-guards.test.ts'],
    ['        running -= 1;\n', ''],
  ),
  ...mutantsOf(
    'static/js/parts/suggest/combobox.js',
    ['page/suggest.test.ts'],
    ['    isOld = on.dismissed();\n', ''],
    ['if (alt) dismiss();', 'if (alt) close();'],
    [
      "  listbox.addEventListener('mousedown', (event) => event.preventDefault(), { signal });\n",
      '',
    ],
    ['(active + 1) % options.length', 'Math.min(active + 1, options.length - 1)'],
    ['isComposing(event) || ', '', { tests: ['page/typing.test.ts'] }],
    ['afterPointerUp(left)', 'left()'],
  ),

  ...mutantsOf(
    'static/js/parts/request.js',
    ['page/request.test.ts'],
    ["    giveUp();\n    const isDrip = name === 'drip';", "    const isDrip = name === 'drip';"],
  ),
  ...mutantsOf(
    'static/js/parts/request/timeline.js',
    ['page/request.test.ts'],
    ['      cancelAnimationFrame(frame);\n      svg.setAttribute', '      svg.setAttribute'],
  ),

  ...mutantsOf(
    'static/js/parts/xhr.js',
    ['page/xhr.test.ts'],
    ['      else Reflect.deleteProperty(window, name);\n', ''],
  ),
  ...mutantsOf(
    'static/js/parts/fetch.js',
    ['page/fetch.test.ts'],
    ['      controller.abort();\n', ''],
  ),
  ...mutantsOf(
    'static/js/lessons/fetch.js',
    ['page/fetch.test.ts'],
    ["  xhr.onerror = () => done('no answer');\n", ''],
    ['if (!response.ok)', 'if (response.status >= 500)'],
  ),

  ...mutantsOf(
    'static/js/parts/session.js',
    ['page/session.test.ts'],
    ["responseText }), 'bad');\n      look();\n", "responseText }), 'bad');\n"],
    ["else if (answer.code === 'no_such_key')", 'else if (status === 410)'],
    [", credentials: 'omit'", '', { tests: ['page/drawing.test.ts'] }],
  ),
  ...mutantsOf(
    'static/js/parts/session/view.js',
    ['page/session.test.ts'],
    ['Date.now() + Date.parse(idleExpiresAt) - serverNow', 'Date.parse(idleExpiresAt)'],
  ),
  ...mutantsOf(
    'static/js/parts/form/sessions.js',
    ['page/account.test.ts'],
    ["      elementOf('mine-heading').focus();\n", ''],
    ['listings.length < 2', 'listings.length < 1'],
  ),

  ...mutantsOf(
    'static/js/parts/spa.js',
    ['page/spa.test.ts'],
    ['!navigation.canGoForward', 'navigation.canGoForward'],
    ["  addEventListener('scroll', showLater, { signal });\n", ''],
  ),
  ...mutantsOf(
    'static/js/parts/sync.js',
    ['page/sync.test.ts'],
    ["    if (isRunning) return language.say(elementOf('message'), STILL_RUNNING);\n", ''],
    ['      done(0);\n', ''],
  ),
  ...mutantsOf('static/js/parts/sync/track.js', ['page/sync.test.ts'], [' && at < answeredAt', '']),
  ...mutantsOf(
    'static/js/parts/return.js',
    ['page/return.test.ts'],
    ['          note(BROKEN, String(error));\n', ''],
  ),
  ...mutantsOf(
    'static/js/lessons/return.js',
    ['page/return.test.ts'],
    ["xhr.open('get', url, false)", "xhr.open('get', url, true)"],
  ),
  ...mutantsOf(
    'static/js/parts/encoding.js',
    ['page/encoding.test.ts'],
    ['/[&<>"]/g', '/[<>"]/g'],
    ['if (over.status === 0) return', 'if (over.status === 1) return'],
  ),
  ...mutantsOf(
    'static/js/parts/encoding/outline.js',
    ['page/encoding.test.ts'],
    ['/([\\s"\'/])(on|style)/gi', '/(\\s)(on|style)/gi'],
    [' || isScript(value)', ''],
  ),
];
