// @ts-check
/** @type {import('../exercise.js').Exercise} */
export const xhr = {
  name: 'xhr',
  title: { en: 'createXhr', zh: 'createXhr' },
  task: {
    en: 'Write createXhr(), which makes the object that sends requests. Where the browser has XMLHttpRequest, it returns a new one at each call. Where there is none, as in Internet Explorer 6, it returns a new ActiveXObject("Microsoft.XMLHTTP").',
    zh: '请写出 createXhr()，由它创建用来发请求的对象。浏览器有 XMLHttpRequest 时，每次调用都返回一个新的。没有时（例如 IE 6），返回 new ActiveXObject("Microsoft.XMLHTTP")。',
  },
  hint: {
    en: 'window.XMLHttpRequest is undefined where there is none, and reading it is no error.',
    zh: '没有时，window.XMLHttpRequest 的值是 undefined，读取它并不会报错。',
  },
  gives: ['createXhr'],
  start: `function createXhr() {
  // Which object does this browser have?
}
`,
  solution: `function createXhr() {
  if (window.XMLHttpRequest) return new XMLHttpRequest();
  return new ActiveXObject('Microsoft.XMLHTTP');
}
`,
  behaviours: [
    {
      says: {
        en: 'Where both objects exist, it returns an XMLHttpRequest',
        zh: '两种对象都有时，返回 XMLHttpRequest',
      },
      run: ({ load, ActiveXObject }) => {
        const made = load({ ActiveXObject }).createXhr?.();
        return [made?.constructor?.name, 'XMLHttpRequest'];
      },
    },
    {
      says: { en: 'Each call returns a new one', zh: '每次调用都返回新的对象' },
      run: ({ load }) => {
        const { createXhr } = load();
        const made = new Set([createXhr?.(), createXhr?.()]);
        return [made.size, 2];
      },
    },
    {
      says: {
        en: 'Where there is no XMLHttpRequest, it returns an ActiveXObject',
        zh: '没有 XMLHttpRequest 时，返回 ActiveXObject',
      },
      run: ({ load, ActiveXObject }) => {
        const made = load({ XMLHttpRequest: undefined, ActiveXObject }).createXhr?.();
        return [made?.name, 'Microsoft.XMLHTTP'];
      },
    },
  ],
};
