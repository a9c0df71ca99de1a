/**
 * Homeworks with one mistake each: the right one in which one line was written otherwise.
 */
import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { atEnd } from '../at-end.ts';

/** What is written instead of what, in the page or in the server. */
interface Mistake {
  readonly what: string;
  /** The check that has to find it. */
  readonly found: string;
  readonly right: string;
  readonly wrong: string;
}

const mistake = (found: string, what: string, right: string, wrong: string): Mistake => ({
  found,
  what,
  right,
  wrong,
});

const STATUS_500 = "if (xhr.status === 500) return say('The server failed.');";
const STATUS_404 = "if (xhr.status === 404) return say('The address is wrong.');";
const STATUS_0 = "if (xhr.status === 0) return say('The server does not answer.');";
const SAY = 'hint.textContent = text;';
const BLUR = 'box.onblur = check;';
const TAKEN = 'users.has(uname)';

export const MISTAKES: readonly Mistake[] = [
  mistake('box', 'has no box', '<input id="uname" name="uname"', '<input hidden id="uname"'),
  mistake(
    'stays',
    'sends the form when the box is left',
    BLUR,
    'box.onblur = () => form.submit();',
  ),
  mistake('hint', 'listens to no blur', BLUR, 'box.onblurr = check;'),
  mistake('hint', 'asks at keyup instead', BLUR, 'box.onkeyup = check;'),
  mistake(
    'hint',
    'says nothing, and shows a clock',
    'function say(text) {\n      hint.textContent = text;\n    }',
    "function say() {}\n    setInterval(() => { hint.textContent = 'It is ' + Date.now(); }, 50);",
  ),
  mistake('hint', 'opens a dialog', SAY, 'alert(text);'),
  mistake('different', 'says the same of every name', "name + ' is free.'", "name + ' is taken.'"),
  mistake(
    'different',
    'leaves the hint of a taken name for a free one',
    "name + ' is free.'",
    'hint.textContent',
  ),
  mistake('typing', 'asks at each letter', BLUR, 'box.onblur = box.oninput = check;'),
  mistake('empty', 'asks for an empty name', "if (name === '') return say('');", ''),
  mistake(
    'once',
    'binds the handler again and again',
    'const mine = sequence;',
    "const mine = sequence; asked = NaN; box.addEventListener('blur', check);",
  ),
  mistake(
    'unchanged',
    'asks again for the same name',
    'if (name === asked) return;',
    "if (name === '') return;",
  ),
  mistake(
    'asynchronous',
    'waits synchronously',
    'encodeURIComponent(name), true);\n      xhr.timeout = 1500;',
    'encodeURIComponent(name), false);',
  ),
  mistake('as typed', 'does not encode the name', 'encodeURIComponent(name)', 'name'),
  mistake(
    'as typed',
    'encodes the name as a whole address',
    'encodeURIComponent(name)',
    'encodeURI(name)',
  ),
  mistake('quote', 'lets a name be SQL', TAKEN, `${TAKEN} || uname.includes("' OR '1'='1")`),
  mistake(
    'quote',
    'breaks at a quote',
    TAKEN,
    `uname.split("'").length === 2 ? JSON.parse("'") : ${TAKEN}`,
  ),
  mistake('markup', 'takes the name for HTML', SAY, 'hint.innerHTML = text;'),
  mistake('overtaken', 'shows an answer that was overtaken', 'if (mine !== sequence) return;', ''),
  mistake('status 500', 'says nothing of a 500', STATUS_500, 'if (xhr.status === 500) return;'),
  mistake(
    'status 500',
    'opens a dialog at a 500',
    STATUS_500,
    'if (xhr.status === 500) return alert(500);',
  ),
  mistake(
    'status 404',
    'takes a 404 for free',
    STATUS_404,
    "if (xhr.status === 404) return say(name + ' is free.');",
  ),
  mistake(
    'no connection',
    'says nothing when the server is gone',
    STATUS_0,
    "if (xhr.status === 0) return xhr.onload || (xhr.ontimeout = () => say('Too late.'));",
  ),
  mistake('silence', 'waits for ever', 'xhr.timeout = 1500;', ''),
  mistake(
    'no password',
    'answers the whole row',
    '{ taken: isTaken(uname) }',
    '{ taken: isTaken(uname), upwd: "123456" }',
  ),
  mistake(
    'no password',
    'serves where the database is',
    '<title>',
    '<!-- mysql://root:123456@localhost/ajax --><title>',
  ),
  mistake('heard', 'tells no screen reader', '<p id="hint" role="status">', '<p id="hint">'),
  mistake(
    'label',
    'has a placeholder for a label',
    '<label for="uname">User name</label>',
    '<p>User name</p>',
  ),
  mistake('registers', 'has no button', '<button>Register</button>', ''),
  mistake('registers', 'forgets whom it registered', 'users.set(uname, keep(upwd));', ''),
  mistake(
    'one wins',
    'looks first and writes later',
    'users.set(uname',
    'await new Promise((resolve) => setTimeout(resolve, 50));\n        users.set(uname',
  ),
  mistake('one wins', 'fails for who comes second', 'answer(409,', 'answer(500,'),
  mistake(
    'password kept',
    'sends the password back',
    'answer(201, { uname })',
    'answer(201, { uname, upwd })',
  ),
  mistake(
    'password kept',
    'lists passwords as typed',
    'keep(upwd));',
    'keep(upwd)).set(upwd, "");',
  ),
];

/** Starts the right homework. @returns its address */
export function rightHomework(t: TestContext): Promise<string> {
  return start(t, (source) => source);
}

/** Starts the right homework with that one mistake in it. @returns its address */
export function homeworkWith(t: TestContext, { what, right, wrong }: Mistake): Promise<string> {
  return editedHomework(t, what, [[right, wrong]]);
}

/** Starts the right homework in which these pieces are others. @returns its address */
export async function editedHomework(
  t: TestContext,
  what: string,
  edits: readonly (readonly [right: string, other: string])[],
): Promise<string> {
  const places = edits.map(() => 0);
  const url = await start(t, (source) =>
    edits.reduce((text, [right, other], at) => {
      places[at] = (places[at] ?? 0) + text.split(right).length - 1;
      return text.replace(right, () => other);
    }, source),
  );
  if (places.some((count) => count !== 1))
    throw new Error(`“${what}” would change ${places} places`);
  return url;
}

async function start(t: TestContext, edit: (source: string) => string): Promise<string> {
  const [page = '', source = ''] = await Promise.all(
    ['right.html', 'right.js'].map(async (name) =>
      edit(await readFile(new URL(name, import.meta.url), 'utf8')),
    ),
  );
  const module = await import(`data:text/javascript,${encodeURIComponent(source)}`);
  const server: Server = module.createHomework(page);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(t, () => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo; // it listens on a port
  return `http://127.0.0.1:${port}`;
}
