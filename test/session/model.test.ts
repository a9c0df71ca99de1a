/**
 * Random sequences of requests against the model, see `support/session-sequence.ts`.
 *
 * A failure names its seed: with SESSION_MODEL_SEED set to it, the test begins with that sequence.
 */
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { runSequence } from '../support/session-sequence.ts';
import { createTestStore } from '../support/session-store.ts';

const SEQUENCES = 1000;
const first = Number(process.env.SESSION_MODEL_SEED ?? randomInt(2 ** 31));

test(`${SEQUENCES} random sequences of requests end as the model says`, async () => {
  for (let seed = first; seed < first + SEQUENCES; seed += 1) {
    try {
      await runSequence(seed, createTestStore, true);
    } catch (error) {
      throw new Error(`to see it again, set SESSION_MODEL_SEED=${seed}`, { cause: error });
    }
  }
});
