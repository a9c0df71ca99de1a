/** What each adapter here is given. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Whether this program was started to serve, and not picked up by a bare `node --test`. */
export const isWanted = process.env.NODE_TEST_CONTEXT === undefined;

export const PORT = Number(process.env.PORT);
export const SECRET = 'a secret for the checker and of no other use';

/** How long each write of a store in memory takes, as one on a network would. */
export const STORE_MS = Number(process.env.STORE_MS ?? 0);

/** How long an unused session lives, in seconds; undefined for the layer's default. */
export const IDLE = process.env.IDLE ? Number(process.env.IDLE) : undefined;

/** The fields of a form, as the contract has them. */
export interface Form {
  readonly key: string;
  readonly value: string;
  readonly user: string;
  readonly ms?: string;
}

/** What a session holds where it is an object. */
export type Data = Record<string, unknown>;

/** Waits in the handler, between reading and writing. */
export async function pause(ms = '0'): Promise<void> {
  if (Number(ms) > 0) await sleep(Number(ms));
}

export function failOnPurpose(): never {
  throw new Error('this handler fails on purpose');
}
