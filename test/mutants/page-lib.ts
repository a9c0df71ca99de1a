import { mutantsOf } from './mutant.ts';

/** What the parts of the page share. */
export const pageLib = [
  ...mutantsOf(
    'static/js/common.js',
    ['page/xhr.test.ts'],
    ['if (window.XMLHttpRequest) {', "if (!('ActiveXObject' in window)) {"],
  ),

  ...mutantsOf(
    'static/js/lib/ask.js',
    ['page/page.test.ts'],
    ['    if (!signal?.aborted) done(xhr);', '    done(xhr);'],
    ['  xhr.timeout = timeoutMs;\n', '', { tests: ['page/form.test.ts'] }],
    ['encodeURIComponent(value)', 'value', { tests: ['page/session.test.ts'] }],
    ['  if (isFrame) ignore(xhr);\n', '', { tests: ['page/drawing.test.ts'] }],
  ),
  ...mutantsOf(
    'static/js/lib/code.js',
    ['page/code.test.ts'],
    ["        line.append('\\n');\n", ''],
    ['      getSelection()?.selectAllChildren(source);\n', ''],
  ),
  ...mutantsOf(
    'static/js/lib/failure.js',
    ['page/account.test.ts'],
    [" && jsonOf(xhr.responseText)?.code === 'login_required'", ''],
    ["xhr.getResponseHeader?.('Retry-After') ?? '?'", "'?'"],
    [
      '? jsonOf(xhr.responseText) : undefined',
      '? JSON.parse(xhr.responseText) : undefined',
      {
        tests: ['page/not-json.test.ts'],
      },
    ],
  ),
  ...mutantsOf(
    'static/js/lib/name-check.js',
    ['page/form.test.ts'],
    ['    if (asked !== sequence || signal.aborted) return;\n', ''],
    ['    if (name === checked) return;\n', ''],
    [
      "'checking'].includes(verdict)) checked = '';",
      "'checking'].includes(verdict)) checked = '?';",
    ],
    ["    if (!isUname(name)) return show('notAllowed');\n", ''],
    ['if (hasShownError || isLeft)', 'if (isLeft)'],
    ["      if (input.value === '') show('empty');\n", ''],
  ),
  ...mutantsOf(
    'static/js/lessons/name-check.js',
    ['page/form.test.ts'],
    [
      '      if (number !== newest) return; // a later question\n',
      '',
      { tests: ['page/lessons-alone.test.ts'] },
    ],
    ['    xhr.timeout = 20000; // ms\n', ''],
  ),
  ...mutantsOf(
    'static/js/lib/observe-xhr.js',
    ['page/code.test.ts'],
    ["isSent ? 'answered' : 'sent'", "'sent'"],
    ['    xhr.abort();\n', '', { tests: ['page/request.test.ts'] }],
    ['      end(); //', '      //', { tests: ['page/sync.test.ts'] }],
  ),
  ...mutantsOf(
    'static/js/lib/presence.js',
    ['page/presence.test.ts'],
    ['    clearTimeout(timer);\n    if', '    if'],
    ["  document.addEventListener('visibilitychange', soon, { signal });\n", ''],
  ),
  ...mutantsOf(
    'static/js/lib/press.js',
    ['page/press.test.ts'],
    ['  if (down.size > 0) return;\n', ''],
    ['if (down.get(pointerId) === press) down', 'down'],
    ['if (event.button === 0) down', 'down'],
    ["addEventListener('pointercancel', released, { capture: true });\n", ''],
    ['  down.clear();\n', ''],
  ),
  ...mutantsOf(
    'static/js/lib/raw.js',
    ['page/request.test.ts'],
    ["  if (status === 0) return '';\n", ''],
    ['  if (letters.length <= LONGEST_LINE) return text;\n', ''],
    ['{ Host: location.host, ...headers }', 'headers'],
  ),
  ...mutantsOf(
    'static/js/lib/rules.js',
    ['page/rules.test.ts'],
    ['{3,20}$', '{3,19}$'],
    ['const { length } = [...text];', 'const { length } = text;'],
    ['length >= 8 &&', 'length > 8 &&'],
    ['[...text].length <= 32', '[...text].length < 32'],
    [" && text !== '..'", ''],
    ['new TextEncoder().encode(text).length', 'text.length'],
  ),
  ...mutantsOf(
    'static/js/lib/time.js',
    ['page/request.test.ts'],
    ['ms < 10 ? ms.toFixed(1) : String(Math.round(ms))', 'String(Math.round(ms))'],
  ),
  ...mutantsOf(
    'static/js/lib/traffic.js',
    ['page/drawing.test.ts'],
    [".replace(/(^|&)upwd=[^&]*/, '$1upwd=…')", ''],
    ["isAnother: credentials === 'omit',", 'isAnother: false,'],
    ['.catch(noAnswer)', '', { tests: ['page/fetch.test.ts'] }],
  ),
  ...mutantsOf(
    'static/js/lib/typing.js',
    ['page/typing.test.ts'],
    [' || event.keyCode === 229', ''],
    ['    if (!(event instanceof InputEvent && event.isComposing)) entered();', '    entered();'],
    ["  input.addEventListener('compositionend', entered, { signal });\n", ''],
  ),
  ...mutantsOf(
    'static/js/lib/wire.js',
    ['page/session.test.ts'],
    ['    while (list.children.length > MOST) list.lastElementChild?.remove();\n', ''],
    ['list.prepend(item)', 'list.append(item)'],
  ),
];
