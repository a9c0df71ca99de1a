/**
 * Programs as students write them, right and wrong: what stands in `ask(show)`. Each request is
 * answered by 200 and «hello»; what show is called with is the program's trace.
 */
const OPENED = "var xhr = new XMLHttpRequest(); xhr.open('get', '/played', true);";
const whenDone = (body: string): string =>
  `${OPENED} xhr.onreadystatechange = function () { if (xhr.readyState === 4) { ${body} } }; xhr.send(null);`;

const MEMBERS = ['readyState', 'status', 'responseText', 'response', 'timeout'];
const CONSTANTS = ['UNSENT', 'OPENED', 'HEADERS_RECEIVED', 'LOADING', 'DONE'];
const HANDLERS = ['load', 'loadend', 'error', 'abort', 'timeout', 'readystatechange'];

export const PROGRAMS: readonly string[] = [
  ...MEMBERS.flatMap((name) => [
    `show(new XMLHttpRequest().${name});`,
    `${OPENED} show(xhr.${name});`,
    whenDone(`show(xhr.${name});`),
    whenDone(`show(this.${name});`),
  ]),
  ...['readyState', 'status', 'response', 'DONE'].flatMap((name) => [
    `${OPENED} xhr.${name} = 9; show(xhr.${name});`,
    `'use strict'; ${OPENED} try { xhr.${name} = 9; } catch (e) { show(e.name); }`,
  ]),
  ...CONSTANTS.flatMap((name) => [
    `show(XMLHttpRequest.${name});`,
    `show(new XMLHttpRequest().${name});`,
    whenDone(`show(xhr.readyState === XMLHttpRequest.${name});`),
  ]),
  ...HANDLERS.flatMap((type) => [
    `${OPENED} xhr.on${type} = function (e) { show(e.type + xhr.readyState); }; xhr.send(null);`,
    `${OPENED} xhr.addEventListener('${type}', function (e) { show(e.target === xhr); }); xhr.send();`,
  ]),
  ...['textContent', 'innerText', 'innerHTML'].flatMap((name) => [
    `hint.${name} = 'taken'; show(hint.textContent);`,
    `hint.${name} = 'free'; show(hint.${name});`,
    `document.getElementById('hint').${name} = 5; show(hint.textContent);`,
    whenDone(`hint.${name} = xhr.responseText; show(hint.textContent);`),
  ]),
  "hint.innerHTML = '<b>taken</b>'; show(hint.textContent);",
  `${OPENED} xhr.onReadyStateChange = function () { show('never'); }; xhr.send(null);`,
  `${OPENED} xhr.onreadystatechange = function () { show(xhr.readyState); }; xhr.send(null);`,
  `var xhr = new XMLHttpRequest(); xhr.onreadystatechange = function () { show(xhr.readyState); };
   xhr.open('get', '/played', true); xhr.open('get', '/played', true); xhr.send(null);`,
  `${OPENED} xhr.onload = function () { show(xhr.response); if (xhr.again) return;
   xhr.again = true; xhr.open('get', '/played', true); xhr.send(null); }; xhr.send(null);`,
  `${OPENED} xhr.onload = show('too early'); xhr.send(null);`,
  `${OPENED} xhr.send(null); show(xhr.responseText);`,
  `${OPENED} xhr.onload = function () { show(xhr.responsetext); }; xhr.send(null);`,
  'if (window.XMLHttpRequest) show(1); else show(2);',
  'if (window.ActiveXObject) show(1); else show(2);',
  'try { if (ActiveXObject) show(1); } catch (e) { show(e.name); }',
  'show(typeof XMLHttpRequest); show(typeof ActiveXObject);',
  "const box = document.getElementById('uname'); show(box.value);",
  "show(document.getElementById('none'));",

  // Given up.
  `${OPENED} xhr.onreadystatechange = function () { show(xhr.readyState); };
   xhr.onabort = function () { show('abort'); }; xhr.onloadend = function () { show('end'); };
   xhr.send(null); xhr.abort(); show(xhr.readyState); show(xhr.status);`,
  `${OPENED} xhr.abort(); show(xhr.readyState);`,
  `${OPENED} xhr.onload = function () { xhr.abort(); show(xhr.readyState); show(xhr.responseText); }; xhr.send();`,
  `${OPENED} xhr.send(null); xhr.abort(); xhr.open('get', '/played', true);
   xhr.onload = function () { show(xhr.responseText); }; xhr.send(null);`,

  // What comes too early, or twice.
  ...['send(null)', "setRequestHeader('A', 'b')"].flatMap((call) => [
    `var xhr = new XMLHttpRequest(); try { xhr.${call}; } catch (e) { show(e.name); }`,
    `${OPENED} xhr.send(null); try { xhr.${call}; } catch (e) { show(e.name); }`,
  ]),
  `${OPENED} xhr.setRequestHeader('A', 'b'); show(xhr.readyState); xhr.send(null);`,
  'try { XMLHttpRequest(); } catch (e) { show(e.name); }',

  // open(…, false): the page waits, and the answer is there.
  `var xhr = new XMLHttpRequest(); xhr.open('get', '/played', false); xhr.send(null);
   show(xhr.readyState); show(xhr.status); show(xhr.responseText);`,
  `var xhr = new XMLHttpRequest(); xhr.open('get', '/played', false);
   xhr.onreadystatechange = function () { show(xhr.readyState); };
   xhr.onload = function () { show('load'); }; xhr.send(null); show('behind send');`,
  `var xhr = new XMLHttpRequest(); xhr.open('get', '/played', false); show(xhr.responseText);
   xhr.send(null); if (xhr.status == 200) show(xhr.responseText.length);`,

  // Headers and kinds of response.
  ...['statusText', 'responseType', 'withCredentials'].flatMap((name) => [
    `show(new XMLHttpRequest().${name});`,
    whenDone(`show(xhr.${name});`),
  ]),
  `${OPENED} show(xhr.getResponseHeader('Content-Type')); show(xhr.getAllResponseHeaders());`,
  whenDone("show(xhr.getResponseHeader('Content-Type'));"),
  whenDone("show(xhr.getResponseHeader('content-type'));"),
  whenDone("show(xhr.getResponseHeader('Nothing'));"),
  whenDone('show(typeof xhr.getAllResponseHeaders());'),
  `${OPENED} xhr.responseType = 'json'; xhr.onload = function () { show(xhr.response); }; xhr.send();`,
  `${OPENED} xhr.responseType = 'json'; xhr.onload = function () {
   try { show(xhr.responseText); } catch (e) { show(e.name); } }; xhr.send();`,
  `${OPENED} xhr.responseType = 'text'; xhr.onload = function () { show(xhr.response); }; xhr.send();`,

  // Listeners.
  `${OPENED} xhr.onloadstart = function (e) { show(e.type + xhr.readyState); }; xhr.send(null);`,
  `${OPENED} var f = function () { show('once'); }; xhr.addEventListener('load', f);
   xhr.addEventListener('load', f); xhr.send(null);`,
  `${OPENED} var f = function () { show('never'); }; xhr.addEventListener('load', f);
   xhr.removeEventListener('load', f); xhr.send(null);`,
  `${OPENED} xhr.onload = function (e) { show(e.currentTarget === xhr); show(this === xhr); }; xhr.send(null);`,
  `${OPENED} xhr.onload = () => show(this === xhr); xhr.send(null);`,
  `${OPENED} xhr.onload = function () { show(1); }; xhr.onload = function () { show(2); }; xhr.send(null);`,
  'show(new XMLHttpRequest() instanceof XMLHttpRequest);',
  ...['open', 'send', 'abort', 'setRequestHeader'].map(
    (name) => `show(typeof new XMLHttpRequest().${name});`,
  ),

  // An element: its text, its class, its attributes.
  ...['textContent', 'innerText', 'innerHTML'].flatMap((name) => [
    `hint.${name} = null; show(hint.textContent);`,
    `hint.${name} = 'a &amp; b'; show(hint.textContent);`,
    `hint.${name} = 'x'; hint.${name} += 'y'; show(hint.innerHTML);`,
  ]),
  "hint.textContent = '<b>'; show(hint.innerHTML); show(hint.innerText);",
  "hint.innerHTML = '<i>a</i><b>c</b>'; show(hint.innerHTML); show(hint.textContent);",
  "hint.className = 'bad'; show(hint.className); show(hint.classList.contains('bad'));",
  "hint.classList.add('good'); hint.classList.add('good'); show(hint.className);",
  "hint.className = 'a b'; hint.classList.remove('a'); show(hint.className);",
  "show(hint.classList.toggle('open')); show(hint.classList.toggle('open'));",
  "hint.setAttribute('title', 5); show(hint.getAttribute('title')); show(hint.hasAttribute('title'));",
  "show(hint.getAttribute('none')); hint.removeAttribute('none'); show(hint.hasAttribute('none'));",
  "hint.className = 'a'; show(hint.getAttribute('class'));",
  'hint.hidden = true; show(hint.hidden); hint.hidden = false; show(hint.hidden);',
  "hint.style.color = 'red'; show(hint.style.color);",
  "var p = document.createElement('p'); p.textContent = 'x'; hint.appendChild(p); show(hint.innerHTML);",

  // A box and its events.
  "var box = document.querySelector('#uname'); box.value = 5; show(typeof box.value); show(box.value);",
  "show(document.querySelector('#hint') === document.getElementById('hint'));",
  "show(document.querySelector('#none')); show(document.querySelector('input').value);",
  `var box = document.getElementById('uname'); box.onblur = function (e) { show(e.type);
   show(e.target === box); show(this === box); box.onblur = null; }; box.dispatchEvent(new Event('blur'));`,
  `var box = document.getElementById('uname'); var f = function (e) { e.preventDefault();
   show(e.defaultPrevented); box.removeEventListener('change', f); }; box.addEventListener('change', f);
   box.dispatchEvent(new Event('change', { cancelable: true })); box.dispatchEvent(new Event('change'));`,
];
