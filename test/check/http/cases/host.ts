/** The header Host. */
import { type Check, head, type Target, table } from '../check.ts';

const GROUP = 'Host';

export function host(target: Target): Check[] {
  const { path } = target;
  const right = `Host: ${target.host}`;
  const start = `GET ${path} HTTP/1.1`;
  const old = `GET ${path} HTTP/1.0`;
  const scheme = target.address.isTls ? 'https' : 'http';
  const value = (text: string) => head(start, `Host: ${text}`);

  return [
    ...table(
      GROUP,
      {
        level: 'MUST',
        rfc: 'RFC 9112 §3.2',
        pass: ['400'],
        why: 'Two servers in a row that read another host out of the same request serve, cache and protect the wrong site.',
        look: 'whether Host is looked at before anything is done: one line, one name or address, perhaps a port',
      },
      {
        'host-none': ['a request without Host is answered 400', head(start)],
        'host-two': ['two Hosts are answered 400', head(start, right, 'Host: other.invalid')],
        'host-two-before': [
          'two Hosts are answered 400, the right one last',
          head(start, 'Host: other.invalid', right),
        ],
        'host-same-twice': [
          'the same Host twice is answered 400',
          head(start, right, `hOST: ${target.host}`),
        ],
        'host-far-behind': [
          'a second Host behind 2500 other lines is not passed over',
          head(start, right, ...Array<string>(2500).fill('a:'), 'Host: other.invalid'),
          { pass: ['4xx'] },
        ],
        'host-two-old': ['two Hosts are answered 400 in HTTP/1.0 as well', head(old, right, right)],
        'host-none-absolute': [
          'an absolute target does not make up for a missing Host',
          head(`GET ${scheme}://${target.host}${path} HTTP/1.1`),
        ],
        'host-empty': [
          'an empty Host is answered 400',
          value(''),
          { rfc: 'RFC 9110 §4.2.1', warn: ['any'] },
        ],
        'host-blank': ['a blank in Host is answered 400', value('a b')],
        'host-path': ['a path in Host is answered 400', value(`${target.host}/a`)],
        'host-user': ['a user in Host is answered 400', value(`user@${target.host}`)],
        'host-comma': ['a list in Host is answered 400', value(`${target.host}, other.invalid`)],
        'host-scheme': ['a whole URL in Host is answered 400', value(`http://${target.host}/`)],
        'host-port-word': [
          'a port in Host that is no number is answered 400',
          value('localhost:http'),
        ],
        'host-port-two': ['two ports in Host are answered 400', value('localhost:80:80')],
        'host-utf8': ['bytes above 127 in Host are answered 400', value('\xc3\xa4.example')],
        'host-bracket': ['an open bracket in Host is answered 400', value('[::1')],
        'host-nul': ['a NUL in Host is answered 400', value('a\0b')],
        'host-query': ['a question mark in Host is answered 400', value('localhost?a')],
        'host-backslash': ['a backslash in Host is answered 400', value('localhost\\a')],
        'host-blank-colon': [
          'Host with a blank before its colon is answered 400',
          head(start, `Host : ${target.host}`),
          { rfc: 'RFC 9112 §5.1' },
        ],
        'host-port-big': [
          'a port in Host beyond 65535 is refused',
          value('localhost:99999'),
          { level: 'MAY', rfc: 'RFC 3986 §3.2.3', warn: ['any'] },
        ],
      },
    ),
    ...table(
      GROUP,
      {
        level: 'MUST',
        rfc: 'RFC 9110 §7.2',
        pass: ['good'],
        why: 'This is right, and some client sends it.',
        look: 'the pattern by which Host is checked',
      },
      {
        'host-capitals': [
          'a Host in capitals is the same host',
          value(target.host.toUpperCase()),
          { rfc: 'RFC 9110 §4.2.3' },
        ],
        'host-ipv6': [
          'an IPv6 address may be a Host',
          value('[::1]:8080'),
          { level: 'SHOULD', warn: ['4xx'] },
        ],
        'host-port-empty': [
          'the port may be empty behind its colon',
          value('localhost:'),
          { level: 'SHOULD', warn: ['4xx'] },
        ],
        'host-none-old': ['HTTP/1.0 needs no Host', head(old), { rfc: 'RFC 9112 §3.2' }],
      },
    ),
  ];
}
