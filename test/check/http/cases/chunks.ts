/** The chunked transfer coding. */
import { type Check, last, post, type Target, table } from '../check.ts';

const GROUP = 'chunks';

export function chunks(target: Target): Check[] {
  const { body } = target;
  const size = body.length.toString(16);
  const next = last(target);
  const start = post(target, 'Transfer-Encoding: chunked');
  const whole = (text: string) => start + text + next;
  /** One chunk with this in place of its size. */
  const sized = (text: string) => whole(`${text}\r\n${body}\r\n0\r\n\r\n`);
  /** Where no body is wanted, the response may come before the body is looked at. */
  const warn = target.takesBody ? [] : (['good+closed'] as const);
  const beyond = (bits: bigint) => (2n ** bits + BigInt(body.length)).toString(16);
  const shared = { methods: ['POST', 'GET'], kind: 'POST' } as const;

  return [
    ...table(
      GROUP,
      {
        ...shared,
        level: 'SHOULD',
        rfc: 'RFC 9112 §7.1',
        pass: ['400+closed', '413+closed', 'closed'],
        warn,
        why: 'A proxy that reads the size otherwise ends the request elsewhere: what follows is then smuggled past it.',
        look: 'whether a chunk size must be hexadecimal digits and nothing else, and each line ends with CR and LF',
      },
      {
        'size-word': ['a chunk size that is no number is refused', sized('zz')],
        'size-prefix': ['a chunk size with 0x is refused', sized(`0x${size}`)],
        'size-plus': ['a chunk size with a plus is refused', sized(`+${size}`)],
        'size-minus': ['a chunk size below zero is refused', sized(`-${size}`)],
        'size-point': ['a chunk size with a point is refused', sized(`${size}.0`)],
        'size-underscore': ['a chunk size with an underscore is refused', sized(`0_${size}`)],
        'size-blank-before': ['a blank before a chunk size is refused', sized(` ${size}`)],
        'size-blank-behind': ['a blank behind a chunk size is refused', sized(`${size} `)],
        'size-tab-behind': ['a tab behind a chunk size is refused', sized(`${size}\t`)],
        'size-empty': ['an empty chunk size is refused', sized('')],
        'size-nul': ['a NUL behind a chunk size is refused', sized(`${size}\0`)],
        'size-comma': ['a comma behind a chunk size is refused', sized(`${size},`)],
        'extension-empty': ['a semicolon without an extension is refused', sized(`${size};`)],
        'extension-cr': ['a CR in a chunk extension is refused', sized(`${size};a\rb`)],
        'extension-lf': ['an LF in a chunk extension is refused', sized(`${size};a\nb`)],
        'extension-nul': ['a NUL in a chunk extension is refused', sized(`${size};a=\0`)],
        'extension-token': [
          'a bracket in the name of a chunk extension is refused',
          sized(`${size};a[b`),
        ],
        'size-lf': [
          'LF alone behind a chunk size is refused',
          whole(`${size}\n${body}\r\n0\r\n\r\n`),
        ],
        'size-cr': [
          'CR alone behind a chunk size is refused',
          whole(`${size}\r${body}\r\n0\r\n\r\n`),
        ],
        'data-lf': ['LF alone behind a chunk is refused', whole(`${size}\r\n${body}\n0\r\n\r\n`)],
        'data-none': [
          'no line end behind a chunk is refused',
          whole(`${size}\r\n${body}0\r\n\r\n`),
        ],
        'data-long': [
          'a chunk longer than its size is refused',
          whole(`${size}\r\n${body}x\r\n0\r\n\r\n`),
        ],
        'data-short': [
          'a chunk shorter than its size is refused',
          whole(`${size}\r\n${body.slice(1)}\r\n0\r\n\r\n`),
        ],
        'last-lf': [
          'LF alone behind the last chunk is refused',
          whole(`${size}\r\n${body}\r\n0\n\r\n`),
        ],
        'trailer-no-colon': [
          'a trailer line without a colon is refused',
          whole(`${size}\r\n${body}\r\n0\r\nX-Probe\r\n\r\n`),
        ],
        'trailer-blank-colon': [
          'a blank before the colon of a trailer is refused',
          whole(`${size}\r\n${body}\r\n0\r\nX-Probe : a\r\n\r\n`),
        ],
      },
    ),
    ...table(
      GROUP,
      {
        ...shared,
        level: 'MUST',
        rfc: 'RFC 9112 §7.1',
        pass: ['any', 'any+closed', 'closed', 'silent'],
        why: 'A size that overflows its integer becomes a small one, and the rest of the chunk a request.',
        look: 'how many digits of a chunk size are read, and into what',
      },
      {
        'size-32-bits': ['a chunk size beyond 32 bits is not cut off', sized(beyond(32n))],
        'size-64-bits': [
          'a chunk size beyond 64 bits is not cut off',
          sized(beyond(64n)),
          { pass: ['4xx+closed', 'closed'] },
        ],
        'size-256-bits': [
          'a chunk size beyond 256 bits is not cut off',
          sized(beyond(256n)),
          { pass: ['4xx+closed', 'closed'] },
        ],
      },
    ),
    ...table(
      GROUP,
      {
        ...shared,
        level: 'MUST',
        rfc: 'RFC 9112 §7.1',
        pass: ['good+more', 'good+closed'],
        why: 'This is right, and some client sends it.',
        look: 'how a chunk is read',
      },
      {
        'size-capitals': [
          'a chunk size may have digits in capitals',
          whole(`A\r\n${body.padEnd(10, 'x')}\r\n0\r\n\r\n`),
        ],
        'size-small': [
          'a chunk size may have digits in small letters',
          whole(`a\r\n${body.padEnd(10, 'x')}\r\n0\r\n\r\n`),
        ],
        'size-zeros': ['a chunk size may begin with zeros', sized(`000${size}`)],
        'size-last-zeros': [
          'the last chunk may have several zeros',
          whole(`${size}\r\n${body}\r\n000\r\n\r\n`),
        ],
        'many-chunks': [
          'a body may come in many chunks',
          whole(`${[...body].map((one) => `1\r\n${one}\r\n`).join('')}0\r\n\r\n`),
        ],
        'no-chunk': [
          'a body may have no chunk but the last',
          whole('0\r\n\r\n'),
          { pass: ['any+more', 'any+closed'] },
        ],
        extension: [
          'a chunk extension is passed over',
          sized(`${size};a=b`),
          { rfc: 'RFC 9112 §7.1.1' },
        ],
        'extension-name': [
          'a chunk extension without a value is passed over',
          sized(`${size};a`),
          { rfc: 'RFC 9112 §7.1.1' },
        ],
        'extension-quoted': [
          'a quoted chunk extension is passed over',
          sized(`${size};a="b c"`),
          { rfc: 'RFC 9112 §7.1.1' },
        ],
        'extension-many': [
          'several chunk extensions are passed over',
          sized(`${size};a=b;c;d="e"`),
          { rfc: 'RFC 9112 §7.1.1' },
        ],
        trailer: [
          'a trailer is read',
          whole(`${size}\r\n${body}\r\n0\r\nX-Probe: a\r\n\r\n`),
          { rfc: 'RFC 9112 §7.1.2' },
        ],
        'trailer-length': [
          'a Content-Length in the trailer changes nothing',
          whole(`${size}\r\n${body}\r\n0\r\nContent-Length: ${next.length}\r\n\r\n`),
          { rfc: 'RFC 9110 §6.5.1', pass: ['good+more', '4xx+closed', 'good+closed'] },
        ],
        'trailer-coding': [
          'a Transfer-Encoding in the trailer changes nothing',
          whole(`${size}\r\n${body}\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n`),
          { rfc: 'RFC 9110 §6.5.1', pass: ['good+more', '4xx+closed', 'good+closed'] },
        ],
        pieces: [
          'a chunk may come in pieces',
          [
            start + size,
            { pauseMs: 30 },
            `\r\n${body.slice(0, 1)}`,
            { pauseMs: 30 },
            `${body.slice(1)}\r`,
            { pauseMs: 30 },
            '\n0\r\n',
            { pauseMs: 30 },
            `\r\n${next}`,
          ],
        ],
      },
    ),
  ];
}
