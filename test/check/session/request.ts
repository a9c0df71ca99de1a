/** One request and its answer, with the Set-Cookie fields parsed as RFC 6265bis says. */
import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { Settings } from './settings.ts';

export interface SetCookie {
  /** The field as it came. */
  readonly line: string;
  readonly name: string;
  readonly value: string;
  /** Name in lower case → value; of two of one name the last counts. */
  readonly attributes: ReadonlyMap<string, string>;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly setCookies: readonly SetCookie[];
  readonly body: string;
  /** How long it took, and when it was complete, by `performance.now()`. */
  readonly ms: number;
  readonly endedAt: number;
}

export type Head = Pick<Answer, 'status' | 'headers' | 'setCookies'>;

export interface Sending {
  /** The fields of a form, or its text as it is. */
  readonly form?: Readonly<Record<string, string>> | string;
  /** The Cookie header. */
  readonly cookies?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Called when the head has arrived, and the body perhaps not. */
  readonly onHead?: (head: Head) => void;
}

/** No answer, or a broken one. */
export class NoAnswer extends Error {}

const MAX_ATTRIBUTE_VALUE = 1024;
const agent = new Agent({ keepAlive: true });
/** How many requests are under way to an adapter. */
const underWay = new WeakMap<Settings, number>();

/** @throws NoAnswer */
export async function send(
  settings: Settings,
  method: string,
  path: string,
  sending: Sending = {},
): Promise<Answer> {
  const others = underWay.get(settings) ?? 0;
  underWay.set(settings, others + 1);
  // Of several processes one may own a kept connection, and be busy with another request.
  const isAlone = others === 0 && waitOf(sending) === 0;
  try {
    return await sendOnce(settings, method, path, sending, isAlone);
  } catch (error) {
    // The server closed an idle connection just as it was used again.
    if (!(error instanceof StaleConnection)) throw error;
    return await sendOnce(settings, method, path, sending, isAlone);
  } finally {
    underWay.set(settings, (underWay.get(settings) ?? 1) - 1);
  }
}

/** How long the handler is asked to wait. */
function waitOf({ form }: Sending): number {
  return typeof form === 'object' ? Number(form.ms ?? 0) : 0;
}

/** Sends a request, goes away after `ms`, and does not wait for an answer. */
export function sendAndLeave(
  settings: Settings,
  path: string,
  sending: Sending,
  ms: number,
): Promise<void> {
  const { body, options } = messageOf(settings, 'POST', path, sending);
  return new Promise((resolve) => {
    const request = httpRequest({ ...options, agent: false });
    // Being cut off is what is wanted here; an answer that comes before is as good.
    request.on('error', () => {}).on('close', resolve);
    request.on('response', (response) => response.resume());
    request.end(body, () => setTimeout(() => request.destroy(), ms));
  });
}

class StaleConnection extends NoAnswer {}

function sendOnce(
  settings: Settings,
  method: string,
  path: string,
  sending: Sending,
  keepsConnection: boolean,
) {
  const { body, options } = messageOf(settings, method, path, sending);
  const answerMs = settings.answerMs + waitOf(sending);
  const begin = performance.now();
  return new Promise<Answer>((resolve, reject) => {
    const request = httpRequest({ ...options, agent: keepsConnection && agent }, (response) => {
      const { statusCode: status = 0, headers } = response;
      const setCookies = (headers['set-cookie'] ?? []).map(parseSetCookie);
      sending.onHead?.({ status, headers, setCookies });
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk)).on('error', fail);
      response.on('end', () => {
        clearTimeout(timer);
        const body = Buffer.concat(chunks).toString();
        const endedAt = performance.now();
        resolve({ status, headers, setCookies, body, ms: endedAt - begin, endedAt });
      });
    });
    const timer = setTimeout(
      () => request.destroy(new NoAnswer(`no answer within ${answerMs / 1000} s`)),
      answerMs,
    );
    function fail(error: NodeJS.ErrnoException): void {
      clearTimeout(timer);
      const isStale = request.reusedSocket && error.code === 'ECONNRESET';
      const Reason = isStale ? StaleConnection : NoAnswer;
      reject(error instanceof NoAnswer ? error : new Reason(error.message));
    }
    request.on('error', fail).end(body);
  });
}

function messageOf(settings: Settings, method: string, path: string, sending: Sending) {
  const { url, https } = settings;
  const { form, cookies = '', headers = {} } = sending;
  const text = typeof form === 'object' ? new URLSearchParams(form).toString() : form;
  const body = text ?? (method === 'POST' ? '' : undefined);
  const options = {
    hostname: url.hostname,
    port: url.port,
    method,
    path: prefixOf(url) + path,
    headers: {
      ...(cookies === '' ? {} : { Cookie: cookies }),
      ...(https ? FORWARDED : {}),
      ...(body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) }),
      ...(body ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {}),
      ...headers,
    },
  };
  return { body, options };
}

/** What a proxy that ends TLS adds. */
const FORWARDED = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-For': '192.0.2.7' };

/** The path in front of the contract's paths. */
export function prefixOf({ pathname }: URL): string {
  return pathname.replace(/\/$/, '');
}

/** RFC 6265bis, the algorithm for a set-cookie-string, as far as to name, value and attributes. */
export function parseSetCookie(line: string): SetCookie {
  const [pair = '', ...rest] = line.split(';');
  const attributes = new Map<string, string>();
  for (const part of rest) {
    const [name = '', value = ''] = splitAtEquals(part);
    if (value.length <= MAX_ATTRIBUTE_VALUE) attributes.set(name.toLowerCase(), value);
  }
  // Without «=» it is a value without a name.
  const [name, value] = pair.includes('=') ? splitAtEquals(pair) : ['', pair.trim()];
  return { line, name, value, attributes };
}

function splitAtEquals(text: string): [name: string, value: string] {
  const place = text.indexOf('=');
  if (place < 0) return [text.trim(), ''];
  return [text.slice(0, place).trim(), text.slice(place + 1).trim()];
}
