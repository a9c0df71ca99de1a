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
];
