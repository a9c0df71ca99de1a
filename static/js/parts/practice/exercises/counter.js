// @ts-check
/** @type {import('../exercise.js').Exercise} */
export const counter = {
  name: 'counter',
  title: { en: 'A counter for each browser', zh: '每个浏览器各自的计数' },
  task: {
    en: 'visit(cookie, sessions, newId) counts how often a browser has come, and returns { cookie, count }. cookie is the id that the browser has sent, or undefined; sessions is a Map from id to session, and newId() makes an id that nobody can guess. Two browsers do not share a count, and an id that is not in the map was not given out by this server.',
    zh: 'visit(cookie, sessions, newId) 统计一个浏览器来过多少次，返回 { cookie, count }。cookie 是浏览器带来的标识，没有时为 undefined；sessions 是从标识到会话的 Map，newId() 生成无法猜到的标识。两个浏览器的计数互不相干；不在 Map 里的标识，不是本服务器发出的。',
  },
  hint: {
    en: 'First find the session, or make one and put it into the map. Only then count, in it.',
    zh: '先找到会话；没有就新建一个放进 Map。然后才在它里面计数。',
  },
  gives: ['visit'],
  start: `var count = 0;

function visit(cookie, sessions, newId) {
  count += 1;
  return { cookie: cookie || newId(), count: count };
}
`,
  solution: `function visit(cookie, sessions, newId) {
  var id = sessions.has(cookie) ? cookie : newId();
  var session = sessions.get(id) || { count: 0 };
  session.count += 1;
  sessions.set(id, session);
  return { cookie: id, count: session.count };
}
`,
  behaviours: [
    {
      says: { en: 'The first visit is number 1', zh: '第一次来访计为 1' },
      run: ({ load }) => [load().visit?.(undefined, new Map(), () => 'x7')?.count, 1],
    },
    {
      says: {
        en: 'A browser without a cookie gets a new id',
        zh: '没有 Cookie 的浏览器得到新的标识',
      },
      run: ({ load }) => [load().visit?.(undefined, new Map(), () => 'x7')?.cookie, 'x7'],
    },
    {
      says: { en: 'For a browser that comes back, the count goes on', zh: '再次来访时接着计数' },
      run: ({ load }) => {
        const { visit } = load();
        const sessions = new Map();
        const before = visit?.(undefined, sessions, () => 'x7');
        return [visit?.('x7', sessions, () => 'y8')?.count - before?.count, 1];
      },
    },
    {
      says: {
        en: 'Another browser’s count starts over',
        zh: '另一个浏览器从头开始计数',
      },
      run: ({ load }) => {
        const { visit } = load();
        const sessions = new Map();
        const one = visit?.(undefined, sessions, () => 'x7');
        return [visit?.(undefined, sessions, () => 'y8')?.count - one?.count, 0];
      },
    },
    {
      says: {
        en: 'An id that this server did not give out is not adopted',
        zh: '不是本服务器发出的标识，不予采用',
      },
      run: ({ load }) => [load().visit?.('made-up', new Map(), () => 'x7')?.cookie, 'x7'],
    },
  ],
};
