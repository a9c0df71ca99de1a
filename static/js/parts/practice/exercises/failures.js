// @ts-check
/** @type {import('../exercise.js').Exercise} */
export const failures = {
  name: 'failures',
  title: { en: 'Every way to fail', zh: '失败的每一种方式' },
  task: {
    en: 'Write ask(url, show), which always says something, and only once. It shows the text of an answer with status 200, and "failed" for any other status. It shows "unreachable" when there is no connection, and "too slow" when no answer has come after 5 seconds.',
    zh: '请写出 ask(url, show)：无论如何都要说一句，而且只说一次。status 为 200 时显示响应文本，其他 status 显示 "failed"。连接不上时显示 "unreachable"；5 秒后仍没有响应时显示 "too slow"。',
  },
  hint: {
    en: 'Without an answer, the end is readyState 4 with status 0, whatever the cause. The events error and timeout tell which it was.',
    zh: '没有响应时，不论原因，最后都是 readyState 4、status 0。要区分原因，看 error 与 timeout 事件。',
  },
  gives: ['ask'],
  start: `function ask(url, show) {
  var xhr = new XMLHttpRequest();
  xhr.open('get', url, true);
  xhr.onload = function () {
    show(xhr.responseText);
  };
  xhr.send(null);
}
`,
  solution: `function ask(url, show) {
  var xhr = new XMLHttpRequest();
  xhr.open('get', url, true);
  xhr.timeout = 5000;
  xhr.onload = function () {
    show(xhr.status === 200 ? xhr.responseText : 'failed');
  };
  xhr.onerror = function () {
    show('unreachable');
  };
  xhr.ontimeout = function () {
    show('too slow');
  };
  xhr.send(null);
}
`,
  behaviours: [
    {
      says: { en: 'It shows the answer of a 200', zh: '200：显示响应文本' },
      run: ({ load, sent, shown, show }) => {
        load().ask?.('/x', show);
        sent().answer(200, 'fine');
        return [shown(), 'fine'];
      },
    },
    {
      says: { en: 'It says that a 500 failed', zh: '500：说 failed' },
      run: ({ load, sent, shown, show }) => {
        load().ask?.('/x', show);
        sent().answer(500, 'Internal Server Error');
        return [shown(), 'failed'];
      },
    },
    {
      says: { en: 'It says that the server is unreachable', zh: '连接不上：说 unreachable' },
      run: ({ load, sent, shown, show }) => {
        load().ask?.('/x', show);
        sent().fail();
        return [shown(), 'unreachable'];
      },
    },
    {
      says: { en: 'It waits 5 seconds at most', zh: '最多等 5 秒' },
      run: ({ load, sent, show }) => {
        load().ask?.('/x', show);
        return [sent().waitsMs(), 5000];
      },
    },
    {
      says: { en: 'It says when that time is up', zh: '时间到了会说 too slow' },
      run: ({ load, sent, shown, show }) => {
        load().ask?.('/x', show);
        sent().timeOut();
        return [shown(), 'too slow'];
      },
    },
    {
      says: { en: 'It says one thing only', zh: '只说一次' },
      run: ({ load, sent, said, show }) => {
        load().ask?.('/x', show);
        sent().fail();
        return [said.length, 1];
      },
    },
  ],
};
