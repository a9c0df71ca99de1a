/**
 * A request that is under way: the server has opened its session and waits for the body. Whatever
 * happens to the session now happens in the middle of the request.
 */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { TestContext } from 'node:test';
import { atEnd } from './at-end.ts';

export interface Answer {
  readonly status: number;
  readonly setCookie: readonly string[];
  readonly body: string;
}

/**
 * Sends a request without its body. The server's «100 Continue» comes once it has opened the
 * session.
 * @returns what sends the body and gives the answer
 */
export async function startRequest(
  t: TestContext,
  url: string,
  { method, path, cookie }: { method: string; path: string; cookie: string },
): Promise<(body?: string) => Promise<Answer>> {
  const headers = {
    cookie,
    expect: '100-continue',
    'content-type': 'application/x-www-form-urlencoded',
    'transfer-encoding': 'chunked',
  };
  const outgoing = request(url + path, { method, headers });
  atEnd(t, () => outgoing.destroy());
  outgoing.flushHeaders();
  await once(outgoing, 'continue', { signal: AbortSignal.timeout(10_000) });
  return async (body = '') => {
    const answered = once(outgoing, 'response', { signal: AbortSignal.timeout(10_000) });
    outgoing.end(body);
    const response: IncomingMessage = (await answered)[0]; // what a `response` event brings
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += chunk;
    const { statusCode = 0, headers: received } = response;
    return { status: statusCode, setCookie: received['set-cookie'] ?? [], body: text };
  };
}
