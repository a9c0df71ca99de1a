// @ts-check
/** @type {import('../exercise.js').Exercise} */
export const states = {
  name: 'states',
  title: { en: 'readyState and status', zh: 'readyState 与 status' },
  task: {
    en: 'readyState says how far a request is, status how it went: this ask(url, show) mixes them up. When the request is over and status is 200, it has to show the text of the answer; with any other status, "status " and the number. Before that it says nothing.',
    zh: 'readyState 说的是请求走到了哪一步，status 说的是结果如何：这个 ask(url, show) 把两者弄混了。请求结束且 status 为 200 时，应显示响应文本；其他 status 则显示 "status " 加上数字。在此之前什么也不说。',
  },
  hint: {
    en: 'status is 200 as soon as the headers are there, at readyState 2.',
    zh: '响应头一到（readyState 为 2），status 就已经是 200 了。',
  },
  gives: ['ask'],
  start: `function ask(url, show) {
  var xhr = new XMLHttpRequest();
  xhr.open('get', url, true);
  xhr.onreadystatechange = function () {
    if (xhr.readyState === 4 || xhr.status === 200) show(xhr.responseText);
  };
  xhr.send(null);
}
`,
  solution: `function ask(url, show) {
  var xhr = new XMLHttpRequest();
  xhr.open('get', url, true);
  xhr.onreadystatechange = function () {
    if (xhr.readyState !== 4) return;
    if (xhr.status === 200) show(xhr.responseText);
    else show('status ' + xhr.status);
  };
  xhr.send(null);
}
`,
  behaviours: [
    {
      says: { en: 'With 200 it shows the answer', zh: '200：显示响应文本' },
      run: ({ load, sent, shown, show }) => {
        load().ask?.('/lab/status/200', show);
        sent().answer(200, 'fine');
        return [shown(), 'fine'];
      },
    },
    {
      says: { en: 'With 404 it shows “status 404”', zh: '404：显示“status 404”' },
      run: ({ load, sent, shown, show }) => {
        load().ask?.('/lab/status/404', show);
        sent().answer(404, 'Not Found');
        return [shown(), 'status 404'];
      },
    },
    {
      says: { en: 'With 500 it shows “status 500”', zh: '500：显示“status 500”' },
      run: ({ load, sent, shown, show }) => {
        load().ask?.('/lab/status/500', show);
        sent().answer(500, 'Internal Server Error');
        return [shown(), 'status 500'];
      },
    },
    {
      says: {
        en: 'Before readyState 4 it says nothing, although status is 200 already',
        zh: 'readyState 到 4 之前什么也不说，尽管 status 已经是 200',
      },
      run: ({ load, sent, said, show }) => {
        load().ask?.('/lab/drip', show);
        sent().receive(2, 200);
        sent().receive(3, 200, 'fi');
        return [said, []];
      },
    },
  ],
};
