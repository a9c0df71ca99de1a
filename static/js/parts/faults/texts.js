// @ts-check
/*
 * What the lesson on finding faults asks and explains, in both languages.
 */

/**
 * @typedef {object} Lesson
 * @property {Message} title
 * @property {Message[]} choices what the reader may predict
 * @property {number} right the choice that comes true
 * @property {Message} why
 */

export const CHOOSE_FIRST = {
  en: 'Predict first: choose one of the three.',
  zh: '请先预测：三个里选一个。',
};
export const RUNNING = { en: 'Running…', zh: '正在运行……' };
export const RIGHT = { en: 'As you said.', zh: '你猜对了。' };
export const WRONG = { en: 'Not as you said.', zh: '和你猜的不一样。' };
export const NONE = { en: 'nothing', zh: '无' };
export const YES = { en: 'yes', zh: '是' };
export const NO = { en: 'no', zh: '否' };
export const NEVER = { en: 'none within 1.5 s', zh: '1.5 秒内没有' };

/** In the order of the scripts. @type {Lesson[]} */
export const LESSONS = [
  {
    title: { en: '404: the address is wrong', zh: '404：地址写错了' },
    choices: [
      {
        en: 'The event error fires, because nothing was found.',
        zh: '触发 error 事件，因为什么都没找到。',
      },
      {
        en: 'An answer comes, with status 404, and the page stays as it was.',
        zh: '收到响应，状态码为 404，页面没有变化。',
      },
      { en: 'An exception ends the script.', zh: '抛出异常，脚本中止。' },
    ],
    right: 1,
    why: {
      en: 'There was a server, and it answered: for XMLHttpRequest that is a success, so load fires, not error. The script looks for 200 only and has no branch for anything else, so it says nothing. The browser itself writes a red line to the console, with the address: read it letter by letter.',
      zh: '服务器在，也响应了：对 XMLHttpRequest 来说这就算成功，所以触发的是 load 而不是 error。脚本只认 200，其他情况没有分支，于是一声不吭。浏览器自己会在控制台写一行红字，里面有地址：请逐个字母核对。',
    },
  },
  {
    title: { en: '500: the server failed', zh: '500：服务器内部错误' },
    choices: [
      {
        en: 'readyState stops at 2: the server never got further.',
        zh: 'readyState 停在 2：服务器没能走下去。',
      },
      {
        en: 'readyState comes to 4, status is 0.',
        zh: 'readyState 到 4，status 为 0。',
      },
      {
        en: 'readyState comes to 4, status is 500.',
        zh: 'readyState 到 4，status 为 500。',
      },
    ],
    right: 2,
    why: {
      en: 'A failure of the server is an answer, too, and comes in whole. Nothing is wrong with your script’s address: the cause stands in the server’s own log, and now and then in the body of the answer. A page should say that it did not work.',
      zh: '服务器出错也是一种响应，会完整地送达。脚本里的地址没有问题：原因写在服务器自己的日志里，有时也在响应正文里。页面应当告诉用户：没有成功。',
    },
  },
  {
    title: { en: 'send() is forgotten', zh: '忘了 send()' },
    choices: [
      { en: 'Nothing goes out, and nobody complains.', zh: '什么都没发出，也没有任何报错。' },
      { en: 'The console shows an error.', zh: '控制台显示错误。' },
      { en: 'The request goes out without a body.', zh: '请求发出去了，只是没有正文。' },
    ],
    right: 0,
    why: {
      en: 'open() only takes notes. The callback never runs, since it was set after the only change of state; the console is empty, and so is the Network panel. An empty Network panel points to this fault.',
      zh: 'open() 只是做记录。唯一的一次状态变化发生在设置回调之前，所以回调从未运行；控制台是空的，“网络”面板也是空的。看到“网络”面板为空，就想想是不是忘了它。',
    },
  },
  {
    title: { en: 'onreadystatechange is misspelt', zh: 'onreadystatechange 拼错了' },
    choices: [
      {
        en: 'An exception: there is no such property.',
        zh: '抛出异常：没有这个属性。',
      },
      { en: 'The request is not sent.', zh: '请求没有发出。' },
      {
        en: 'The answer comes with 200, and nobody listens.',
        zh: '收到 200 响应，却没有人在听。',
      },
    ],
    right: 2,
    why: {
      en: 'JavaScript lets you give any object any new property, so the console stays empty. The Network panel shows 200 and the right answer: then the fault lies between there and your callback. The name is long, and all of it in small letters; onload is easier to spell.',
      zh: 'JavaScript 允许给任何对象添加任何新属性，所以控制台是空的。“网络”面板显示 200 和正确的响应，那么问题就出在它与回调之间。这个名字很长，而且全是小写；onload 好拼得多。',
    },
  },
  {
    title: { en: 'readyState is never tested', zh: '没有判断 readyState' },
    choices: [
      { en: 'The text is shown once, as it should be.', zh: '文本显示一次，一切正常。' },
      {
        en: 'It is shown several times: empty, in part, and whole.',
        zh: '显示好几次：先是空的，再是一部分，最后是全部。',
      },
      { en: 'Nothing is ever shown.', zh: '始终什么都不显示。' },
    ],
    right: 1,
    why: {
      en: 'status is 200 from state 2 on, when no letter of the body has come. Half an answer may look right, and JSON.parse of it throws. On a quick line the fault hardly shows: it waits for your users. Test for 4, or use onload.',
      zh: '从状态 2 起 status 就是 200，而那时正文一个字都还没到。半截响应看着可能没毛病，JSON.parse 却会抛错。网速快时几乎看不出来：它等着你的用户。请判断 4，或者用 onload。',
    },
  },
  {
    title: { en: 'The time is up', zh: '超时' },
    choices: [
      { en: 'The browser reports status 408.', zh: '浏览器给出状态码 408。' },
      {
        en: 'readyState comes to 4, with status 0 and the event timeout.',
        zh: 'readyState 到 4，status 为 0，并触发 timeout 事件。',
      },
      { en: 'It goes on waiting for the 3 s.', zh: '继续等满 3 秒。' },
    ],
    right: 1,
    why: {
      en: 'No answer, so no status: 0. State 4 means that it is over, not that it went well. timeout is 0 unless you set it, and 0 sets no limit. It does not follow that the server has done nothing: it may just have been slow.',
      zh: '没有响应，也就没有状态码：0。状态 4 的意思是结束了，而不是成功了。timeout 不设就是 0，即没有时限。这也不说明服务器什么都没做：它可能只是慢。',
    },
  },
  {
    title: { en: 'The server cannot be reached', zh: '服务器连不上' },
    choices: [
      {
        en: 'readyState comes to 4, with status 0 and the event error.',
        zh: 'readyState 到 4，status 为 0，并触发 error 事件。',
      },
      { en: 'The browser reports status 503.', zh: '浏览器给出状态码 503。' },
      { en: 'send() throws an exception.', zh: 'send() 抛出异常。' },
    ],
    right: 0,
    why: {
      en: 'Here the server is alive and breaks its answer off half-way, so you see states 2 and 3; what had come is thrown away. If it were not there at all, 2 and 3 would be missing, and all the rest would be the same. The error event does not say why, on purpose: a page must not explore the network.',
      zh: '这里的服务器其实活着，只是响应到一半断开了，所以能看到状态 2 和 3；已收到的部分也作废了。如果服务器根本不在，就没有 2 和 3，其余完全一样。error 事件有意不说明原因：网页不该能探测网络。',
    },
  },
];
