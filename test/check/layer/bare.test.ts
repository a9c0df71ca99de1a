import { test } from 'node:test';
import { createBareServer } from './bare.ts';
import { checkVisits } from './visits.ts';

test('the session layer serves a server of its own, with `cookie` and nothing else', (t) =>
  checkVisits(t, createBareServer('k'.repeat(32))));
