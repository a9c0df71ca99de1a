/** One connection, several requests: keeping, closing, order, pieces. */
import { listOf } from '../answers.ts';
import { type Check, get, head, last, post, request, type Target, table } from '../check.ts';

const GROUP = 'connection';

export function connection(target: Target): Check[] {
  const { path, host, body, missing, missingPath } = target;
  const one = get(target);
  const next = last(target);
  const old = (...lines: string[]) => head(`GET ${path} HTTP/1.0`, `Host: ${host}`, ...lines);
  const lost = request(target, `GET ${missingPath} HTTP/1.1`);
  /** A request in two pieces. */
  const cut = (at: number) => [one.slice(0, at), { pauseMs: 60 }, one.slice(at)];
  const right = { level: 'MUST', kind: 'GET', pass: ['good'] } as const;
  const good = target.get.status;

  return [
    ...table(
      GROUP,
      {
        level: 'SHOULD',
        rfc: 'RFC 9112 §9.3',
        methods: ['GET', 'GET'],
        pass: ['any+more'],
        why: 'A new connection for each request costs a visitor one round trip, with TLS two or three.',
        look: 'whether the connection is closed without need',
      },
      {
        keep: ['a connection is kept for the next request', [one, { answers: 1 }, next]],
        'keep-missing': [
          'a connection is kept when there is nothing at a path',
          [lost, { answers: 1 }, next],
        ],
        'keep-head': [
          'a connection is kept after HEAD',
          [request(target, `HEAD ${path} HTTP/1.1`), { answers: 1 }, next],
          { methods: ['HEAD', 'GET'] },
        ],
        'keep-options': [
          'a connection is kept after OPTIONS',
          [request(target, `OPTIONS ${path} HTTP/1.1`), { answers: 1 }, next],
          { methods: ['OPTIONS', 'GET'] },
        ],
      },
    ),
    ...table(
      GROUP,
      {
        level: 'MUST',
        rfc: 'RFC 9112 §9.6',
        methods: ['GET', 'GET'],
        pass: ['good+closed'],
        why: 'A client that has said close reads until the end, and waits for it.',
        look: 'how the header Connection is read: a list of words, in any case, in any number of lines',
      },
      {
        close: ['the last request before the close is answered, and none behind it', next + one],
        'close-alone': [
          'after Connection: close the connection is closed',
          next,
          { methods: ['GET'] },
        ],
        'close-capitals': [
          'close may be written in capitals',
          get(target, 'Connection: CLOSE') + one,
          { rfc: 'RFC 9110 §7.6.1' },
        ],
        'close-list': [
          'close may stand in a list',
          get(target, 'Connection: x-probe, close') + one,
          { rfc: 'RFC 9110 §7.6.1' },
        ],
        'close-lines': [
          'close may stand in a second line',
          get(target, 'Connection: x-probe', 'Connection: close') + one,
          { rfc: 'RFC 9110 §7.6.1' },
        ],
        'close-old': [
          'after HTTP/1.0 the connection is closed',
          old() + one,
          { rfc: 'RFC 9112 §9.3' },
        ],
        'close-said': [
          'the response to Connection: close says close as well',
          next,
          {
            level: 'SHOULD',
            methods: ['GET'],
            also: ({ final: [answer] }) =>
              answer && !listOf(answer, 'connection').includes('close')
                ? 'the response has no Connection: close'
                : undefined,
          },
        ],
        'close-post': [
          'after a body and Connection: close the connection is closed',
          post(target, 'Connection: close', `Content-Length: ${body.length}`) + body + one,
          { kind: 'POST', methods: ['POST', 'GET'] },
        ],
      },
    ),
    ...table(
      GROUP,
      {
        level: 'MUST',
        rfc: 'RFC 9112 §9.3.2',
        pass: ['any+more'],
        warn: ['any+closed'],
        why: 'A client knows only by their order which response belongs to which request.',
        look: 'whether the second of two requests that come at once can be answered before the first',
      },
      {
        order: [
          'requests that come at once are answered in their order',
          lost + one + one + lost + next,
          {
            methods: ['GET', 'GET', 'GET', 'GET', 'GET'],
            also: ({ final }) => {
              const wanted = [missing.status, good, good, missing.status, good];
              const isInOrder = final.every(({ status }, at) => status === wanted[at]);
              return isInOrder ? undefined : `${wanted.join(', ')} would be their order`;
            },
          },
        ],
        'order-many': [
          'fifty requests that come at once are all answered',
          one.repeat(49) + next,
          { methods: Array<string>(50).fill('GET') },
        ],
        'order-head': [
          'a HEAD between two GETs does not disturb the order',
          one + request(target, `HEAD ${path} HTTP/1.1`) + next,
          { methods: ['GET', 'HEAD', 'GET'] },
        ],
        'order-refused': [
          'a broken request behind a good one does not take its response away',
          `${one}GET / HTTP/1.1\r\nX Probe\r\n\r\n`,
          { pass: ['good', 'good+closed'], warn: [], methods: ['GET', 'GET'] },
        ],
      },
    ),
    ...table(
      GROUP,
      {
        ...right,
        rfc: 'RFC 9112 §2.2',
        why: 'TCP cuts where it likes: a request in one piece is luck.',
        look: 'whether the parser keeps its state between two reads',
      },
      {
        'pieces-method': ['a request may come in two pieces: cut in the method', cut(1)],
        'pieces-target': ['a request may come in two pieces: cut behind the method', cut(4)],
        'pieces-version': [
          'a request may come in two pieces: cut in the version',
          cut(one.indexOf('HTTP/') + 3),
        ],
        'pieces-line': [
          'a request may come in two pieces: cut between CR and LF',
          cut(one.indexOf('\n')),
        ],
        'pieces-name': [
          'a request may come in two pieces: cut in a header name',
          cut(one.indexOf('Host') + 2),
        ],
        'pieces-colon': [
          'a request may come in two pieces: cut behind a colon',
          cut(one.indexOf('Host') + 5),
        ],
        'pieces-value': [
          'a request may come in two pieces: cut in a value',
          cut(one.indexOf('Host') + 8),
        ],
        'pieces-end': [
          'a request may come in two pieces: cut in the empty line',
          cut(one.length - 1),
        ],
        'pieces-bytes': [
          'a request may come byte by byte',
          [...one].flatMap((byte, at) => [byte, { pauseMs: at === 0 ? 250 : 2 }]),
        ],
        'pieces-next': [
          'a piece of the next request may come with the first',
          [one + next.slice(0, 9), { answers: 1 }, next.slice(9)],
          { methods: ['GET', 'GET'], pass: ['good+more'] },
        ],
        'pieces-body': [
          'a body may come in pieces',
          [
            post(target, `Content-Length: ${body.length}`),
            { pauseMs: 60 },
            body.slice(0, 1),
            { pauseMs: 60 },
            body.slice(1) + next,
          ],
          { methods: ['POST', 'GET'], kind: 'POST', pass: ['good+more', 'good+closed'] },
        ],
      },
    ),
    ...table(
      GROUP,
      {
        level: 'MAY',
        rfc: 'RFC 9112 §9.6',
        pass: ['good', 'good+closed'],
        warn: ['closed'],
        why: 'Scripts send a request, close their half (printf … | nc -N) and wait: no response comes, and no reason.',
        look: 'whether the end of what the client sends ends the connection (in Node: allowHalfOpen)',
      },
      {
        'half-closed': ['a client that closes its half gets its response', [one, 'end']],
        'half-closed-two': [
          'a client that closes its half gets all its responses',
          [one + one, 'end'],
          { methods: ['GET', 'GET'], pass: ['good+more'], warn: ['closed', 'good', 'good+closed'] },
        ],
        'half-closed-post': [
          'a client that closes its half behind a body gets its response',
          [post(target, `Content-Length: ${body.length}`) + body, 'end'],
          { methods: ['POST'], kind: 'POST' },
        ],
      },
    ),
    ...(target.takesBody
      ? table(
          GROUP,
          {
            level: 'MUST',
            rfc: 'RFC 9112 §6.3',
            methods: ['POST'],
            kind: 'POST',
            pass: ['closed', '4xx', '4xx+closed'],
            why: 'Half an order is no order: what is done with half a body cannot be undone.',
            look: 'whether the handler runs only when the whole body has come',
          },
          {
            'half-body': [
              'a body that breaks off is not taken for whole',
              [post(target, `Content-Length: ${body.length + 9}`) + body, 'end'],
            ],
            'half-chunks': [
              'a chunked body without its last chunk is not taken for whole',
              [
                `${post(target, 'Transfer-Encoding: chunked')}${body.length.toString(16)}\r\n${body}\r\n`,
                'end',
              ],
              { rfc: 'RFC 9112 §8' },
            ],
          },
        )
      : []),
    ...table(
      GROUP,
      {
        level: 'MUST',
        rfc: 'RFC 9110 §10.1.1',
        methods: ['POST'],
        kind: 'POST',
        pass: ['any', 'any+closed'],
        why: 'The client waits with its body until it hears from you; most wait a second, some for ever.',
        look: 'what is done with Expect: 100-continue',
      },
      {
        expect: [
          'Expect: 100-continue is answered at once, by 100 or by the response',
          [
            post(
              target,
              'Expect: 100-continue',
              `Content-Length: ${body.length}`,
              'Connection: close',
            ),
            { answers: 1 },
            body,
          ],
          {
            also: ({ isLate, final }) =>
              isLate || final[0]?.status === 408 ? 'neither came before the body' : undefined,
          },
        ],
        'expect-old': [
          'in HTTP/1.0 no 100 is sent',
          head(
            `POST ${target.postPath} HTTP/1.0`,
            `Host: ${host}`,
            `Content-Type: ${target.type}`,
            'Expect: 100-continue',
            `Content-Length: ${body.length}`,
          ) + body,
          {
            rfc: 'RFC 9110 §15.2',
            also: ({ interim }) => (interim.length > 0 ? 'a 1xx response came' : undefined),
            why: 'A client of HTTP/1.0 takes 100 for the response.',
          },
        ],
      },
    ),
    ...table(
      GROUP,
      {
        ...right,
        rfc: 'RFC 9110 §7.8',
        why: 'A protocol that you do not speak is an offer, and can be left.',
        look: 'what is done with Upgrade',
      },
      {
        'upgrade-unknown': [
          'an upgrade to an unknown protocol is passed over',
          get(target, 'Connection: Upgrade', 'Upgrade: probe/1'),
        ],
        'upgrade-h2c': [
          'an upgrade to HTTP/2 is passed over, or done',
          get(
            target,
            'Connection: Upgrade, HTTP2-Settings',
            'Upgrade: h2c',
            'HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA',
          ),
          { warn: ['any'] },
        ],
        'upgrade-old': [
          'an upgrade in HTTP/1.0 is passed over',
          old(
            'Connection: Upgrade',
            'Upgrade: websocket',
            'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
            'Sec-WebSocket-Version: 13',
          ),
          { pass: ['good', '4xx'] },
        ],
      },
    ),
  ];
}
