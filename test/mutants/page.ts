import { mutantsOf } from './mutant.ts';

/** The frame of the page, and its drawing. */
export const page = [
  ...mutantsOf(
    'static/js/page/boot.js',
    ['page/storage.test.ts'],
    [
      "new URLSearchParams(location.search).get('part') ?? ''",
      "''",
      {
        tests: ['page/whole.test.ts'],
      },
    ],
    ['        unstored.set(key, value); // blocked', '        // blocked'],
    ['return null; // blocked', "return ''; // blocked"],
    ['getItem(PREFIX + key)', 'getItem(key)'],
    ['    storage.set(KEY, wanted);\n', ''],
    ['    if (en === zh) return [en];\n', '', { tests: ['page/drawing.test.ts'] }],
  ),
  ...mutantsOf(
    'static/js/page/nav.js',
    ['page/course.test.ts'],
    ['return /^[a-z]+$/.test(name) ? name : HOME;', 'return name;'],
    ['[...new Set([...done(), name])]', '[name]'],
    ['names[index + 1]', 'names[index + 2]'],
  ),
  ...mutantsOf(
    'static/js/page/failed.js',
    ['page/page-fails.test.ts'],
    ['status === 0 ? UNREACHABLE : refused', 'refused'],
    ['againButton(() => location.reload())', 'againButton(() => {})'],
  ),
  ...mutantsOf('static/js/page/source-view.js', ['page/code.test.ts'], ['index + 1}', 'index}']),
  ...mutantsOf(
    'static/js/page/navigations.js',
    ['page/spa.test.ts'],
    ['transferSize < encodedBodySize', 'transferSize === 0'],
    ["observer.observe({ type: 'navigation', buffered: true });\n", ''],
  ),
  ...mutantsOf(
    'static/js/page/page.js',
    ['page/page.test.ts'],
    ['await script;\n  if (signal.aborted) return;\n', 'await script;\n'],
    [" && part.matches('article') ? part", ' ? part', { tests: ['page/page-fails.test.ts'] }],
    [
      "document.addEventListener('submit', (event) => event.preventDefault());\n",
      '',
      { tests: ['page/page-fails.test.ts'] },
    ],
    ['if (link.href !== location.href) history', 'history', { tests: ['page/spa.test.ts'] }],
    ['if (withoutHash(location.href) === current) scrolling.restore();\n  else show', 'show'],
    [
      'if (withoutHash(location.href) === current)',
      'if (partOf(location.href) === partOf(current))',
    ],
    [
      "if (type === 'link') scrollTo(0, 0);\n  else scrolling",
      'scrolling',
      { tests: ['page/spa.test.ts'] },
    ],
  ),
  ...mutantsOf(
    'static/js/page/scroll-restoration.js',
    ['page/page.test.ts'],
    ['if (isSettled()) history', 'history'],
    ["addEventListener('pagehide', save);\n", ''],
  ),
  ...mutantsOf(
    'static/js/page/requirements.js',
    ['page/notices.test.ts'],
    ['    if (status !== 200) setTimeout(() => watchDatabase(say, signal), AGAIN_MS);\n', ''],
    ["say(status === 200 ? '' : NO_DATABASE);", 'if (status !== 200) say(NO_DATABASE);'],
    ['resolve(status === 404)', 'resolve(status !== 204)'],
    ['if (!navigator.cookieEnabled)', 'if (!document.cookie)', { tests: ['page/session.test.ts'] }],
    [
      "    signal.addEventListener('abort', () => notice.remove());\n",
      '',
      {
        tests: ['page/storage.test.ts'],
      },
    ],
  ),
  ...mutantsOf(
    'static/js/page/source-view.js',
    ['page/page-fails.test.ts'],
    ['xhr.status === 404 ? OFF : NOT_NOW', 'NOT_NOW'],
  ),
  ...mutantsOf(
    'static/js/page/nav.js',
    ['page/course.test.ts'],
    ["  link.setAttribute('rel', rel);\n", ''],
  ),

  ...mutantsOf(
    'static/js/page/drawing/drawing.js',
    ['page/drawing.test.ts'],
    ['await over;\n    if (mine !== newest) return showSessions();\n', 'await over;\n'],
    ['isSlow ? SLOW_LEG_MS : LEG_MS', 'LEG_MS'],
    ['if (answer.status === 0) return;\n', ''],
  ),
  ...mutantsOf(
    'static/js/page/drawing/message.js',
    ['page/drawing.test.ts'],
    ["matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : ms", 'ms'],
    ["if (event.key !== 'Enter' && event.key !== ' ') return;", "if (event.key !== ' ') return;"],
  ),
  ...mutantsOf(
    'static/js/page/drawing/server.js',
    ['page/drawing.test.ts'],
    ['  if (first === undefined) return undefined;\n', ''],
  ),
  ...mutantsOf(
    'static/js/page/drawing/server.js',
    ['page/drawing.test.ts'],
    ['if (isAnother) another = entry;\n      else mine', 'mine'],
  ),
];
