// @ts-check
/** @type {import('../exercise.js').Exercise} */
export const key = {
  name: 'key',
  title: { en: 'session[key], on the server', zh: 'session[key]，服务器一侧' },
  task: {
    en: 'Now the server: answer(method, key, value, session) works on one browser’s session, which has get, set, has and delete. PUT keeps the value and returns { status: 200, value }; GET returns the same for what is kept. DELETE removes the key and returns { status: 204 }; for a key that is not there, GET and DELETE return { status: 404 }.',
    zh: '现在写服务器：answer(method, key, value, session) 处理一个浏览器的会话，它有 get、set、has 与 delete。PUT 保存值并返回 { status: 200, value }；GET 对已保存的值返回同样的内容。DELETE 删除键并返回 { status: 204 }；键不存在时，GET 与 DELETE 返回 { status: 404 }。',
  },
  hint: {
    en: 'An empty text is a value, too: ask has, not whether get gives something true.',
    zh: '空文本也是值：用 has 判断，而不是看 get 的结果是否为真。',
  },
  gives: ['answer'],
  start: `function answer(method, key, value, session) {
  if (method === 'PUT') session.set(key, value);
  return { status: 200, value: session.get(key) };
}
`,
  solution: `function answer(method, key, value, session) {
  if (method === 'PUT') {
    session.set(key, value);
    return { status: 200, value: value };
  }
  if (!session.has(key)) return { status: 404 };
  if (method === 'GET') return { status: 200, value: session.get(key) };
  session.delete(key);
  return { status: 204 };
}
`,
  behaviours: [
    {
      says: { en: 'PUT keeps the value and gives it back', zh: 'PUT 保存值并将它返回' },
      run: ({ load, session }) => {
        const { status, value } = load().answer?.('PUT', 'colour', 'red', session) ?? {};
        return [
          [status, value, session.get('colour')],
          [200, 'red', 'red'],
        ];
      },
    },
    {
      says: { en: 'GET gives what is kept', zh: 'GET 返回已保存的值' },
      run: ({ load, session }) => {
        session.set('colour', 'blue');
        const { status, value } = load().answer?.('GET', 'colour', undefined, session) ?? {};
        return [
          [status, value],
          [200, 'blue'],
        ];
      },
    },
    {
      says: { en: 'GET of a key that is not there is a 404', zh: 'GET 不存在的键：404' },
      run: ({ load, session }) => [
        load().answer?.('GET', 'colour', undefined, session)?.status,
        404,
      ],
    },
    {
      says: { en: 'An empty value is a value', zh: '空值也是值' },
      run: ({ load, session }) => {
        session.set('colour', '');
        return [load().answer?.('GET', 'colour', undefined, session)?.status, 200];
      },
    },
    {
      says: { en: 'DELETE removes the key', zh: 'DELETE 删除键' },
      run: ({ load, session }) => {
        session.set('colour', 'blue');
        const { status } = load().answer?.('DELETE', 'colour', undefined, session) ?? {};
        return [
          [status, session.has('colour')],
          [204, false],
        ];
      },
    },
    {
      says: { en: 'DELETE of a key that is not there is a 404', zh: 'DELETE 不存在的键：404' },
      run: ({ load, session }) => [
        load().answer?.('DELETE', 'colour', undefined, session)?.status,
        404,
      ],
    },
  ],
};
