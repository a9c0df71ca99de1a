/**
 * Right homeworks of different make: the right one, in which pieces were written otherwise, or stand
 * beside something that a checker could take for its fault.
 */
import { createServer } from 'node:net';
import type { TestContext } from 'node:test';
import { atEnd } from '../at-end.ts';
import { editedHomework } from './mistakes.ts';

interface Make {
  readonly what: string;
  readonly edits: readonly (readonly [right: string, other: string])[];
}

const SENDS = `const xhr = new XMLHttpRequest();
      xhr.open('get', '/check?uname=' + encodeURIComponent(name), true);
      xhr.timeout = 1500;
      xhr.onreadystatechange = () => {
        if (xhr.readyState !== 4) return;
        if (mine !== sequence) return;
        if (xhr.status === 500) return say('The server failed.');
        if (xhr.status === 404) return say('The address is wrong.');
        if (xhr.status === 0) return say('The server does not answer.');
        say(JSON.parse(xhr.responseText).taken ? name + ' is taken.' : name + ' is free.');
      };
      xhr.send(null);`;
const FREE = "say(JSON.parse(xhr.responseText).taken ? name + ' is taken.' : name + ' is free.');";
const BLUR = 'box.onblur = check;';
const BODY = '<form>';

/** By fetch, with a \`Request\`. */
const byFetch = (request: string) => `fetch(${request}).then(
        (response) => response.ok ? response.json() : Promise.reject(new Error(response.status)),
      ).then(
        ({ taken }) => mine === sequence && say(name + (taken ? ' is taken.' : ' is free.')),
        (error) => mine === sequence && say('Not checked: ' + error.message),
      );`;
const AWAY = '{ signal: AbortSignal.timeout(1500) }';

export const MAKES: readonly Make[] = [
  { what: 'asks by XMLHttpRequest', edits: [] },
  {
    what: 'asks by fetch(new Request(…))',
    edits: [[SENDS, byFetch(`new Request('/check?uname=' + encodeURIComponent(name), ${AWAY})`)]],
  },
  {
    what: 'posts JSON in a Request',
    edits: [
      [
        SENDS,
        byFetch(
          `new Request('/check', { method: 'post', body: JSON.stringify({ uname: name }), signal: AbortSignal.timeout(1500) })`,
        ),
      ],
    ],
  },
  {
    what: 'has a font and a picture of a host that never answers',
    edits: [
      [
        BODY,
        `<style>@font-face { font-family: never; src: url(SILENT/font) } p { font-family: never, serif }</style>
         <img src="SILENT/picture" alt="">${BODY}`,
      ],
    ],
  },
  {
    what: 'asks for the news every 200 ms',
    edits: [[BLUR, `${BLUR} setInterval(() => fetch('/users'), 200);`]],
  },
  {
    what: 'lists news as they come',
    edits: [
      [BODY, `<ul id="news"></ul>${BODY}`],
      [
        BLUR,
        `${BLUR} setInterval(async () => {
      const response = await fetch('/users');
      const [name] = await response.json();
      const line = document.createElement('li');
      line.textContent = name + ' ' + performance.now();
      document.getElementById('news').replaceChildren(line);
    }, 150);`,
      ],
    ],
  },
  {
    what: 'asks for other things at the same path all the time',
    edits: [[BLUR, `${BLUR} setInterval(() => fetch('/check?online=1'), 2000);`]],
  },
  {
    what: 'shows a clock before the box',
    edits: [
      [BODY, `<p id="clock">0</p>${BODY}`],
      [
        BLUR,
        `${BLUR} let ticks = 0; setInterval(() => { document.getElementById('clock').textContent = 'Tick ' + (ticks += 1); }, 100);`,
      ],
    ],
  },
  {
    what: 'has another box above, and puts one there later',
    edits: [
      [BODY, `<p><input name="q" placeholder="Search"></p>${BODY}`],
      [
        BLUR,
        `${BLUR} box.addEventListener('blur', () => document.body.prepend(document.createElement('input')), { once: true });`,
      ],
    ],
  },
  {
    what: 'takes the hint away where a name is free',
    edits: [[FREE, "say(JSON.parse(xhr.responseText).taken ? name + ' is taken.' : '');"]],
  },
  {
    what: 'says the time in its hint',
    edits: [
      [
        FREE,
        "say((JSON.parse(xhr.responseText).taken ? name + ' is taken' : name + ' is free') + ' (' + new Date().toLocaleTimeString('en-GB') + ').');",
      ],
    ],
  },
  {
    what: 'waits a moment before it asks',
    edits: [[BLUR, 'box.onblur = () => setTimeout(check, 100);']],
  },
  {
    what: 'is built by its script when the page has come',
    edits: [
      [
        '<p id="hint" role="status"></p>',
        '<p id="hint" role="status"><span>Three letters or more.</span></p>',
      ],
      [
        BLUR,
        "setTimeout(() => setTimeout(() => { say(''); box.addEventListener('focusout', check); }));",
      ],
    ],
  },
  {
    what: 'wants a choice among radio buttons, one of a list, and an age',
    edits: [
      [
        '<button>',
        `<label><input type="radio" name="sex" value="f" required> f</label>
         <label><input type="radio" name="sex" value="m"> m</label>
         <select name="town" required aria-label="Town"><option value="">–</option><option>Ulm</option></select>
         <label>Age <input type="number" name="age" min="18" required></label><button>`,
      ],
    ],
  },
];

/** Starts one. @returns its address */
export async function homeworkOf(t: TestContext, { what, edits }: Make): Promise<string> {
  const silent = edits.some(([, other]) => other.includes('SILENT')) ? await silentHost(t) : '';
  const filled = edits.map(
    ([right, other]) => [right, other.replaceAll('SILENT', silent)] as const,
  );
  return editedHomework(t, what, filled);
}

/** A host that takes every connection and never answers. */
async function silentHost(t: TestContext): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    atEnd(t, () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(t, () => server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}
