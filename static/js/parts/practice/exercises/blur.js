// @ts-check
/** @type {import('../exercise.js').Exercise} */
export const blur = {
  name: 'blur',
  title: { en: 'The check on blur', zh: '失去焦点时检查' },
  task: {
    en: 'This is the homework: when the element box is left, ask GET /check-uname?uname=… and write into the element hint. An answer {"exists":true} means "taken", {"exists":false} means "free". Nothing is asked while typing, for an empty box, or for a name that was just asked for.',
    zh: '这就是课后作业：元素 box 失去焦点时，发出 GET /check-uname?uname=…，并把结果写进元素 hint。响应为 {"exists":true} 时写 "taken"，为 {"exists":false} 时写 "free"。输入过程中不发请求，输入框为空时不发请求，刚刚问过的用户名也不再发请求。',
  },
  hint: {
    en: 'Bind one handler, once: box.onblur. Remember in a variable outside it which name was asked for last.',
    zh: '只绑定一个处理函数，只绑定一次：box.onblur。在它外面用一个变量记住上次问的用户名。',
  },
  gives: [],
  start: `// box and hint are elements of the page.
box.oninput = function () {
  var xhr = new XMLHttpRequest();
  xhr.open('get', '/check-uname?uname=' + encodeURIComponent(box.value), true);
  xhr.send(null);
};
`,
  solution: `var asked = '';

box.onblur = function () {
  var name = box.value;
  if (name === '' || name === asked) return;
  asked = name;
  var xhr = new XMLHttpRequest();
  xhr.open('get', '/check-uname?uname=' + encodeURIComponent(name), true);
  xhr.onreadystatechange = function () {
    if (xhr.readyState !== 4 || xhr.status !== 200) return;
    hint.textContent = JSON.parse(xhr.responseText).exists ? 'taken' : 'free';
  };
  xhr.send(null);
};
`,
  behaviours: [
    {
      says: { en: 'Leaving the box asks about its name', zh: '离开输入框时，询问其中的用户名' },
      run: ({ load, box, sent }) => {
        load();
        box.type('admin');
        box.leave();
        return [sent().url, '/check-uname?uname=admin'];
      },
    },
    {
      says: { en: 'A taken name is said to be taken', zh: '已存在的用户名：taken' },
      run: ({ load, box, sent, hint }) => {
        load();
        box.type('admin');
        box.leave();
        sent().answer(200, '{"uname":"admin","exists":true}');
        return [hint.textContent, 'taken'];
      },
    },
    {
      says: { en: 'A free name is said to be free', zh: '可用的用户名：free' },
      run: ({ load, box, sent, hint }) => {
        load();
        box.type('newcomer');
        box.leave();
        sent().answer(200, '{"uname":"newcomer","exists":false}');
        return [hint.textContent, 'free'];
      },
    },
    {
      says: { en: 'Nothing is asked while typing', zh: '输入过程中不发请求' },
      run: ({ load, box, requests }) => {
        load();
        for (const text of ['a', 'ad', 'adm']) box.type(text);
        return [requests.length, 0];
      },
    },
    {
      says: { en: 'Nothing is asked for an empty box', zh: '输入框为空时不发请求' },
      run: ({ load, box, requests }) => {
        load();
        box.type('admin');
        box.leave();
        box.type('');
        box.leave();
        return [requests.filter(({ url }) => url.endsWith('=')).length, 0];
      },
    },
    {
      says: { en: 'A name is not asked for twice in a row', zh: '同一个用户名不会连问两次' },
      run: ({ load, box, requests }) => {
        load();
        box.type('admin');
        box.leave();
        box.leave();
        return [requests.length, 1];
      },
    },
  ],
};
