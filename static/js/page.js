// @ts-check
/*
 * The frame around the lessons: one page that loads only the part that changes. A part is a piece of HTML in
 * `static/parts/` and a script of the same name here, which exports `start`. Back, Forward, refresh and links
 * work because each part has an address of its own (History API).
 */
import { watchDatabase } from './database-notice.js';
import { showSources } from './sources.js';

const HOME = 'form';
const main = /** @type {HTMLElement} */ (document.querySelector('main'));
const links = [...document.querySelectorAll('nav a')].filter((a) => a instanceof HTMLAnchorElement);

/** Ends what the part on the screen has going: its listeners, its requests, its timers. */
let leaving = new AbortController();

/**
 * The part that an address names.
 * @param {string} href
 */
function partOf(href) {
  const name = new URL(href).searchParams.get('part') ?? HOME;
  return /^[a-z]+$/.test(name) ? name : HOME;
}

/**
 * Loads a part and shows it.
 * @param {string} name
 * @param {{ focus: boolean }} options whether the reader has moved here, and the focus with them
 */
function show(name, { focus }) {
  leaving.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  const link = links.find((a) => partOf(a.href) === name);
  for (const a of links) a.ariaCurrent = a === link ? 'page' : null;
  main.ariaBusy = 'true';

  const xhr = createXhr();
  xhr.open('get', `/static/parts/${name}.html`, true);
  xhr.onreadystatechange = () => {
    if (xhr.readyState !== 4 || signal.aborted) return;
    main.ariaBusy = 'false';
    if (xhr.status === 200) insert(name, xhr.responseText, signal);
    else explain(name, xhr.status);
    titleFrom(link);
    if (focus) {
      scrollTo(0, 0);
      main.focus({ preventScroll: true });
    }
  };
  signal.addEventListener('abort', () => xhr.abort());
  xhr.send(null);
}

/**
 * @param {string} name
 * @param {string} html a file of this server's own, so it may be taken for HTML
 * @param {AbortSignal} signal aborted when the reader leaves the part
 */
async function insert(name, html, signal) {
  const template = document.createElement('template');
  template.innerHTML = html;
  main.replaceChildren(template.content);
  const part = /** @type {HTMLElement} */ (main.firstElementChild);
  if (part.dataset.needs === 'database') watchDatabase(part, signal);
  showSources(part, signal);
  const script = await import(`./${name}.js`);
  if (!signal.aborted) script.start(part, signal);
}

/**
 * @param {string} name
 * @param {number} status 0 when the server could not be reached
 */
function explain(name, status) {
  const notice = document.createElement('p');
  notice.className = 'notice';
  const button = document.createElement('button');
  button.type = 'button';
  language.say(button, { en: 'Try again', zh: '再试一次' });
  button.onclick = () => show(name, { focus: true });
  const missing = { en: 'There is no such lesson.', zh: '没有这一课。' };
  const unreachable = { en: 'The server does not answer.', zh: '服务器没有响应。' };
  language.say(notice, status === 404 ? missing : unreachable);
  main.replaceChildren(notice, button);
}

/** @param {HTMLAnchorElement | undefined} link */
function titleFrom(link) {
  const site = language.current === 'zh' ? '会话与 AJAX，现场演示' : 'Sessions and AJAX, live';
  const text = link?.querySelector(`[lang="${language.current}"]`)?.textContent;
  document.title = text ? `${text} · ${site}` : site;
}

document.addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (!link || link.origin !== location.origin || link.pathname !== '/' || link.hash) return;
  // Open in a new tab and the like stay the browser's.
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return;
  event.preventDefault();
  if (link.href !== location.href) history.pushState(null, '', link.href);
  show(partOf(link.href), { focus: true });
});
addEventListener('popstate', () => show(partOf(location.href), { focus: true }));
document.addEventListener('languagechange', () => {
  titleFrom(links.find((a) => a.ariaCurrent === 'page'));
});
show(partOf(location.href), { focus: false });
