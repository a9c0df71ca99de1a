// @ts-check
/*
 * Code to be read: coloured, a line each, so that a line can be lit up; and a button to copy it.
 * What it shows is the text as it is, so that it can be selected, searched and copied.
 */
import { ask } from './ask.js';
import { make, tell } from './element.js';

const KEYWORDS = new Set(
  (
    'async await break case catch class const continue default delete else export extends false ' +
    'finally for from function if import in instanceof interface let new null of readonly return ' +
    'static super switch this throw true try type typeof undefined void while yield ' +
    'AND AUTO_INCREMENT BY CHARACTER CREATE DEFAULT EXISTS FROM IF IGNORE IN INSERT INTO KEY LIKE ' +
    'LIMIT NAMES NOT NULL ON OR ORDER PRIMARY SELECT SET TABLE UNION UNIQUE UPDATE VALUES WHERE'
  ).split(' '),
);
const COMMENT = String.raw`\/\/.*|\/\*[^]*?\*\/|-- .*`;
const TEXT = ["'", '"', '`'].map((q) => String.raw`${q}(?:\\.|[^${q}\\\n])*${q}`).join('|');
const NUMBER = String.raw`\b\d[\d_.]*\b`;
const WORD = String.raw`[\p{L}_$][\p{L}\p{Nd}_$]*`;
const TOKEN = new RegExp(
  `(?<comment>${COMMENT})|(?<string>${TEXT})|(?<number>${NUMBER})|(?<word>${WORD})`,
  'gu',
);

/**
 * What has been read, by file. The script that runs stays the same when its file is edited.
 * @type {Map<string, string>}
 */
const texts = new Map();

/**
 * Reads a script of the page, without the line end at its end.
 * @param {string} file
 * @param {AbortSignal} signal
 * @param {(text: string) => void} done
 */
export function readFile(file, signal, done) {
  const known = texts.get(file);
  if (known !== undefined) return done(known);
  ask('GET', `/${file}`, { signal, isFrame: true }, ({ status, responseText }) => {
    if (status !== 200) return;
    texts.set(file, responseText.trimEnd());
    done(responseText.trimEnd());
  });
}

/**
 * Shows code.
 * @param {HTMLElement} pre
 * @param {string} text
 * @returns {HTMLElement[]} its lines
 */
export function showCode(pre, text) {
  let line = lineOf();
  const lines = [line];

  /** @param {string} piece @param {string} kind */
  function add(piece, kind) {
    for (const [index, part] of piece.split('\n').entries()) {
      if (index > 0) {
        line.append('\n');
        line = lineOf();
        lines.push(line);
      }
      if (kind === '' || part === '') line.append(part);
      else line.append(Object.assign(make('span', part), { className: kind }));
    }
  }

  let at = 0;
  for (const { 0: token, index, groups } of text.matchAll(TOKEN)) {
    add(text.slice(at, index), '');
    add(token, kindOf(groups ?? {}));
    at = index + token.length;
  }
  add(text.slice(at), '');
  pre.replaceChildren(...lines);
  return lines;
}

function lineOf() {
  const line = document.createElement('span');
  line.className = 'line';
  return line;
}

/** @param {Record<string, string | undefined>} groups of which one has matched */
function kindOf({ comment, string, number, word = '' }) {
  if (comment) return 'comment';
  if (string) return 'string';
  if (number) return 'number';
  return KEYWORDS.has(word) ? 'keyword' : '';
}

/**
 * A button that copies what an element shows.
 * @param {HTMLElement} source
 */
export function copyButton(source) {
  const button = make('button', { en: 'Copy', zh: '复制' });
  button.setAttribute('type', 'button');
  button.className = 'copy';
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(source.textContent ?? '');
      tell(button, { en: 'Copied', zh: '已复制' }, '');
    } catch {
      // Not allowed here, as over plain http from another machine: the reader's own hand can.
      getSelection()?.selectAllChildren(source);
      tell(button, { en: 'Selected', zh: '已选中' }, '');
    }
  });
  return button;
}
