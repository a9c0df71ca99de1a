// @ts-check
/** @type {import('../exercise.js').Exercise} */
export const post = {
  name: 'post',
  title: { en: 'A POST with a body', zh: '发 POST，带正文' },
  task: {
    en: 'Write register(uname, upwd), which sends both fields to /02-server by POST. They go in the body as a form does it, uname=…&upwd=…, each value encoded. A header says so: Content-Type is application/x-www-form-urlencoded.',
    zh: '请写出 register(uname, upwd)，用 POST 把两个字段发给 /02-server。它们像表单那样放在正文里：uname=…&upwd=…，每个值都要编码。请求头要说明这一点：Content-Type 为 application/x-www-form-urlencoded。',
  },
  hint: {
    en: 'setRequestHeader comes after open and before send. The body is what send is called with.',
    zh: 'setRequestHeader 在 open 之后、send 之前调用。正文就是传给 send 的内容。',
  },
  gives: ['register'],
  start: `function register(uname, upwd) {
  var xhr = new XMLHttpRequest();
  xhr.open('get', '/02-server?uname=' + uname + '&upwd=' + upwd, true);
  xhr.send(null);
}
`,
  solution: `function register(uname, upwd) {
  var xhr = new XMLHttpRequest();
  xhr.open('post', '/02-server', true);
  xhr.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded');
  xhr.send('uname=' + encodeURIComponent(uname) + '&upwd=' + encodeURIComponent(upwd));
}
`,
  behaviours: [
    {
      says: {
        en: 'It sends POST /02-server, with nothing in the address',
        zh: '发出 POST /02-server，地址里不带数据',
      },
      run: ({ load, sent }) => {
        load().register?.('ada', 'secret-1');
        return [`${sent().method} ${sent().url}`, 'POST /02-server'];
      },
    },
    {
      says: { en: 'A header says that the body is a form', zh: '请求头说明正文是表单' },
      run: ({ load, sent }) => {
        load().register?.('ada', 'secret-1');
        const [type = ''] = (sent().headers['content-type'] ?? '').split(';');
        return [type, 'application/x-www-form-urlencoded'];
      },
    },
    {
      says: { en: 'The name arrives as uname', zh: '用户名以 uname 到达' },
      run: ({ load, sent }) => {
        load().register?.('ada', 'secret-1');
        return [new URLSearchParams(sent().body ?? '').get('uname'), 'ada'];
      },
    },
    {
      says: { en: 'A password a&b=c arrives whole', zh: '密码 a&b=c 完整到达' },
      run: ({ load, sent }) => {
        load().register?.('ada', 'a&b=c');
        return [new URLSearchParams(sent().body ?? '').get('upwd'), 'a&b=c'];
      },
    },
  ],
};
