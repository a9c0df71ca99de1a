// @ts-check
/** @type {import('../exercise.js').Exercise} */
export const get = {
  name: 'get',
  title: { en: 'A GET that shows its answer', zh: '发 GET，显示响应' },
  task: {
    en: 'Write ask(name, show), which asks the server to greet somebody. It sends an asynchronous GET to /01-server?name=… without a body. When the whole answer is there, it calls show with its text.',
    zh: '请写出 ask(name, show)，让服务器问候某人。它以异步方式向 /01-server?name=… 发出 GET，不带正文。响应全部到达后，用响应文本调用 show。',
  },
  hint: {
    en: 'Four steps: make, open, say what is to happen at each readyState, send. 4 means over.',
    zh: '四步：创建、open、设定 readyState 变化时做什么、send。4 表示结束。',
  },
  gives: ['ask'],
  start: `function ask(name, show) {
  var xhr = new XMLHttpRequest();
  // Your code
}
`,
  solution: `function ask(name, show) {
  var xhr = new XMLHttpRequest();
  xhr.open('get', '/01-server?name=' + encodeURIComponent(name), true);
  xhr.onreadystatechange = function () {
    if (xhr.readyState === 4) show(xhr.responseText);
  };
  xhr.send(null);
}
`,
  behaviours: [
    {
      says: { en: 'It opens GET /01-server?name=Ada', zh: '打开 GET /01-server?name=Ada' },
      run: ({ load, opened, show }) => {
        load().ask?.('Ada', show);
        return [`${opened().method} ${opened().url}`, 'GET /01-server?name=Ada'];
      },
    },
    {
      says: { en: 'It does not wait for the answer', zh: '不停下来等待响应（异步）' },
      run: ({ load, opened, show }) => {
        load().ask?.('Ada', show);
        return [opened().isAsync, true];
      },
    },
    {
      says: { en: 'It sends the request, without a body', zh: '发出请求，不带正文' },
      run: ({ load, sent, show }) => {
        load().ask?.('Ada', show);
        return [sent().body, null];
      },
    },
    {
      says: { en: 'It shows the text of the answer', zh: '显示响应文本' },
      run: ({ load, requests, shown, show }) => {
        load().ask?.('Ada', show);
        requests[0]?.answer(200, 'Hello, Ada!');
        return [shown(), 'Hello, Ada!'];
      },
    },
    {
      says: {
        en: 'It shows nothing while the answer is still coming',
        zh: '响应尚未到齐时，什么也不显示',
      },
      run: ({ load, requests, said, show }) => {
        load().ask?.('Ada', show);
        requests[0]?.receive(2, 200);
        requests[0]?.receive(3, 200, 'Hel');
        return [said, []];
      },
    },
  ],
};
