/** Express as it comes, out of the benchmark's packages. */
import { createRequire } from 'node:module';
import { PAGE, tell } from './listen.ts';

const require = createRequire(new URL('../../../bench/package.json', import.meta.url));
const express = require('express');

const app = express();
app.get('/', (_request: unknown, response: { send(body: string): void }) => response.send(PAGE));
app.post(
  '/form',
  express.urlencoded(),
  (_request: unknown, response: { send(body: string): void }) => response.send('taken'),
);
const server = app.listen(0, '127.0.0.1', () => tell(server));
