/** Body parser: the fields of a query and of a form. Each field once, only allowed ones, in UTF-8. */
import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { HttpError } from './reply.ts';
import { percentDecode } from './request.ts';

/** Field name → value; a field that the request does not have is `undefined`. */
export type Fields = Readonly<Record<string, string | undefined>>;

/** Which fields a request may have. */
export type AllowedFields = readonly string[] | 'any';

const NO_FIELDS: Fields = Object.freeze({});
const MAX_BODY_BYTES = 16_384;
// The media type, and no other charset than UTF-8.
const FORM = /^application\/x-www-form-urlencoded\s*(?:;\s*(?:charset="?utf-8"?\s*)?)*$/i;

/** Parses form text (WHATWG URL §5.1) without the leniency. @throws HttpError 400 */
export function readFields(text: string, allowed: AllowedFields = []): Fields {
  if (text === '') return NO_FIELDS;
  const fields = new Map<string, string>();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const [name = '', ...rest] = pair.replaceAll('+', ' ').split('=');
    const field = percentDecode(name);
    if (allowed !== 'any' && !allowed.includes(field)) {
      const all = allowed.join(', ') || 'none';
      throw new HttpError(400, 'unknown_field', `the fields that may be here: ${all}`);
    }
    if (fields.has(field)) {
      throw new HttpError(400, 'duplicate_field', `"${field}" may be there only once`);
    }
    fields.set(field, percentDecode(rest.join('=')));
  }
  return Object.fromEntries(fields);
}

/** @throws HttpError 400, 413 (over 16 KiB) or 415; AbortError when the client disconnects */
export async function readForm(
  request: IncomingMessage,
  response: ServerResponse,
  allowed?: AllowedFields,
): Promise<Fields> {
  const { httpVersion, headers } = request;
  const length = Number(headers['content-length'] ?? 0);
  const isChunked = headers['transfer-encoding'] !== undefined;
  if (length === 0 && !isChunked) return NO_FIELDS;
  // HTTP/1.0 has no interim responses (RFC 9110 §10.1.1).
  const expectsContinue = httpVersion === '1.1' && headers.expect !== undefined;
  // Chunks may turn out to be none, and only content needs a media type (RFC 9110 §8.3).
  if (expectsContinue || !isChunked) checkMediaType(headers);
  if (length > MAX_BODY_BYTES) throw tooLarge();
  if (expectsContinue) response.writeContinue();
  const body = await readBody(request);
  if (body.length === 0) return NO_FIELDS;
  checkMediaType(headers);
  if (!isUtf8(body)) throw new HttpError(400, 'bad_request', 'the body is not UTF-8');
  return readFields(body.toString(), allowed);
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
  return new Promise((resolve, reject) => {
    const breakOff = () => reject(new DOMException('the request broke off', 'AbortError'));
    if (request.destroyed) breakOff();
    const chunks: Buffer[] = [];
    let size = 0;
    // What exceeds the limit is read and dropped: a client that is still sending must get the 413.
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) chunks.push(chunk);
      else if (size - chunk.length <= MAX_BODY_BYTES) reject(tooLarge());
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('close', () => request.readableEnded || breakOff());
  });
}

function tooLarge(): HttpError {
  return new HttpError(413, 'body_too_large', `a body has at most ${MAX_BODY_BYTES} bytes`);
}
