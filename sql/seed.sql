-- A few rows to find at the first start, for an empty table only: what is deleted stays deleted.
-- This file is UTF-8, whatever the client that sends it takes it for.
SET NAMES utf8mb4;

-- Names that are taken. `!` is the hash of no password, so nobody can log in with them.
INSERT IGNORE INTO users (uname, upwd, nickname)
SELECT seed.uname, '!', seed.nickname
FROM (
  SELECT 'admin' AS uname, 'Admin' AS nickname
  UNION ALL SELECT 'alice', 'Alice'
  UNION ALL SELECT 'laowang', '老王'
  UNION ALL SELECT '王小明', '小明'
) AS seed
WHERE NOT EXISTS (SELECT 1 FROM users);

-- What search suggestion finds: words of this subject, in the two languages of the page.
INSERT IGNORE INTO terms (term, text_en, text_zh)
SELECT seed.term, seed.text_en, seed.text_zh
FROM (
  SELECT '%20' AS term,
    'How a space is written in a URL: percent-encoding, a % and the byte in two hex digits.' AS text_en,
    'URL 中空格的写法：百分号编码，即 % 加上字节的两位十六进制数。' AS text_zh
  UNION ALL SELECT '__Host-',
    'A cookie whose name begins so is accepted only over https, for this one host and all its paths.',
    '名称以此开头的 Cookie 只能经 https 设置，只属于这一台主机，且对所有路径有效。'
  UNION ALL SELECT '200 OK',
    'The request has succeeded, and the answer holds what was asked for.',
    '请求成功，响应里是所要的内容。'
  UNION ALL SELECT '304 Not Modified',
    'What the browser has kept is still good, so the body is not sent again.',
    '浏览器缓存的内容仍然有效，因此不再发送正文。'
  UNION ALL SELECT '404 Not Found',
    'The server has nothing at this address: check the URL first.',
    '服务器在这个地址没有内容：先检查 URL。'
  UNION ALL SELECT '500 Internal Server Error',
    'The server failed: look at its log, not at the page.',
    '服务器自身出错：应查看服务器日志，而不是页面。'
  UNION ALL SELECT 'abort()',
    'Gives a request up: readystatechange tells 4, with status 0.',
    '放弃一个请求：readystatechange 告知状态 4，status 为 0。'
  UNION ALL SELECT 'absolute timeout',
    'How long a session may live at all, however busy it is.',
    '会话的最长寿命，无论使用多么频繁。'
  UNION ALL SELECT 'ActiveXObject',
    'How old versions of Internet Explorer made the object that is now XMLHttpRequest.',
    '旧版 IE 用来创建异步对象的构造函数，如今由 XMLHttpRequest 取代。'
  UNION ALL SELECT 'AJAX',
    'Asking the server from JavaScript, without a reload; the X was XML, today it is mostly JSON.',
    '页面不动，由 JavaScript 请求服务器；X 原指 XML，如今多为 JSON。'
  UNION ALL SELECT 'asynchronous',
    'The call returns at once, and a callback or a promise brings the result later.',
    '调用立即返回，结果稍后由回调或 Promise 带来。'
  UNION ALL SELECT 'callback',
    'A function that you hand over, to be called when the result is there.',
    '交出去的函数，有了结果才会被调用。'
  UNION ALL SELECT 'Content-Type',
    'The header that says what the body is, such as application/json.',
    '说明正文类型的请求头或响应头，例如 application/json。'
  UNION ALL SELECT 'cookie',
    'A small text that the server asks the browser to keep, and to send back with each request.',
    '服务器请浏览器保存、并随每次请求带回的一小段文本。'
  UNION ALL SELECT 'CORS',
    'The rules by which a server lets pages of another origin read its answers.',
    '服务器允许其他源的页面读取其响应的规则。'
  UNION ALL SELECT 'createXhr',
    'The function of this page that makes the asynchronous object.',
    '本页中创建异步对象的函数。'
  UNION ALL SELECT 'CSP',
    'A header by which the page says which scripts, styles and requests it allows.',
    '页面用来声明允许哪些脚本、样式和请求的响应头。'
  UNION ALL SELECT 'CSRF',
    'Another site makes your browser send a request with your cookie; SameSite and Origin stop it.',
    '别的网站诱使浏览器带着你的 Cookie 发请求；SameSite 与 Origin 可以阻止。'
  UNION ALL SELECT 'debounce',
    'Wait for a pause in typing, and ask once instead of at every letter.',
    '等输入停顿后再问一次，而不是每个字母都问。'
  UNION ALL SELECT 'DELETE',
    'The method that asks for something to be removed; twice is as good as once.',
    '请求删除资源的方法；做两次与做一次效果相同。'
  UNION ALL SELECT 'encodeURIComponent',
    'Makes any text safe as one value in a URL: & becomes %26.',
    '把任意文本变成 URL 中安全的一个值：& 变为 %26。'
  UNION ALL SELECT 'ETag',
    'A name for the content as it is now; the browser asks: has it changed since?',
    '内容当前版本的标识；浏览器用它询问：之后变过吗？'
  UNION ALL SELECT 'event loop',
    'One thing after another: while a script waits synchronously, nothing else on the page can run.',
    '事情逐一处理：脚本同步等待时，页面上其他一切都无法运行。'
  UNION ALL SELECT 'fetch',
    'The newer way to send a request, with promises; a 404 is no error to it.',
    '发送请求的新方式，基于 Promise；404 对它来说不算错误。'
  UNION ALL SELECT 'Flask',
    'A Python framework. Its own session is a signed cookie, which its holder can read.',
    '一个 Python 框架。它自带的 session 是签名的 Cookie，持有者可以读到内容。'
  UNION ALL SELECT 'FormData',
    'The fields of a form, collected for sending.',
    '收集好、准备发送的表单字段。'
  UNION ALL SELECT 'GET',
    'The method that asks for something and changes nothing; what is asked stands in the URL.',
    '只索取、不改动的方法；参数写在 URL 里。'
  UNION ALL SELECT 'hash',
    'A fingerprint of data: easy to compute, and not to be reversed.',
    '数据的指纹：容易计算，无法还原。'
  UNION ALL SELECT 'History API',
    'pushState and popstate: a page changes its address without a reload.',
    'pushState 与 popstate：页面不重新加载也能改变地址。'
  UNION ALL SELECT 'HMAC',
    'A hash with a key: only whoever knows the key can make it or check it.',
    '带密钥的哈希：只有知道密钥的人才能生成或验证。'
  UNION ALL SELECT 'HttpOnly',
    'The browser sends this cookie and shows it to no script.',
    '浏览器会发送这个 Cookie，但不让任何脚本看到。'
  UNION ALL SELECT 'idempotent',
    'Doing it twice has the effect of doing it once, as with PUT and DELETE.',
    '做两次与做一次效果相同，如 PUT 和 DELETE。'
  UNION ALL SELECT 'idle timeout',
    'How long a session lives without being used.',
    '会话在无人使用时能存活多久。'
  UNION ALL SELECT 'JSON',
    'Data as text, in a notation taken from JavaScript.',
    '以文本表示的数据，写法源自 JavaScript。'
  UNION ALL SELECT 'localStorage',
    'Text that a page keeps in the browser; it is not sent along by itself.',
    '页面存在浏览器里的文本；不会自动发送。'
  UNION ALL SELECT 'Max-Age',
    'How many seconds a cookie lives; with neither it nor Expires, it ends with the browser’s session.',
    'Cookie 存活的秒数；若它和 Expires 都没有，Cookie 随浏览器的会话结束而消失。'
  UNION ALL SELECT 'onload',
    'The handler for a request that has come to its end with an answer, whatever its status.',
    '请求得到完整响应时的处理函数，无论状态码是多少。'
  UNION ALL SELECT 'onreadystatechange',
    'The handler that is called at each step of readyState; misspell it, and nothing happens.',
    'readyState 每走一步就调用的处理函数；拼错了就什么也不会发生。'
  UNION ALL SELECT 'open()',
    'Notes down method, address and whether to wait. Nothing is sent yet.',
    '记下方法、地址以及是否等待。此时尚未发送任何内容。'
  UNION ALL SELECT 'origin',
    'Scheme, host and port together; pages of one origin trust each other.',
    '协议、主机和端口的组合；同源页面互相信任。'
  UNION ALL SELECT 'POST',
    'The method that hands data over to be worked on; it stands in the body.',
    '把数据交给服务器处理的方法；数据放在正文里。'
  UNION ALL SELECT 'prepared statement',
    'SQL and values travel apart, so no value can become SQL.',
    'SQL 与值分开传送，因此值不可能变成 SQL。'
  UNION ALL SELECT 'primary key',
    'The column that identifies a row: unique, and never NULL.',
    '标识一行的列：唯一，且不为 NULL。'
  UNION ALL SELECT 'promise',
    'An object for a result that is still to come.',
    '代表尚未到来的结果的对象。'
  UNION ALL SELECT 'pushState',
    'Adds an entry to the history and changes the address, without a request.',
    '向历史添加一条记录并改变地址，但不发请求。'
  UNION ALL SELECT 'PUT',
    'The method that stores something at an address; twice is as good as once.',
    '把内容存到某个地址的方法；做两次与做一次效果相同。'
  UNION ALL SELECT 'query string',
    'What follows the ? of a URL: name=value&name=value.',
    'URL 中 ? 后面的部分：name=value&name=value。'
  UNION ALL SELECT 'race',
    'When the result depends on who comes first: answers may overtake each other.',
    '结果取决于谁先到：响应可能后发先至。'
  UNION ALL SELECT 'readyState',
    'How far a request is: 0 made, 1 opened, 2 headers here, 3 body coming, 4 over.',
    '请求的进度：0 已创建，1 已 open，2 响应头已到，3 正文到达中，4 已结束。'
  UNION ALL SELECT 'responseText',
    'The body of the answer as text, as far as it has come.',
    '响应正文的文本，已到多少就有多少。'
  UNION ALL SELECT 'SameSite',
    'Says whether a cookie goes along with requests that began on another site.',
    '规定从其他网站发起的请求是否带上这个 Cookie。'
  UNION ALL SELECT 'scrypt',
    'A slow hash for passwords, so that guessing costs time and memory.',
    '用于密码的慢哈希，让猜测者付出时间和内存。'
  UNION ALL SELECT 'SECRET_KEY',
    'The server’s key for signatures. It signs, it does not encrypt.',
    '服务器用来签名的密钥。它只签名，不加密。'
  UNION ALL SELECT 'Secure',
    'A cookie with this attribute is sent over https only.',
    '带此属性的 Cookie 只经 https 发送。'
  UNION ALL SELECT 'send()',
    'Sends the request; with POST, what stands in the brackets is the body.',
    '发出请求；用 POST 时，括号里是请求正文。'
  UNION ALL SELECT 'server',
    'The program that waits for requests and answers them.',
    '等待请求并作出响应的程序。'
  UNION ALL SELECT 'session',
    'What the server remembers about one browser, found again by the id in its cookie.',
    '服务器为一个浏览器记住的内容，凭 Cookie 中的标识找回。'
  UNION ALL SELECT 'session fixation',
    'An attacker plants an id that they know; a new id at login makes it worthless.',
    '攻击者预先植入自己知道的标识；登录时换新标识即可使其失效。'
  UNION ALL SELECT 'session id',
    'A long random number, the only thing about the session that the browser holds.',
    '一个很长的随机数，浏览器持有的关于会话的唯一信息。'
  UNION ALL SELECT 'sessionStorage',
    'Text that a page keeps in one tab; it has nothing to do with the server’s session.',
    '页面存在单个标签页里的文本；与服务器端会话无关。'
  UNION ALL SELECT 'Set-Cookie',
    'The header by which an answer hands out a cookie.',
    '服务器用来设置 Cookie 的响应头。'
  UNION ALL SELECT 'setRequestHeader',
    'Adds a header to a request, between open() and send().',
    '在 open() 与 send() 之间为请求添加请求头。'
  UNION ALL SELECT 'signature',
    'Proves that a text comes from a holder of the key, unchanged; it hides nothing.',
    '证明文本出自持有密钥的一方且未被改动；但不隐藏任何内容。'
  UNION ALL SELECT 'single-page application',
    'One page that loads its parts as they are needed, and keeps Back and links working.',
    '只有一个页面，按需加载各部分，并保持后退与链接可用。'
  UNION ALL SELECT 'SQL injection',
    'Input that is run as SQL; values in prepared statements cannot be.',
    '被当成 SQL 执行的输入；放进预处理语句的值不会如此。'
  UNION ALL SELECT 'stale',
    'Of an answer: to a question that has been replaced meanwhile.',
    '指过时的响应：所答的问题已被新问题取代。'
  UNION ALL SELECT 'status',
    'The number of the answer: 2xx it worked, 4xx your mistake, 5xx the server’s.',
    '响应的状态码：2xx 成功，4xx 请求有误，5xx 服务器出错。'
  UNION ALL SELECT 'synchronous',
    'The call returns only with the result, and the page stands still until then.',
    '有了结果调用才返回，在此之前页面停住不动。'
  UNION ALL SELECT 'timeout',
    'The time after which waiting ends; ontimeout tells.',
    '等待的期限；到期触发 ontimeout。'
  UNION ALL SELECT 'unique key',
    'What makes the database refuse a second row with the same value.',
    '让数据库拒绝值相同的第二行的约束。'
  UNION ALL SELECT 'URL',
    'The address of a thing on the web.',
    '网络上资源的地址。'
  UNION ALL SELECT 'Vary',
    'Tells caches which request headers the answer depends on, such as Cookie.',
    '告诉缓存：响应取决于哪些请求头，例如 Cookie。'
  UNION ALL SELECT 'XMLHttpRequest',
    'The object that sends a request from JavaScript and reports on it.',
    '由 JavaScript 发出请求并报告进展的对象。'
  UNION ALL SELECT 'XSS',
    'Foreign text that runs as script in your page; textContent shows it as text.',
    '外来文本在页面中作为脚本运行；用 textContent 则只当文本显示。'
  UNION ALL SELECT '会话',
    'A session: what the server remembers about one browser.',
    '即 session：服务器为一个浏览器记住的内容，凭 Cookie 中的标识找回。'
  UNION ALL SELECT '会话固定',
    'Session fixation: an attacker plants an id that they know.',
    '即 session fixation：攻击者预先植入自己知道的标识；登录时换新标识即可使其失效。'
  UNION ALL SELECT '单页应用',
    'A single-page application: one page that loads its parts as they are needed.',
    '即 SPA：只有一个页面，按需加载各部分，并保持后退与链接可用。'
  UNION ALL SELECT '同步',
    'Synchronous: the page stands still until the result is there.',
    '有了结果调用才返回，在此之前页面停住不动。'
  UNION ALL SELECT '响应',
    'A response: status, headers and body, as the server sends them.',
    '服务器发回的内容：状态码、响应头和正文。'
  UNION ALL SELECT '回调',
    'A callback: a function that is called when the result is there.',
    '交出去的函数，有了结果才会被调用。'
  UNION ALL SELECT '密钥',
    'A secret key: with it, cookies are signed and verified.',
    '只有服务器知道的一段文本，用来给 Cookie 签名和验证，如 SECRET_KEY。'
  UNION ALL SELECT '异步',
    'Asynchronous: the call returns at once, and the result comes later.',
    '调用立即返回，结果稍后由回调或 Promise 带来。'
  UNION ALL SELECT '异步对象',
    'The asynchronous object: XMLHttpRequest.',
    '即 XMLHttpRequest：由 JavaScript 发出请求并报告进展的对象。'
  UNION ALL SELECT '状态码',
    'The status: the number of a response, such as 200.',
    '响应的编号：2xx 成功，4xx 请求有误，5xx 服务器出错。'
  UNION ALL SELECT '签名',
    'A signature: proves that a text comes from a holder of the key, unchanged.',
    '证明文本出自持有密钥的一方且未被改动；但不隐藏任何内容。'
  UNION ALL SELECT '编码',
    'Encoding: a text is written so that it arrives as it was.',
    '把文本写成能原样到达的形式，例如用 encodeURIComponent。'
  UNION ALL SELECT '请求',
    'A request: what the browser sends to the server.',
    '浏览器发给服务器的内容：方法、地址、请求头和正文。'
  UNION ALL SELECT '请求头',
    'The headers of a request: some lines about it.',
    '说明这次请求的几行文字，例如 Cookie 与 Content-Type。'
  UNION ALL SELECT '防抖',
    'Debounce: ask after a pause in typing, not at every letter.',
    '等输入停顿后再问一次，而不是每个字母都问。'
) AS seed
WHERE NOT EXISTS (SELECT 1 FROM terms);
