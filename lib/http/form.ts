/**
 * What a request says, read strictly: the fields of its query and of its form. Each field once,
 * only fields that the route knows, well-formed text; and a body counts only once it has ended,
 * because Node calls the handler before it knows whether the rest of the body will ever come.
 */
import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { copyOf } from '../copy.ts';
import { HttpError } from './error.ts';
import { ClientGone } from './gone.ts';
import { percentDecode } from './request.ts';

/** Field name → value; a field that the request does not have is `undefined`. */
export type Fields = Readonly<Record<string, string | undefined>>;

/** Which fields may be there. */
export type KnownFields = readonly string[] | 'any';

const NO_FIELDS: Fields = Object.freeze({});
const MAX_BODY_BYTES = 16_384;
// The media type, and perhaps a parameter that says what goes without saying.
const FORM = /^application\/x-www-form-urlencoded\s*(?:;\s*(?:charset="?utf-8"?\s*)?)*$/i;

/**
 * Reads `application/x-www-form-urlencoded` text (WHATWG URL, §5.1), without the leniency.
 * @throws HttpError 400 for an unknown field, a second one of a name, or text not well-formed
 */
export function readFields(text: string, known: KnownFields): Fields {
  if (text === '') return NO_FIELDS;
  const fields = new Map<string, string>();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const [name = '', ...rest] = pair.replaceAll('+', ' ').split('=');
    const field = percentDecode(name);
    if (known !== 'any' && !known.includes(field)) {
      const some = known.join(', ') || 'none';
      throw new HttpError(400, 'unknown_field', `the fields that may be here: ${some}`);
    }
    if (fields.has(field)) {
      throw new HttpError(400, 'duplicate_field', `"${field}" may be there only once`);
    }
    fields.set(field, copyOf(percentDecode(rest.join('='))));
  }
  return Object.fromEntries(fields);
}

/** Whether a request has a body that is still to come or to be read (RFC 9112 §6.3). */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * Reads a request's form to its end; without content it has no fields, however that is framed.
 * @throws HttpError 400, 413 (over 16 KiB) or 415; ClientGone when the request broke off
 */
export async function readForm(
  request: IncomingMessage,
  response: ServerResponse,
  known: KnownFields,
): Promise<Fields> {
  if (!hasBody(request)) return NO_FIELDS;
  const { httpVersion, headers } = request;
  // HTTP/1.0 knows no interim answers (RFC 9110 §10.1.1).
  const isAsking = httpVersion === '1.1' && headers.expect !== undefined;
  // Chunks may turn out to be none, and a media type is owed for content alone (RFC 9110 §8.3).
  if (isAsking || headers['content-length'] !== undefined) checkMediaType(headers);
  if (Number(headers['content-length'] ?? 0) > MAX_BODY_BYTES) throw tooLarge();
  // Only now is a waiting client told to send: whatever was wrong so far cost no body.
  if (isAsking) response.writeContinue();
  const body = await readBody(request);
  if (body.length === 0) return NO_FIELDS;
  checkMediaType(headers);
  if (!isUtf8(body)) throw new HttpError(400, 'bad_request', 'the body is not UTF-8');
  return readFields(body.toString(), known);
}

function checkMediaType(headers: IncomingHttpHeaders): void {
  if (!FORM.test(headers['content-type'] ?? '')) {
    const detail = 'send application/x-www-form-urlencoded, in UTF-8';
    throw new HttpError(415, 'unsupported_media_type', detail);
  }
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') {
    throw new HttpError(415, 'unsupported_content_encoding', 'send the body uncompressed');
  }
}

function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    const breakOff = () => reject(new ClientGone('the request broke off'));
    // It may have broken off while the session was looked for.
    if (request.destroyed) breakOff();
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) chunks.push(chunk);
      // Once; what still comes is dropped.
      else if (size - chunk.length <= MAX_BODY_BYTES) reject(tooLarge());
    });
    request.on('end', () => {
      // The rest came too late: the client has been answered 408 meanwhile.
      if (request.socket.writable) resolve(Buffer.concat(chunks));
      else reject(new ClientGone('the request was refused'));
    });
    // It comes after a good end as well.
    request.on('close', () => request.readableEnded || breakOff());
  });
}

function tooLarge(): HttpError {
  const detail = `a body has at most ${MAX_BODY_BYTES} bytes`;
  // Nothing good is to be expected from the rest of this connection.
  return new HttpError(413, 'body_too_large', detail, ['Connection', 'close']);
}
