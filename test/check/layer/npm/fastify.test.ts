import { test } from 'node:test';
import { checkVisits } from '../visits.ts';
import { createFastifyApp } from './fastify.ts';

const skip = process.env.LAYER === undefined && 'npm run test:layer installs what it needs';

test('the session layer serves a fastify application', { skip }, async (t) => {
  const app = await createFastifyApp('k'.repeat(32));
  await app.ready();
  await checkVisits(t, app.server);
});
