// @ts-check
/** @type {import('../exercise.js').Exercise} */
export const encode = {
  name: 'encode',
  title: { en: 'A query, encoded', zh: '给查询串编码' },
  task: {
    en: 'Write check(name), which sends a GET to /check-uname?uname=… for whatever name is typed. Some names hold characters that mean something in an address. The server has to read each name exactly as it was typed.',
    zh: '请写出 check(name)：无论输入什么用户名，都向 /check-uname?uname=… 发出 GET。有些用户名含有在地址中另有含义的字符。服务器读到的必须与输入的完全一样。',
  },
  hint: {
    en: 'There are encodeURI, for a whole address, and encodeURIComponent, for one value in it.',
    zh: 'encodeURI 用于整个地址，encodeURIComponent 用于其中的一个值。',
  },
  gives: ['check'],
  start: `function check(name) {
  var xhr = new XMLHttpRequest();
  xhr.open('get', '/check-uname?uname=' + name, true);
  xhr.send(null);
}
`,
  solution: `function check(name) {
  var xhr = new XMLHttpRequest();
  xhr.open('get', '/check-uname?uname=' + encodeURIComponent(name), true);
  xhr.send(null);
}
`,
  behaviours: [
    {
      says: { en: 'a&b=c#d arrives as one name', zh: 'a&b=c#d 作为一个用户名到达' },
      run: ({ load, sent }) => {
        load().check?.('a&b=c#d');
        const [address = ''] = sent().url.split('#');
        return [new URLSearchParams(address.split('?')[1]).get('uname'), 'a&b=c#d'];
      },
    },
    {
      says: { en: 'c+d arrives with its plus', zh: 'c+d 的加号不会变成空格' },
      run: ({ load, sent }) => {
        load().check?.('c+d');
        return [new URLSearchParams(sent().url.split('?')[1]).get('uname'), 'c+d'];
      },
    },
    {
      says: { en: '50% arrives with its per cent sign', zh: '50% 的百分号原样到达' },
      run: ({ load, sent }) => {
        load().check?.('50%');
        return [sent().url.split('=')[1], '50%25'];
      },
    },
    {
      says: { en: '王小明 arrives as UTF-8', zh: '王小明 以 UTF-8 到达' },
      run: ({ load, sent }) => {
        load().check?.('王小明');
        return [new URLSearchParams(sent().url.split('?')[1]).get('uname'), '王小明'];
      },
    },
  ],
};
