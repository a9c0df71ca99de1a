/** What a check is: bytes, a sentence, and the outcomes that are allowed. */
import type { Answer } from './answers.ts';
import type { Address, Seen, Step } from './connection.ts';

/** MAY: the RFC leaves it open, so that the laxer way is only a warning. */
export type Level = 'MUST' | 'SHOULD' | 'MAY';

/**
 * What may come of a request. First the status of its response: `good` is the one that the same
 * request gets when nothing is wrong with it. Then `+closed`: nothing more is answered and the
 * connection ends; `+more`: all requests behind it are answered; neither: nothing more is answered.
 * Without a response: `closed`, `silent` (the server waits), `bare` (bytes without a status line).
 */
export type Outcome = Status | `${Status}+closed` | `${Status}+more` | 'closed' | 'silent' | 'bare';

type Status =
  | 'good'
  | 'any'
  | `${2 | 3 | 4 | 5}xx`
  | '400'
  | '405'
  | '413'
  | '414'
  | '417'
  | '501'
  | '505';

export interface Check {
  readonly id: string;
  readonly group: string;
  /** A sentence that holds when the check passes. */
  readonly says: string;
  readonly level: Level;
  /** Such as `RFC 9112 §3.2`. */
  readonly rfc: string;
  readonly send: readonly Step[];
  /** Of the requests that are sent, the last perhaps hidden: one answer for each is waited for. */
  readonly methods: readonly string[];
  /** Which response is `good`. */
  readonly kind: 'GET' | 'POST';
  readonly pass: readonly Outcome[];
  /** Allowed as well, but the laxer. */
  readonly warn: readonly Outcome[];
  /** Looks closer at what has come. @returns what is wrong with it */
  readonly also?: (seen: Seen) => string | undefined;
  /** Whether the server's own time-out is waited for. */
  readonly isLong: boolean;
  readonly why: string;
  readonly look: string;
}

/** What is known of the server before the checks begin. */
export interface Facts {
  readonly get: Answer;
  readonly post: Answer;
  readonly missing: Answer;
}

/** The server, and the requests that are right for it. */
export interface Target extends Facts {
  readonly address: Address;
  /** For Host. */
  readonly host: string;
  readonly path: string;
  readonly postPath: string;
  /** A path at which there is nothing. */
  readonly missingPath: string;
  /** Whether `--post` names a path where a body is taken. */
  readonly takesBody: boolean;
  readonly type: string;
  readonly body: string;
}

type Shared = Omit<Check, 'id' | 'says' | 'send' | 'group'>;
type Defaults = 'methods' | 'kind' | 'warn' | 'isLong';
type Given = Omit<Shared, Defaults> & Partial<Pick<Shared, Defaults>>;
type Row = readonly [says: string, send: string | readonly Step[], changes?: Partial<Shared>];

/** The checks of a group that have most in common. @param rows by id */
export function table(group: string, shared: Given, rows: Readonly<Record<string, Row>>): Check[] {
  return Object.entries(rows).map(([id, [says, send, changes]]) => ({
    methods: ['GET'],
    kind: 'GET',
    warn: [],
    isLong: false,
    ...shared,
    ...changes,
    id,
    group,
    says,
    send: typeof send === 'string' ? [send] : send,
  }));
}

/** A request without a body. */
export function request(target: Target, line: string, ...headers: string[]): string {
  return head(line, `Host: ${target.host}`, ...headers);
}

/** A good GET with further headers. */
export function get(target: Target, ...headers: string[]): string {
  return request(target, `GET ${target.path} HTTP/1.1`, ...headers);
}

/** The head of a POST; what follows it is its body. */
export function post(target: Target, ...headers: string[]): string {
  const type = `Content-Type: ${target.type}`;
  return request(target, `POST ${target.postPath} HTTP/1.1`, type, ...headers);
}

/** The request that stands behind another one: its answer is the connection's last. */
export function last(target: Target): string {
  return get(target, 'Connection: close');
}

/** Start line and header lines as they are, and the empty line. */
export function head(...lines: readonly string[]): string {
  return `${lines.join('\r\n')}\r\n\r\n`;
}
