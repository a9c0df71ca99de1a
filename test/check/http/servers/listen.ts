/** The programs beside this one answer GET / and take a form at POST /form, with what is their default. */
import type { AddressInfo, Server } from 'node:net';

/** A bare `node --test` takes these programs for tests. */
export const isRun = process.env.NODE_TEST_CONTEXT === undefined;

/** What GET / is answered with. */
export const PAGE = '<!doctype html><title>A page</title><p>A page.\n';

/** Says where a server listens. */
export function tell(server: Pick<Server, 'address'>): void {
  const { port } = server.address() as AddressInfo; // it listens on a port
  console.log(`http://127.0.0.1:${port}/`);
}
