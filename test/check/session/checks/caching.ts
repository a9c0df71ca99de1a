import type { Group } from '../inspection.ts';
import { type Answer, NoAnswer } from '../request.ts';
import { NotLookedAt, type Site, short } from '../site.ts';
import { SHEET, told } from './common.ts';

export const caching: Group = {
  name: 'answers',
  title: 'The answers',
  checks: [
    {
      id: 'cache-depends',
      level: 'SHOULD',
      says: 'an answer that depends on the cookie says so: Vary: Cookie, or Cache-Control',
      why: 'a cache would give one visitor’s page to the next',
      look: 'a header that the layer adds whenever the session was read',
      source: 'RFC 9110 §12.5.5; OWASP ASVS 5.0, 14.3.2',
      async seen(site) {
        const user = await site.user();
        const answer = await user.send('GET', '/whoami');
        return isKeptOut(answer) ? undefined : headersOf(answer);
      },
    },
    {
      id: 'cache-set-cookie',
      level: 'SHOULD',
      says: 'an answer to GET that sets a cookie is kept out of caches',
      why: 'a cache would give one session to many visitors: Set-Cookie does not keep an answer out',
      look: 'Cache-Control: no-store or private with the cookie',
      source: `RFC 9111 §7.3; ${SHEET}, “Web Content Caching”`,
      when: 'last',
      async seen({ history }) {
        const setting = history.filter(
          ({ what, answer }) => /^(?:GET|HEAD) /.test(what) && answer.setCookies.length > 0,
        );
        const wrong = setting.filter(({ answer }) => !isKeptOut(answer));
        const [first] = wrong;
        if (first === undefined) return undefined;
        return `${wrong.length} of ${setting.length} such answers, as ${first.what} in ${first.during}: ${headersOf(first.answer)}`;
      },
    },
    {
      id: 'head',
      level: 'MUST',
      says: 'HEAD is answered as GET, and neither makes a session nor loses one',
      why: 'link checkers and proxies send HEAD',
      look: 'how HEAD is routed',
      source: 'RFC 9110 §9.3.2',
      async seen(site) {
        const stranger = await head(site, '');
        const get = await site.read('', 'a');
        const visitor = await site.visitor('a', '1');
        const own = await head(site, visitor.cookies);
        const after = await visitor.get('a');
        const faults: string[] = [];
        if (stranger.status >= 500) faults.push(`a stranger’s is answered ${stranger.status}`);
        if (stranger.setCookies.length > get.setCookies.length)
          faults.push('it sets a cookie where GET sets none');
        if (own.status !== 200)
          faults.push(`it is answered ${own.status} where GET is answered 200`);
        if (after.body !== '1') faults.push(`afterwards GET is answered ${after.status}`);
        return told(faults);
      },
    },
    {
      id: 'not-modified',
      level: 'SHOULD',
      says: 'a 304 hides no change of the session',
      why: 'the browser would show what was there before',
      look: 'what the ETag is made of',
      source: 'RFC 9110 §15.4.5',
      async seen(site) {
        const visitor = await site.visitor('a', '1');
        const { headers } = await visitor.get('a');
        const { etag } = headers;
        if (etag === undefined) throw new NotLookedAt('the answers have no ETag');
        await visitor.mustSet('a', '2');
        const { status, body } = await visitor.get('a', { headers: { 'If-None-Match': etag } });
        if (status === 200 && body === '2') return undefined;
        return `after a change it is answered ${status} «${short(body, 20)}»`;
      },
    },
    {
      id: 'no-5xx',
      level: 'MUST',
      says: 'no other request of all these checks is answered with a server error',
      why: 'a request may be wrong, the server’s answer may not',
      look: 'the server’s log',
      source: 'RFC 9110 §15.6',
      when: 'last',
      async seen({ history }, failed) {
        // What a failed check has told is not told again.
        const rest = history.filter(
          ({ during, what, answer }) =>
            answer.status >= 500 && !what.endsWith(' /fail') && !failed.has(during),
        );
        return told(rest.map(({ during, what, answer }) => `${during}: ${what} ${answer.status}`));
      },
    },
  ],
};

function isKeptOut({ headers }: Answer): boolean {
  const { 'cache-control': control = '', vary = '' } = headers;
  return /no-store|private|no-cache/i.test(control) || /cookie|\*/i.test(vary);
}

function headersOf({ headers }: Answer): string {
  const { 'cache-control': control = 'none', vary = 'none' } = headers;
  return `Cache-Control: ${control}; Vary: ${vary}`;
}

async function head(site: Site, cookies: string): Promise<Answer> {
  try {
    return await site.send('HEAD', '/get?key=a', { cookies });
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    throw new NotLookedAt(`HEAD is answered with content, by the HTTP server (${error.message})`);
  }
}
