/** Where a request ends: Content-Length, Transfer-Encoding, and what a proxy may be deceived with. */
import { type Check, get, head, last, post, request, type Target, table } from '../check.ts';

const GROUP = 'framing';
const WHY =
  'A proxy in front may see the end elsewhere: what you then take for the next request, an attacker has written into another visitor’s connection.';

export function framing(target: Target): Check[] {
  const { body, path, postPath, host } = target;
  const n = body.length;
  const next = last(target);
  const chunked = `${n.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
  /** Where a POST is refused whatever stands in it, that may come first. */
  const warn = target.post.status < 400 ? [] : (['good+closed', 'good'] as const);
  const length = (text: string) => post(target, `Content-Length:${text}`) + body + next;
  const coding = (text: string) => post(target, `Transfer-Encoding:${text}`) + chunked + next;
  const both = ['POST', 'GET'];
  const hidden = get(target);
  const within = (start: string) =>
    request(target, start, `Content-Length: ${hidden.length}`) + hidden + next;

  return [
    ...table(
      GROUP,
      {
        level: 'MUST',
        rfc: 'RFC 9112 §6.3',
        methods: both,
        kind: 'POST',
        pass: ['400+closed'],
        warn,
        why: WHY,
        look: 'whether Content-Length must be digits and nothing else, before it becomes a number',
      },
      {
        'length-word': ['a Content-Length that is no number is answered 400', length(' abc')],
        'length-plus': ['a Content-Length with a plus is answered 400', length(` +${n}`)],
        'length-minus': ['a Content-Length below zero is answered 400', length(' -1')],
        'length-minus-zero': ['a Content-Length of -0 is answered 400', length(' -0')],
        'length-point': ['a Content-Length with a point is answered 400', length(` ${n}.0`)],
        'length-exponent': ['a Content-Length with an exponent is answered 400', length(` ${n}e0`)],
        'length-hex': ['a hexadecimal Content-Length is answered 400', length(` 0x${n}`)],
        'length-octal': ['an octal Content-Length is answered 400', length(` 0o${n}`)],
        'length-underscore': [
          'a Content-Length with an underscore is answered 400',
          length(` 0_${n}`),
        ],
        'length-blank': [
          'a Content-Length with a blank in it is answered 400',
          length(` ${n} ${n}`),
        ],
        'length-semicolon': [
          'a Content-Length with a parameter is answered 400',
          length(` ${n};a=b`),
        ],
        'length-quoted': ['a Content-Length in quotation marks is answered 400', length(` "${n}"`)],
        'length-control': [
          'a Content-Length behind a vertical tab is answered 400',
          length(` \x0b${n}`),
        ],
        'length-empty': ['an empty Content-Length is answered 400', length('')],
        'length-64-bits': [
          'a Content-Length beyond 64 bits is answered 400',
          length(` ${2n ** 64n + BigInt(n)}`),
          { pass: ['400+closed', '413+closed'] },
        ],
        'length-list-differs': [
          'a Content-Length of two numbers is answered 400',
          length(` ${n}, ${n + 1}`),
        ],
        'length-twice-differs': [
          'two Content-Lengths that differ are answered 400',
          length(` ${n}\r\nContent-Length: ${n + 1}`),
        ],
        'length-get': [
          'a Content-Length that is no number is answered 400 for GET, too',
          get(target, 'Content-Length: abc') + next,
          { kind: 'GET', warn: [] },
        ],
        'length-blank-colon': [
          'Content-Length with a blank before its colon is answered 400',
          post(target, `Content-Length : ${n}`) + body + next,
          { rfc: 'RFC 9112 §5.1', pass: ['400', '400+closed'] },
        ],
      },
    ),
    ...table(
      GROUP,
      {
        level: 'MAY',
        rfc: 'RFC 9110 §8.6',
        methods: both,
        kind: 'POST',
        pass: ['400+closed'],
        warn: ['good+more', ...warn],
        why: WHY,
        look: 'whether a second Content-Length is refused, whatever it says',
      },
      {
        'length-list-same': [
          'a Content-Length that repeats its number is answered 400',
          length(` ${n}, ${n}`),
        ],
        'length-twice-same': [
          'two equal Content-Lengths are answered 400',
          length(` ${n}\r\nContent-Length: ${n}`),
        ],
      },
    ),
    ...table(
      GROUP,
      {
        level: 'MUST',
        rfc: 'RFC 9110 §8.6',
        methods: both,
        kind: 'POST',
        pass: ['good+more', 'good+closed'],
        why: 'This is right, and some client sends it.',
        look: 'how Content-Length is read',
      },
      {
        'length-right': [
          'a body of Content-Length is read, and what follows it is answered',
          length(` ${n}`),
        ],
        'length-zeros': ['a Content-Length may begin with zeros', length(` 00${n}`)],
        'length-blanks': [
          'blanks and tabs around a Content-Length are no part of it',
          length(` \t ${n} \t`),
          { rfc: 'RFC 9112 §5.1' },
        ],
        'length-no-blank': [
          'no blank is needed before a Content-Length',
          length(`${n}`),
          { rfc: 'RFC 9112 §5.1' },
        ],
        'coding-right': [
          'a body in chunks is read, and what follows it is answered',
          coding(' chunked'),
          { rfc: 'RFC 9112 §7.1' },
        ],
        'coding-case': [
          'chunked may be written in capitals',
          coding(' Chunked'),
          { rfc: 'RFC 9112 §7' },
        ],
        'coding-tab': [
          'a tab may stand before chunked',
          coding('\tchunked'),
          { rfc: 'RFC 9112 §5.1' },
        ],
        'coding-blank': [
          'a blank may stand behind chunked',
          coding(' chunked '),
          { rfc: 'RFC 9112 §5.1' },
        ],
        'body-none': [
          'a POST without a length has no body: what follows it is the next request',
          post(target) + next,
          { rfc: 'RFC 9112 §6.3', pass: ['any+more', 'any+closed', '400'] },
        ],
        'length-underscored': [
          'Content_Length is not Content-Length',
          post(target, `Content_Length: ${next.length}`) + next,
          { rfc: 'RFC 9110 §5.1', pass: ['any+more', 'any+closed', '400'] },
        ],
      },
    ),
    ...table(
      GROUP,
      {
        level: 'MUST',
        rfc: 'RFC 9112 §6.1',
        methods: both,
        kind: 'POST',
        pass: ['any+closed'],
        why: WHY,
        look: 'what happens when both headers are there: refuse it, and in any case close',
      },
      {
        'both-length-first': [
          'after Content-Length and Transfer-Encoding in one request the connection is closed',
          post(target, `Content-Length: ${(chunked + next).length}`, 'Transfer-Encoding: chunked') +
            chunked +
            next,
        ],
        'both-coding-first': [
          'after Transfer-Encoding and Content-Length in one request the connection is closed',
          post(target, 'Transfer-Encoding: chunked', `Content-Length: ${(chunked + next).length}`) +
            chunked +
            next,
        ],
        'both-hidden': [
          'a request behind the last chunk, but within Content-Length, is not answered',
          post(target, `Content-Length: ${5 + next.length}`, 'Transfer-Encoding: chunked') +
            `0\r\n\r\n${next}`,
        ],
        'both-get': [
          'after both headers in a GET the connection is closed',
          get(target, 'Content-Length: 5', 'Transfer-Encoding: chunked') + `0\r\n\r\n${next}`,
          { kind: 'GET' },
        ],
        'coding-old': [
          'after Transfer-Encoding in HTTP/1.0 the connection is closed',
          head(
            `POST ${postPath} HTTP/1.0`,
            `Host: ${host}`,
            'Connection: keep-alive',
            'Transfer-Encoding: chunked',
          ) +
            chunked +
            next,
        ],
        'coding-old-length': [
          'after both headers in HTTP/1.0 the connection is closed',
          head(
            `POST ${postPath} HTTP/1.0`,
            `Host: ${host}`,
            'Connection: keep-alive',
            `Content-Length: ${chunked.length}`,
            'Transfer-Encoding: chunked',
          ) +
            chunked +
            next,
        ],
      },
    ),
    ...table(
      GROUP,
      {
        level: 'MUST',
        rfc: 'RFC 9112 §6.3',
        methods: both,
        kind: 'POST',
        pass: ['400+closed', '501+closed'],
        warn,
        why: WHY,
        look: 'whether Transfer-Encoding must be the word chunked and nothing else',
      },
      {
        'coding-empty': [
          'an empty Transfer-Encoding is refused',
          post(target, 'Transfer-Encoding:') + next,
        ],
        'coding-identity': ['the coding identity is refused', coding(' identity')],
        'coding-gzip': ['a coding that does not end with chunked is refused', coding(' gzip')],
        'coding-chunked-gzip': ['a coding behind chunked is refused', coding(' chunked, gzip')],
        'coding-chunked-identity': [
          'identity behind chunked is refused',
          coding(' chunked, identity'),
        ],
        'coding-two-lines': [
          'identity in a second line is refused',
          coding(' chunked\r\nTransfer-Encoding: identity'),
        ],
        'coding-prefix': ['xchunked is refused', coding(' xchunked')],
        'coding-suffix': ['chunkedx is refused', coding(' chunkedx')],
        'coding-quoted': ['chunked in quotation marks is refused', coding(' "chunked"')],
        'coding-parameter': ['chunked with a parameter is refused', coding(' chunked;a=b')],
        'coding-vertical-tab': ['chunked behind a vertical tab is refused', coding(' \x0bchunked')],
        'coding-form-feed': ['chunked before a form feed is refused', coding(' chunked\x0c')],
        'coding-hard-blank': ['chunked behind a hard blank is refused', coding(' \xa0chunked')],
        'coding-nul': ['chunked before a NUL is refused', coding(' chunked\0')],
        'coding-semicolon': ['chunked behind a semicolon is refused', coding(' ;chunked')],
        'coding-blank-colon': [
          'Transfer-Encoding with a blank before its colon is answered 400',
          post(target, 'Transfer-Encoding : chunked') + chunked + next,
          { rfc: 'RFC 9112 §5.1', pass: ['400', '400+closed'] },
        ],
        'coding-folded': [
          'a folded Transfer-Encoding is refused, or unfolded',
          coding('\r\n chunked'),
          { rfc: 'RFC 9112 §5.2', pass: ['400', '400+closed'], warn: ['good+more', ...warn] },
        ],
      },
    ),
    ...table(
      GROUP,
      {
        level: 'SHOULD',
        rfc: 'RFC 9112 §6.1',
        methods: both,
        kind: 'POST',
        pass: ['501', '501+closed', '400+closed'],
        warn,
        why: WHY,
        look: 'what happens with a coding that you do not decode',
      },
      {
        'coding-gzip-chunked': [
          'a coding that is not known is answered 501',
          coding(' gzip, chunked'),
          { pass: ['501', '501+closed'] },
        ],
        'coding-chunked-twice': ['chunked twice is refused', coding(' chunked, chunked')],
        'coding-lines-twice': [
          'chunked in two lines is refused',
          coding(' chunked\r\nTransfer-Encoding: chunked'),
        ],
      },
    ),
    ...table(
      GROUP,
      {
        level: 'MAY',
        rfc: 'RFC 9110 §5.6.1',
        methods: both,
        kind: 'POST',
        pass: ['400+closed', '501+closed'],
        warn: ['good+more', 'good+closed', 'good'],
        why: WHY,
        look: 'whether Transfer-Encoding must be the word chunked and nothing else',
      },
      {
        'coding-comma-before': ['chunked behind a comma is refused', coding(' ,chunked')],
        'coding-comma-behind': ['chunked before a comma is refused', coding(' chunked,')],
      },
    ),
    ...table(
      GROUP,
      {
        level: 'MUST',
        rfc: 'RFC 9112 §9.3',
        pass: ['any+more', 'any+closed'],
        also: ({ final }) =>
          final.length > 2
            ? 'three responses to two requests: a body was taken for a request'
            : undefined,
        why: WHY,
        look: 'whether a body that the handler does not want is read all the same, or the connection closed',
      },
      {
        'body-get': [
          'the body of a GET is no request',
          within(`GET ${path} HTTP/1.1`),
          { methods: ['GET', 'GET'] },
        ],
        'body-head': [
          'the body of a HEAD is no request',
          within(`HEAD ${path} HTTP/1.1`),
          { methods: ['HEAD', 'GET'] },
        ],
        'body-options': [
          'the body of an OPTIONS is no request',
          within(`OPTIONS ${path} HTTP/1.1`),
          { methods: ['OPTIONS', 'GET'] },
        ],
        'body-delete': [
          'the body of a DELETE is no request',
          within(`DELETE ${target.missingPath} HTTP/1.1`),
          { methods: ['DELETE', 'GET'] },
        ],
        'body-missing': [
          'the body of a POST to nowhere is no request',
          within(`POST ${target.missingPath} HTTP/1.1`),
          { methods: both, kind: 'POST' },
        ],
        'body-chunked-get': [
          'the chunks of a GET are no request',
          get(target, 'Transfer-Encoding: chunked') +
            `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n${next}`,
          { methods: ['GET', 'GET'] },
        ],
        'body-expect': [
          'the body behind Expect is no request',
          post(target, 'Expect: 100-continue', `Content-Length: ${hidden.length}`) + hidden + next,
          { methods: both, kind: 'POST' },
        ],
        'length-smuggled': [
          'a Content-Length of 0 is believed: what follows is the next request',
          post(target, 'Content-Length: 0') + next,
          { methods: both, kind: 'POST', rfc: 'RFC 9112 §6.3' },
        ],
      },
    ),
  ];
}
