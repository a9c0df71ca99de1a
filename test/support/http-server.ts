/**
 * The http server alone, without an application: for what its timeouts do, and its end.
 */
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import type { Listener } from '../../lib/http/connection.ts';
import { createHttpServer, type Timing } from '../../lib/http/server.ts';
import { atEnd } from './at-end.ts';

/** Nothing ends by these within a test; each test shortens the one that it is about. */
const PATIENT: Timing = {
  headersMs: 60_000,
  requestMs: 60_000,
  checkMs: 50,
  keepAliveMs: 60_000,
  stalledMs: 60_000,
};
export const BIG = Buffer.alloc(32 * 1_048_576, 'x');

/** Answers when the body is whole: with 32 MiB to GET, with its length to POST. */
const answerWhole: Listener['answer'] = async (request, response) => {
  let length = 0;
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
  });
  request.on('end', () => response.end(request.method === 'GET' ? BIG : `${length} bytes`));
};

/** Starts it; `answer` is what it does with a request. Closed when the test ends. */
export async function startServer(t: TestContext, timing: Partial<Timing>, answer = answerWhole) {
  const { server, drain } = createHttpServer(
    { answer, refused: () => {} },
    { ...PATIENT, ...timing },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(t, async () => {
    server.closeAllConnections();
    await drain();
  });
  const { port } = server.address() as AddressInfo; // it listens on a port
  return { server, port, drain };
}
