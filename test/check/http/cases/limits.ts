/** What is too large, too much, too slow. */
import { type Check, get, last, post, request, type Target, table } from '../check.ts';

const KB = 1024;

export function limits(target: Target): Check[] {
  const { path, body } = target;
  const line = `GET ${path}? HTTP/1.1`;
  const long = (bytes: number) =>
    request(target, `GET ${path}?${'x'.repeat(bytes - line.length)} HTTP/1.1`);
  const big = 'a='.padEnd(4096 * KB, 'x');

  return [
    ...table(
      'limits',
      {
        level: 'MUST',
        rfc: 'RFC 9110 §5.4',
        pass: ['4xx', 'good'],
        why: 'Headers that are dropped, or a connection that breaks, tell the client nothing; a dropped header can be one that protects.',
        look: 'which status is sent when a header is too large: 431',
      },
      {
        'header-long': [
          'a header of 100 KB is answered, or refused by 4xx',
          get(target, `X-Probe: ${'x'.repeat(100 * KB)}`),
        ],
        'header-name-long': [
          'a header name of 100 KB is answered, or refused by 4xx',
          get(target, `${'X'.repeat(100 * KB)}: a`),
        ],
        'header-many': [
          'ten thousand headers are answered, or refused by 4xx',
          get(target, ...Array.from({ length: 10_000 }, (_, at) => `X-${at}: a`)),
        ],
        'header-huge': [
          'headers of 1 MB are answered, or refused by 4xx',
          get(target, ...Array<string>(16).fill(`X-Probe: ${'x'.repeat(64 * KB)}`)),
        ],
        'cookie-long': [
          'a cookie of 64 KB is answered, or refused by 4xx',
          get(target, `Cookie: a=${'x'.repeat(64 * KB)}`),
        ],
        'target-long': [
          'a target of 100 KB is answered 414',
          long(100 * KB),
          {
            rfc: 'RFC 9112 §3',
            pass: ['414', 'good'],
            look: 'which status is sent when the request line is too long',
          },
        ],
        'target-12k': [
          'a target of 12 KB is answered as usual or by 414',
          long(12 * KB),
          {
            rfc: 'RFC 9112 §3',
            pass: ['414', 'good'],
            look: 'which status is sent when the request line is too long',
          },
        ],
        'target-8000': [
          'a request line of 8000 bytes is answered',
          long(8000),
          {
            level: 'SHOULD',
            rfc: 'RFC 9112 §3',
            pass: ['good'],
            why: 'Forms that are sent by GET have long targets.',
            look: 'the limit for the request line',
          },
        ],
      },
    ),
    ...table(
      'limits',
      {
        level: 'MAY',
        rfc: 'RFC 9112 §9.6',
        methods: ['POST'],
        kind: 'POST',
        pass: ['any', 'any+closed'],
        warn: ['closed'],
        why: 'What the client cannot read it cannot show: the visitor sees a broken connection and tries again.',
        look: 'whether the server closes at once, with bytes unread: TCP then takes back what it has sent',
      },
      {
        'body-large': [
          'a client that sends 4 MB can read the response',
          post(target, `Content-Length: ${big.length}`) + big,
        ],
        'body-large-chunked': [
          'a client that sends 4 MB in chunks can read the response',
          `${post(target, 'Transfer-Encoding: chunked')}${`10000\r\n${'x'.repeat(64 * KB)}\r\n`.repeat(64)}0\r\n\r\n`,
        ],
        'body-announced': [
          'a body of 1 TB is refused before it comes',
          post(target, 'Content-Length: 1099511627776'),
          {
            rfc: 'RFC 9110 §15.5.14',
            pass: ['413', '4xx', 'closed'],
            warn: ['silent', 'any'],
            why: 'The client sends for hours what nobody will read.',
            look: 'whether Content-Length is held against the limit at once',
          },
        ],
        'extension-long': [
          'a chunk extension of 1 MB is refused',
          `${post(target, 'Transfer-Encoding: chunked')}1;${'x'.repeat(KB * KB)}\r\n`,
          {
            rfc: 'RFC 9112 §7.1.1',
            pass: ['4xx', 'closed'],
            warn: ['silent', 'any'],
            why: 'No limit for the body counts them.',
            look: 'whether chunk extensions have a limit',
          },
        ],
        'trailer-long': [
          'a trailer of 1 MB is refused',
          `${post(target, 'Transfer-Encoding: chunked')}0\r\nX-Probe: ${'x'.repeat(KB * KB)}\r\n`,
          {
            rfc: 'RFC 9110 §5.4',
            pass: ['4xx', 'closed'],
            warn: ['silent', 'any'],
            why: 'No limit for the headers counts it.',
            look: 'whether trailers have a limit',
          },
        ],
        'empty-lines': [
          '1 MB of empty lines before a request is refused',
          '\r\n'.repeat(512 * KB) + get(target),
          {
            rfc: 'RFC 9112 §2.2',
            methods: ['GET'],
            kind: 'GET',
            pass: ['4xx', 'closed'],
            warn: ['good'],
            why: 'Work without end that no limit counts.',
            look: 'how many empty lines are passed over',
          },
        ],
      },
    ),
    ...table(
      'time-outs',
      {
        level: 'MAY',
        rfc: 'RFC 9112 §9.5',
        isLong: true,
        pass: ['closed', '4xx+closed', 'good+closed', '5xx+closed'],
        warn: ['silent', 'good', '4xx'],
        why: 'A few thousand clients that do nothing keep all others out.',
        look: 'the time-outs of the server: for the headers, for the whole request, for a kept connection',
      },
      {
        silent: ['a client that sends nothing is not kept for ever', []],
        'half-line': ['a client that stops in the request line is not kept for ever', 'GET /'],
        'half-headers': [
          'a client that stops in the headers is not kept for ever',
          get(target).slice(0, -2),
        ],
        'slow-headers': [
          'a client that sends a header byte by byte is not kept for ever',
          [`${get(target).slice(0, -2)}X-Probe: `, { drip: 'x', everyMs: 500 }],
        ],
        'half-body-wait': [
          'a client that stops in the body is not kept for ever',
          post(target, `Content-Length: ${body.length + 9}`) + body,
          { kind: 'POST', methods: ['POST', 'GET'] },
        ],
        'half-chunk': [
          'a client that stops in a chunk is not kept for ever',
          `${post(target, 'Transfer-Encoding: chunked')}${(body.length + 9).toString(16)}\r\n${body}`,
          { kind: 'POST', methods: ['POST', 'GET'] },
        ],
        'slow-body': [
          'a client that sends a body byte by byte is not kept for ever',
          [post(target, 'Content-Length: 100000'), { drip: 'x', everyMs: 500 }],
          { kind: 'POST', methods: ['POST', 'GET'] },
        ],
        idle: [
          'a connection on which nothing more comes is not kept for ever',
          get(target),
          { methods: ['GET', 'GET'] },
        ],
      },
    ),
    ...table(
      'time-outs',
      {
        level: 'MAY',
        rfc: 'RFC 9112 §9.5',
        pass: ['good', 'good+closed'],
        warn: ['closed'],
        why: 'A visitor may stop typing, and a network may stop for a moment.',
        look: 'whether a time-out is too short',
      },
      {
        patient: [
          'a request that stops for half a second is answered',
          [get(target).slice(0, 20), { pauseMs: 500 }, get(target).slice(20)],
        ],
        'patient-keep': [
          'a connection is kept for half a second between two requests',
          [get(target), { answers: 1 }, { pauseMs: 500 }, last(target)],
          { methods: ['GET', 'GET'], pass: ['good+more'], warn: ['good', 'good+closed'] },
        ],
      },
    ),
  ];
}
