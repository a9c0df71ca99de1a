/** node:http as it comes. */
import { createServer } from 'node:http';
import { isRun, PAGE, tell } from './listen.ts';

const server = createServer((request, response) => {
  const [path] = (request.url ?? '').split('?');
  if (request.method === 'POST' && path === '/form') {
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
    });
    request.on('end', () => response.end(`${length} bytes`));
    return;
  }
  const isPage = path === '/' && (request.method === 'GET' || request.method === 'HEAD');
  if (isPage) response.setHeader('Content-Type', 'text/html');
  else response.statusCode = 404;
  response.end(isPage ? PAGE : 'nothing here');
});
if (isRun) server.listen(0, '127.0.0.1', () => tell(server));
