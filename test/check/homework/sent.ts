/**
 * What a server reads out of a request: whether the name in it is the one that was typed.
 */
import type { Asked } from './watch.ts';

type Sent = Pick<Asked, 'method' | 'url'>;

/** All values that a request carries: pieces of its path, of its query and of its body. */
export function valuesOf({ url, body }: Pick<Asked, 'url' | 'body'>): string[] {
  const { pathname, search } = new URL(url);
  return [
    ...pathname.split('/').map((piece) => decoded(piece)),
    ...formValues(search.slice(1)),
    ...(jsonValues(body) ?? formValues(body)),
  ];
}

/**
 * Whether a request goes where the question went, with the same fields.
 * @param name what was asked for in the question; it may be a piece of the path
 */
export function isLike(asked: Sent, question: Sent, name: string): boolean {
  const shape = (one: Sent) => {
    const { pathname, searchParams } = new URL(one.url);
    return { pieces: pathname.split('/'), keys: [...searchParams.keys()].sort().join() };
  };
  const mine = shape(asked);
  const theirs = shape(question);
  const isSamePath = theirs.pieces.every(
    (piece, at) => piece === encodeURIComponent(name) || piece === mine.pieces[at],
  );
  // A name that is not encoded can add fields, and pieces of the path, but takes none away.
  const isAsked = theirs.keys.split(',').every((key) => mine.keys.split(',').includes(key));
  return asked.method === question.method && isSamePath && isAsked;
}

/** A request in one line, as it went out. */
export function lineOf({ method, url, body, status, isOver }: Asked): string {
  const { pathname, search } = new URL(url);
  const what = `${method} ${pathname}${search}${body === '' ? '' : ` (${body.slice(0, 80)})`}`;
  return isOver ? `${what} → ${status}` : `${what} → …`;
}

function formValues(text: string): string[] {
  return text.split('&').map((pair) => {
    const value = pair.includes('=') ? pair.slice(pair.indexOf('=') + 1) : pair;
    return decoded(value.replaceAll('+', ' '));
  });
}

/** A % that begins no byte makes the whole piece unreadable to a strict server. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

/** Every text in a JSON body; `undefined` when it is no JSON. */
function jsonValues(body: string): string[] | undefined {
  const values: string[] = [];
  try {
    JSON.parse(body, (_key, value) => {
      if (typeof value === 'string') values.push(value);
    });
  } catch {
    return undefined;
  }
  return values;
}
