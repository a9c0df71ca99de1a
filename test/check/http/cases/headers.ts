/** Names, values, line ends. */
import { type Check, get, head, type Target, table } from '../check.ts';

const GROUP = 'headers';

export function headers(target: Target): Check[] {
  const { path, host } = target;
  const line = (text: string) => get(target, text);

  return [
    ...table(
      GROUP,
      {
        level: 'SHOULD',
        rfc: 'RFC 9112 §2.2',
        pass: ['400', 'closed'],
        why: 'What you read past, a proxy may have read as a header that decides where the request ends.',
        look: 'the parser of header lines: a name of token characters, then the colon at once',
      },
      {
        'name-blank-colon': [
          'a blank before the colon is refused',
          line('X-Probe : a'),
          { level: 'MUST', rfc: 'RFC 9112 §5.1', pass: ['400'] },
        ],
        'name-tab-colon': [
          'a tab before the colon is refused',
          line('X-Probe\t: a'),
          { level: 'MUST', rfc: 'RFC 9112 §5.1', pass: ['400'] },
        ],
        'name-blank': ['a blank in a name is refused', line('X Probe: a')],
        'name-none': ['a line that begins with its colon is refused', line(': a')],
        'name-no-colon': ['a line without a colon is refused', line('X-Probe')],
        'name-bracket': ['a bracket in a name is refused', line('X-Probe[]: a')],
        'name-quote': ['a quotation mark in a name is refused', line('X"Probe: a')],
        'name-utf8': ['a byte above 127 in a name is refused', line('X-Prob\xc3\xa9: a')],
        'name-nul': ['a NUL in a name is refused', line('X\0Probe: a')],
        'name-control': ['a control character in a name is refused', line('X\x0bProbe: a')],
        'cr-only': [
          'CR alone ends no line',
          `GET ${path} HTTP/1.1\rHost: ${host}\r\r`,
          { pass: ['4xx', '4xx+closed', 'closed', 'silent'] },
        ],
        'cr-between': ['CR before the next line is refused', line('X-Probe: a\r\n\rX-Other: b')],
      },
    ),
    ...table(
      GROUP,
      {
        level: 'MUST',
        rfc: 'RFC 9110 §5.5',
        pass: ['400'],
        warn: ['good'],
        why: 'To refuse it, and to take a blank for it, are both allowed; a proxy that does the other sees other headers.',
        look: 'what your parser does with it: refusing leaves no doubt',
      },
      {
        'value-nul': ['a NUL in a value is refused, or becomes a blank', line('X-Probe: a\0b')],
        'value-cr': [
          'a CR in a value is refused, or becomes a blank',
          line('X-Probe: a\rb'),
          { rfc: 'RFC 9112 §2.2' },
        ],
        'value-cr-end': [
          'a CR before the line end is refused, or becomes a blank',
          line('X-Probe: a\r'),
          { rfc: 'RFC 9112 §2.2' },
        ],
        folded: [
          'a folded line is refused, or unfolded',
          line('X-Probe: a\r\n b'),
          { rfc: 'RFC 9112 §5.2' },
        ],
        'folded-tab': [
          'a line folded by a tab is refused, or unfolded',
          line('X-Probe: a\r\n\tb'),
          { rfc: 'RFC 9112 §5.2' },
        ],
        'first-blank': [
          'a blank before the first header is refused, or the line not read',
          head(`GET ${path} HTTP/1.1`, ' X-Probe: a', `Host: ${host}`),
          { rfc: 'RFC 9112 §2.2', pass: ['400', 'closed'] },
        ],
      },
    ),
    ...table(
      GROUP,
      {
        level: 'MAY',
        rfc: 'RFC 9112 §2.2',
        pass: ['4xx', '4xx+closed', 'closed', 'silent'],
        warn: ['good'],
        why: 'LF alone may end a line; a proxy that does not think so sees one header where you see two.',
        look: 'whether your parser can be told to want CR and LF',
      },
      {
        'lf-all': ['LF alone ends no line', `GET ${path} HTTP/1.1\nHost: ${host}\n\n`],
        'lf-start': [
          'LF alone does not end the request line',
          `GET ${path} HTTP/1.1\nHost: ${host}\r\n\r\n`,
        ],
        'lf-header': [
          'LF alone does not end a header',
          `GET ${path} HTTP/1.1\r\nX-Probe: a\nHost: ${host}\r\n\r\n`,
        ],
        'lf-last': [
          'LF alone does not end the headers',
          `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\n`,
        ],
        'value-control': [
          'a control character in a value is refused',
          line('X-Probe: a\x07b'),
          { rfc: 'RFC 9110 §5.5', pass: ['400'] },
        ],
        'expect-unknown': [
          'an unknown expectation is answered 417',
          line('Expect: wonders'),
          { rfc: 'RFC 9110 §10.1.1', pass: ['417'] },
        ],
      },
    ),
    ...table(
      GROUP,
      {
        level: 'MUST',
        rfc: 'RFC 9112 §5',
        pass: ['good'],
        why: 'This is right, and some client sends it.',
        look: 'how a header line is taken apart',
      },
      {
        'name-case': [
          'names may be written in capitals',
          head(`GET ${path} HTTP/1.1`, `hOsT: ${host}`),
          { rfc: 'RFC 9110 §5.1' },
        ],
        'name-token': [
          'a name may have every character of a token',
          line("!#$%&'*+-.^_`|~0: a"),
          { rfc: 'RFC 9110 §5.6.2' },
        ],
        'value-none': ['a value may be empty', line('X-Probe:')],
        'value-no-blank': ['no blank is needed behind the colon', line('X-Probe:a')],
        'value-blanks': [
          'blanks and tabs around a value are no part of it',
          head(`GET ${path} HTTP/1.1`, `Host: \t ${host} \t`),
        ],
        'value-tab': ['a tab may stand in a value', line('X-Probe: a\tb')],
        'value-obs-text': [
          'bytes above 127 in a value are let through',
          line('X-Probe: \xe4\xf6'),
          { level: 'SHOULD', rfc: 'RFC 9110 §5.5' },
        ],
        'name-repeated': [
          'a header may come twice',
          line('Accept: text/html\r\nAccept: */*'),
          { rfc: 'RFC 9110 §5.3' },
        ],
        'name-unknown': [
          'an unknown header is passed over',
          line('X-Never-Heard-Of: a'),
          { rfc: 'RFC 9110 §5.1' },
        ],
      },
    ),
  ];
}
