/** Serves a layer, in this process. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { atEnd } from '../../../support/at-end.ts';
import type { Layer, Reply } from './layer.ts';

/** @returns its address */
export async function serve(t: TestContext, layer: Layer): Promise<string> {
  const server = createServer(async (request, response) => {
    const gone = new AbortController();
    response.once('close', () => response.writableFinished || gone.abort());
    const { method = '', headers } = request;
    const url = new URL(request.url ?? '', 'http://localhost');
    const body = await text(request);
    let reply: Reply;
    try {
      reply = await layer.respond({ method, url, headers, body, signal: gone.signal });
    } catch {
      reply = layer.reply(500); // a planted fault
    }
    const { status, setCookies, beforeEnd } = reply;
    response.writeHead(status, {
      ...reply.headers,
      'Set-Cookie': setCookies,
      'Content-Length': Buffer.byteLength(reply.body),
    });
    if (beforeEnd) {
      response.flushHeaders();
      await beforeEnd();
    }
    response.end(reply.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(t, async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo; // it listens on a port
  return `http://127.0.0.1:${port}`;
}
