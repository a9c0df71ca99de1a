/**
 * What a request says, read strictly: the fields of its query and of its form. Each field once,
 * only fields that the route knows, well-formed text; and a body counts only once it has ended,
 * because Node calls the handler before it knows whether the rest of the body will ever come.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { copyOf } from '../copy.ts';
import { HttpError } from './error.ts';
import { ClientGone } from './gone.ts';
import { percentDecode } from './message.ts';

/** Field name → value; a field that the request does not have is `undefined`. */
export type Fields = Readonly<Record<string, string | undefined>>;

/** Which fields may be there. */
export type KnownFields = readonly string[] | 'any';

const MAX_BODY_BYTES = 16_384;
/** The fields of a request that has no query, or no body. */
export const NO_FIELDS: Fields = Object.freeze({});
// The media type, and perhaps a parameter that says what goes without saying.
const FORM = /^application\/x-www-form-urlencoded\s*(?:;\s*(?:charset="?utf-8"?\s*)?)*$/i;
/** Nothing good is to be expected from the rest of this connection. */
const CLOSE = ['Connection', 'close'];
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads `application/x-www-form-urlencoded` text (WHATWG URL, §5.1), without the leniency.
 * @param text the raw query or body
 * @param known the fields that may be there
 * @throws HttpError 400 for an unknown field, a second one of a name, or text that is not
 *   well-formed
 */
export function readFields(text: string, known: KnownFields): Fields {
  if (text === '') return NO_FIELDS;
  const fields = new Map<string, string>();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = fieldText(equals === -1 ? pair : pair.slice(0, equals));
    if (known !== 'any' && !known.includes(name)) {
      const some = known.length === 0 ? 'none' : known.join(', ');
      throw new HttpError(400, 'unknown_field', `the fields that may be here: ${some}`);
    }
    if (fields.has(name)) {
      throw new HttpError(400, 'duplicate_field', `"${name}" may be there only once`);
    }
    fields.set(name, equals === -1 ? '' : copyOf(fieldText(pair.slice(equals + 1))));
  }
  return Object.fromEntries(fields);
}

/**
 * Reads a request's form to its end.
 * @param known the fields that may be there; none means that the body must be empty
 * @throws HttpError 400, 413 (over 16 KiB) or 415; ClientGone when the request broke off
 */
export async function readForm(
  request: IncomingMessage,
  response: ServerResponse,
  known: KnownFields,
): Promise<Fields> {
  checkMediaType(request);
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) throw tooLarge();
  // Only now is a waiting client told to send: whatever was wrong so far cost no body. HTTP/1.0
  // knows no interim answers (RFC 9110 §10.1.1).
  const { httpVersion, headers } = request;
  if (httpVersion === '1.1' && headers.expect !== undefined) response.writeContinue();
  const body = await readBody(request);
  return readFields(utf8(body), known);
}

/** Whether a request has a body that is still to come or to be read (RFC 9112 §6.3). */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    function take(chunk: Buffer): void {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) {
        chunks.push(chunk);
      } else {
        // What still comes is dropped by `linger` in send.ts.
        request.off('data', take);
        reject(tooLarge());
      }
    }
    function close(): void {
      // It comes after a good end as well, and an error takes long to make.
      if (!request.readableEnded) reject(new ClientGone('the request broke off'));
    }
    // It may have broken off while the session was looked for.
    if (request.destroyed) close();
    request.on('data', take);
    request.on('end', () => {
      // The rest came too late: the client has been answered 408 meanwhile.
      if (request.socket.writable) resolve(Buffer.concat(chunks));
      else reject(new ClientGone('the request was refused'));
    });
    request.on('close', close);
  });
}

function checkMediaType({ headers }: IncomingMessage): void {
  if (!FORM.test(headers['content-type'] ?? '')) {
    throw new HttpError(
      415,
      'unsupported_media_type',
      'send application/x-www-form-urlencoded, in UTF-8',
    );
  }
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new HttpError(415, 'unsupported_content_encoding', 'send the body uncompressed');
  }
}

function utf8(body: Buffer): string {
  try {
    return UTF8.decode(body);
  } catch {
    throw new HttpError(400, 'bad_request', 'the body is not UTF-8');
  }
}

function fieldText(text: string): string {
  return percentDecode(text.includes('+') ? text.replaceAll('+', ' ') : text);
}

function tooLarge(): HttpError {
  return new HttpError(413, 'body_too_large', `a body has at most ${MAX_BODY_BYTES} bytes`, CLOSE);
}
