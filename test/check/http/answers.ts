/** HTTP responses out of the bytes of a connection, as RFC 9112 delimits them. */

export interface Answer {
  readonly version: string;
  readonly status: number;
  /** In lower case; the values of each name in the order in which they came. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: string;
  /** False when the connection ended before the body did. */
  readonly isWhole: boolean;
}

export interface Answers {
  /** 1xx. */
  readonly interim: readonly Answer[];
  readonly final: readonly Answer[];
  /** What came behind them and begins no response. */
  readonly rest: string;
}

const STATUS_LINE = /^HTTP\/(\d\.\d) (\d{3})(?: [^\r\n]*)?$/;

/**
 * @param text what has come so far, as latin1
 * @param methods of the requests that were sent, in their order: a response to HEAD has no body
 * @param isOver whether nothing more will come
 */
export function parseAnswers(text: string, methods: readonly string[], isOver: boolean): Answers {
  const interim: Answer[] = [];
  const final: Answer[] = [];
  let rest = text;
  while (rest !== '') {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) break;
    const [first = '', ...lines] = rest.slice(0, end).split('\r\n');
    const [, version = '', digits = ''] = STATUS_LINE.exec(first) ?? [];
    if (version === '' || lines.some((line) => !line.includes(':'))) break;
    const status = Number(digits);
    const headers = headersOf(lines);
    const method = methods[final.length] ?? 'GET';
    const { body, length, isWhole } = bodyOf(method, status, headers, rest.slice(end + 4), isOver);
    if (!isWhole && !isOver) break;
    const isInterim = status < 200 && status !== 101;
    (isInterim ? interim : final).push({ version, status, headers, body, isWhole });
    rest = rest.slice(end + 4 + length);
  }
  return { interim, final, rest };
}

/** All values of a header as one list, in lower case. */
export function listOf({ headers }: Answer, name: string): string[] {
  const values = (headers.get(name) ?? []).join(',').toLowerCase().split(',');
  return values.map((value) => value.trim()).filter((value) => value !== '');
}

function headersOf(lines: readonly string[]): Map<string, string[]> {
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  return headers;
}

function bodyOf(
  method: string,
  status: number,
  headers: ReadonlyMap<string, readonly string[]>,
  rest: string,
  isOver: boolean,
) {
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304)
    return { body: '', length: 0, isWhole: true };
  if (/\bchunked$/i.test(headers.get('transfer-encoding')?.at(-1) ?? '')) return dechunk(rest);
  const [length] = headers.get('content-length') ?? [];
  if (length === undefined) return { body: rest, length: rest.length, isWhole: isOver };
  const body = rest.slice(0, Number(length));
  return { body, length: body.length, isWhole: body.length === Number(length) };
}

function dechunk(text: string) {
  let body = '';
  for (let at = 0; ; ) {
    const end = text.indexOf('\r\n', at);
    const size = Number.parseInt(text.slice(at, end), 16);
    if (end < 0 || Number.isNaN(size)) return { body, length: text.length, isWhole: false };
    if (size === 0) {
      const last = text.indexOf('\r\n\r\n', end);
      const isWhole = last >= 0;
      return { body, length: isWhole ? last + 4 : text.length, isWhole };
    }
    body += text.slice(end + 2, end + 2 + size);
    at = end + 2 + size + 2;
    if (at > text.length) return { body, length: text.length, isWhole: false };
  }
}
