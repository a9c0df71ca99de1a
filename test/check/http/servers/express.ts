/** Express as it comes, out of the benchmark's packages. */
import { createRequire } from 'node:module';
import { isRun, PAGE, tell } from './listen.ts';

interface Response {
  send(body: string): void;
}

const require = createRequire(new URL('../../../bench/package.json', import.meta.url));

if (isRun) {
  const express = require('express');
  const app = express();
  app.get('/', (_: unknown, response: Response) => response.send(PAGE));
  app.post('/form', express.urlencoded(), (_: unknown, response: Response) =>
    response.send('taken'),
  );
  const server = app.listen(0, '127.0.0.1', () => tell(server));
}
