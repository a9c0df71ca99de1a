/** iron-session: the session itself in an encrypted cookie. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { type Data, failOnPurpose, IDLE, isWanted, PORT, pause, SECRET } from './setting.ts';

if (isWanted) await serve();

async function serve(): Promise<void> {
  const { getIronSession } = await import('iron-session');

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://localhost');
    const form = new URLSearchParams(await text(request));
    const [key = '', value = '', user = ''] = ['key', 'value', 'user'].map(
      (name) => form.get(name) ?? '',
    );
    const session = await getIronSession<Data>(request, response, {
      cookieName: 'session',
      password: SECRET,
      ...(IDLE === undefined ? {} : { ttl: IDLE }),
      cookieOptions: { secure: request.headers['x-forwarded-proto'] === 'https' },
    });
    const say = (body: string, status = 200) => {
      response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(body);
    };
    switch (`${request.method === 'HEAD' ? 'GET' : request.method} ${url.pathname}`) {
      case 'GET /get': {
        const found = session[url.searchParams.get('key') ?? ''];
        return found === undefined ? say('', 404) : say(String(found));
      }
      case 'GET /all':
        return say(JSON.stringify(session));
      case 'GET /whoami':
        return say(String(session.user ?? ''));
      case 'POST /set':
        await pause(form.get('ms') ?? '0');
        session[key] = value;
        await session.save();
        return say('done');
      case 'POST /del':
        delete session[key];
        await session.save();
        return say('done');
      case 'POST /login':
        await pause(form.get('ms') ?? '0');
        session.user = user;
        await session.save();
        return say('done');
      case 'POST /logout':
        session.destroy();
        return say('done');
      case 'POST /fail':
        session[key] = value;
        return failOnPurpose();
      default:
        return say('', 404);
    }
  }

  createServer((request, response) => {
    answer(request, response).catch(() => response.writeHead(500).end('an error'));
  }).listen(PORT, '127.0.0.1');
}
