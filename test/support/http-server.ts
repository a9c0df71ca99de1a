/** The http server alone, without an application: for its timeouts and its drain. */
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { createHttpServer, type RequestHandler } from '../../lib/http/server.ts';
import { atEnd } from './at-end.ts';

/** In ms; Node checks the first two every second. */
interface Timeouts {
  readonly headersTimeout?: number;
  readonly requestTimeout?: number;
  readonly keepAliveTimeout?: number;
  readonly timeout?: number;
}

export const BIG = Buffer.alloc(32 * 1_048_576, 'x');

/** Answers when the body is whole: with 32 MiB to GET, with its length to POST. */
const answerWhole: RequestHandler = async (request, response) => {
  let length = 0;
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
  });
  request.on('end', () => response.end(request.method === 'GET' ? BIG : `${length} bytes`));
};

/** Starts it; `handle` is what it does with a request. Closed when the test ends. */
export async function startServer(t: TestContext, timeouts: Timeouts, handle = answerWhole) {
  const { server, drain } = createHttpServer(handle);
  Object.assign(server, timeouts);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(t, async () => {
    server.closeAllConnections();
    await drain();
  });
  const { port } = server.address() as AddressInfo; // it listens on a port
  return { server, port, drain };
}
