/**
 * A client that goes away while it is being served is no failure, and leaves nothing behind: there
 * is nobody left to answer.
 */
import type { ServerResponse } from 'node:http';

/** The client went away before its request was whole, or was told that it came too late. */
export class ClientGone extends Error {}

/** Aborted when the client has gone or has been answered. It costs a little. */
export function whenGone(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  if (response.destroyed) controller.abort();
  response.once('close', () => controller.abort());
  return controller.signal;
}

/** Whether something was thrown only because the client has gone. */
export function isClientGone(thrown: unknown, response: ServerResponse): boolean {
  if (thrown instanceof ClientGone) return true;
  return response.destroyed && thrown instanceof Error && thrown.name === 'AbortError';
}
