// @ts-check
/** @type {import('../exercise.js').Exercise} */
export const stale = {
  name: 'stale',
  title: { en: 'The stale answer', zh: '过时的响应' },
  task: {
    en: 'check(name, show) is called for one name after another, and answers may come in any order. It shows an answer with status 200 as its text, and anything else as "failed". What belongs to an earlier name must never show, whether it comes late, early or not at all.',
    zh: 'check(name, show) 会接连为不同的用户名调用，而响应到达的先后没有定准。status 为 200 时显示响应文本，其余显示 "failed"。凡属于较早用户名的结果，无论来得晚、来得早，还是根本没来，都绝不能显示。',
  },
  hint: {
    en: 'Count the calls. Each request remembers its own number, and when it is over compares it with the last one.',
    zh: '给每次调用编号。每个请求记住自己的编号，结束时与最新的编号比较。',
  },
  gives: ['check'],
  start: `function check(name, show) {
  var xhr = new XMLHttpRequest();
  xhr.open('get', '/check-uname?uname=' + encodeURIComponent(name), true);
  xhr.onreadystatechange = function () {
    if (xhr.readyState !== 4) return;
    show(xhr.status === 200 ? xhr.responseText : 'failed');
  };
  xhr.send(null);
}
`,
  solution: `var last = 0;

function check(name, show) {
  last += 1;
  var mine = last;
  var xhr = new XMLHttpRequest();
  xhr.open('get', '/check-uname?uname=' + encodeURIComponent(name), true);
  xhr.onreadystatechange = function () {
    if (xhr.readyState !== 4 || mine !== last) return;
    show(xhr.status === 200 ? xhr.responseText : 'failed');
  };
  xhr.send(null);
}
`,
  behaviours: [
    {
      says: { en: 'The answer to the last name shows', zh: '最后一个用户名的响应会显示' },
      run: ({ load, sent, shown, show }) => {
        const { check } = load();
        check?.('first', show);
        check?.('second', show);
        sent(1).answer(200, 'about second');
        return [shown(), 'about second'];
      },
    },
    {
      says: {
        en: 'An answer that comes after the newer one does not show',
        zh: '比新响应更晚到达的旧响应不显示',
      },
      run: ({ load, sent, said, show }) => {
        const { check } = load();
        check?.('first', show);
        check?.('second', show);
        sent(1).answer(200, 'about second');
        sent(0).answer(200, 'about first');
        return [said.filter((text) => text === 'about first'), []];
      },
    },
    {
      says: {
        en: 'Nor does one that comes while the newer one is still awaited',
        zh: '新响应还没到时，旧响应也不显示',
      },
      run: ({ load, sent, said, show }) => {
        const { check } = load();
        check?.('first', show);
        check?.('second', show);
        sent(0).answer(200, 'about first');
        return [said.filter((text) => text === 'about first'), []];
      },
    },
    {
      says: {
        en: 'That an earlier request has failed, or was given up, does not show',
        zh: '较早的请求失败或被放弃，也不显示',
      },
      run: ({ load, sent, said, show }) => {
        const { check } = load();
        check?.('first', show);
        check?.('second', show);
        sent(0).fail();
        return [said.filter((text) => text === 'failed'), []];
      },
    },
    {
      says: { en: 'A failure of the last one shows', zh: '最后一个请求失败时会显示' },
      run: ({ load, sent, shown, show }) => {
        load().check?.('only', show);
        sent().answer(500, 'Internal Server Error');
        return [shown(), 'failed'];
      },
    },
  ],
};
