/** Method, target, version. */
import { type Check, get, head, request, type Target, table } from '../check.ts';

const GROUP = 'request line';
const SECRET = 'tell-nobody';

export function requestLine(target: Target): Check[] {
  const { path, host } = target;
  const scheme = target.address.isTls ? 'https' : 'http';
  const line = (text: string) => request(target, text);
  const aim = (text: string) => line(`GET ${text} HTTP/1.1`);
  const version = (text: string) => line(`GET ${path} ${text}`);

  return [
    ...table(
      GROUP,
      {
        level: 'SHOULD',
        rfc: 'RFC 9112 §3.2',
        pass: ['400', '3xx'],
        why: 'A filter in front may read a broken target otherwise than you do, and so lets pass what it should stop.',
        look: 'the parser of the request line: it should match a whole grammar, not split at blanks',
      },
      {
        'target-blank': ['a blank in the target is refused', aim('/a b')],
        'target-none': ['a request line without a target is refused', line('GET  HTTP/1.1')],
        'target-no-slash': ['a target that begins without a slash is refused', aim('index.html')],
        'target-asterisk': ['an asterisk as the target of GET is refused', aim('*')],
        'target-fragment': ['a fragment in the target is refused', aim(`${path}#top`)],
        'target-nul': ['a NUL in the target is refused', aim(`${path}?\0`)],
        'target-control': ['a control character in the target is refused', aim(`${path}?\x01`)],
        'target-delete': ['the character DEL in the target is refused', aim(`${path}?\x7f`)],
        'target-utf8': ['bytes above 127 in the target are refused', aim('/\xc3\xa4')],
        'target-backslash': ['a backslash in the path is refused', aim('/a\\b')],
        'target-angle': ['an angle bracket in the path is refused', aim('/a<b')],
        'target-scheme-only': [
          'an absolute target without a host is refused',
          aim(`${scheme}:///`),
        ],
      },
    ),
    ...table(
      GROUP,
      {
        level: 'MUST',
        rfc: 'RFC 9112 §3.2.2',
        pass: ['good'],
        why: 'Clients send this form to a proxy, and a later version of HTTP may send it to all servers.',
        look: 'how the target is parsed: it need not begin with a slash',
      },
      {
        'absolute-form': [
          'a target with scheme and host is answered',
          aim(`${scheme}://${host}${path}`),
        ],
        'absolute-capitals': [
          'scheme and host of a target may be written in capitals',
          aim(`${scheme.toUpperCase()}://${host.toUpperCase()}${path}`),
          { rfc: 'RFC 9110 §4.2.3' },
        ],
        'absolute-host': [
          'the host of an absolute target counts, not the Host line',
          head(`GET ${scheme}://${host}${path} HTTP/1.1`, 'Host: other.invalid'),
        ],
      },
    ),
    ...table(
      GROUP,
      {
        level: 'SHOULD',
        rfc: 'RFC 9112 §2.2',
        pass: ['400', '505', 'closed'],
        why: 'Who takes another protocol for HTTP/1.1 answers a question that was not asked.',
        look: 'the version in the request line: HTTP, slash, digit, dot, digit, in capitals, then the end of the line',
      },
      {
        'version-none': [
          'a request line without a version is refused',
          `GET ${path}\r\n\r\n`,
          { warn: ['bare'] },
        ],
        'version-0.9': ['HTTP/0.9 is refused', version('HTTP/0.9'), { warn: ['bare'] }],
        'version-2.0': [
          'HTTP/2.0 in a request line is refused',
          version('HTTP/2.0'),
          { rfc: 'RFC 9110 §15.6.6' },
        ],
        'version-preface': [
          'the preface of HTTP/2 is refused, or HTTP/2 is spoken',
          'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
          { pass: ['400', '405', '501', '505', 'closed', 'bare'] },
        ],
        'version-1.11': ['two digits behind the dot are refused', version('HTTP/1.11')],
        'version-01.1': ['two digits before the dot are refused', version('HTTP/01.1')],
        'version-1': ['a version without its dot is refused', version('HTTP/1')],
        'version-lower': [
          'http in small letters is refused',
          version('http/1.1'),
          { rfc: 'RFC 9112 §2.3' },
        ],
        'version-other': ['another protocol is refused', version('HTTPS/1.1')],
        'version-blank': ['a blank within the version is refused', version('HTTP/ 1.1')],
        'tls-hello': [
          'the first bytes of TLS are refused',
          '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n',
        ],
        garbage: ['bytes that are no HTTP are refused', '\x00\x01\x02\xff\xfe\r\n\r\n'],
      },
    ),
    ...table(
      GROUP,
      {
        level: 'SHOULD',
        rfc: 'RFC 9110 §2.5',
        pass: ['good'],
        why: 'A client of a later HTTP/1 counts on being understood as one of HTTP/1.1.',
        look: 'whether only the first digit of the version decides what is refused',
      },
      { 'version-1.2': ['HTTP/1.2 is answered as HTTP/1.1 is', version('HTTP/1.2')] },
    ),
    ...table(
      GROUP,
      {
        level: 'MAY',
        rfc: 'RFC 9112 §3',
        pass: ['400', '505', 'closed'],
        warn: ['any', 'any+more'],
        why: 'Splitting at any white space is allowed, but a filter in front that does not may see another target.',
        look: 'whether exactly one blank parts method, target and version',
      },
      {
        'blanks-two': ['two blanks before the version are refused', line(`GET ${path}  HTTP/1.1`)],
        'blank-before': ['a blank before the method is refused', line(` GET ${path} HTTP/1.1`)],
        'blank-behind': ['a blank behind the version is refused', line(`GET ${path} HTTP/1.1 `)],
        'tab-for-blank': [
          'tabs in place of the blanks are refused',
          line(`GET\t${path}\tHTTP/1.1`),
        ],
        'percent-broken': [
          'a percent sign without two hexadecimal digits is refused',
          aim('/%zz'),
          { rfc: 'RFC 3986 §2.1' },
        ],
        'percent-nul': [
          'an encoded NUL in the path is refused',
          aim('/a%00b'),
          { rfc: 'RFC 3986 §7.3', pass: ['4xx'] },
        ],
        'percent-overlong': [
          'a slash in overlong UTF-8 is refused',
          aim('/a%c0%afb'),
          { rfc: 'RFC 3629 §10', pass: ['4xx'] },
        ],
        'options-asterisk': [
          'OPTIONS * is answered, or refused by a status that says so',
          line('OPTIONS * HTTP/1.1'),
          { rfc: 'RFC 9112 §3.2.4', pass: ['2xx', '405', '501'] },
        ],
      },
    ),
    ...table(
      GROUP,
      {
        level: 'SHOULD',
        rfc: 'RFC 9110 §9.1',
        pass: ['501', '405'],
        why: 'The client learns that the method is at fault, not its syntax.',
        look: 'which status a method gets that you do not know',
      },
      {
        'method-unknown': [
          'an unknown method is answered 501 or 405',
          line(`BREW ${path} HTTP/1.1`),
        ],
        'method-lower': [
          'a method in small letters is another method',
          line(`get ${path} HTTP/1.1`),
          { pass: ['501', '405', '400'] },
        ],
        'method-broken': [
          'a method with a character that no method has is refused',
          line(`G@T ${path} HTTP/1.1`),
          { rfc: 'RFC 9112 §3.1', pass: ['400', '501', 'closed'] },
        ],
        'method-long': [
          'a method of 2000 letters is answered 501',
          line(`${'G'.repeat(2000)} ${path} HTTP/1.1`),
          { rfc: 'RFC 9112 §3', pass: ['501'] },
        ],
        'connect-other': [
          'CONNECT is refused: this is no proxy',
          head('CONNECT other.invalid:80 HTTP/1.1', 'Host: other.invalid:80'),
          { rfc: 'RFC 9110 §9.3.6', pass: ['4xx', '5xx'] },
        ],
        'connect-no-port': [
          'CONNECT with an empty port is refused',
          head('CONNECT other.invalid: HTTP/1.1', 'Host: other.invalid:'),
          { level: 'MUST', rfc: 'RFC 9110 §9.3.6', pass: ['4xx', '5xx', 'closed'] },
        ],
        'connect-path': [
          'CONNECT with a path is refused',
          line(`CONNECT ${path} HTTP/1.1`),
          { rfc: 'RFC 9112 §3.2.3', pass: ['4xx', '5xx', 'closed'] },
        ],
        'trace-secret': [
          'TRACE does not send a cookie back',
          request(target, `TRACE ${path} HTTP/1.1`, `Cookie: a=${SECRET}`),
          {
            rfc: 'RFC 9110 §9.3.8',
            pass: ['any'],
            also: ({ final }) =>
              final[0]?.body.includes(SECRET) ? 'the cookie is in the body' : undefined,
            why: 'A script that may not read a cookie reads it out of the echo.',
            look: 'whether TRACE is needed at all',
          },
        ],
        'empty-line-before': [
          'an empty line before the request is passed over',
          `\r\n${get(target)}`,
          {
            rfc: 'RFC 9112 §2.2',
            pass: ['good'],
            why: 'Old clients send one more line end behind a body; it belongs to no request.',
            look: 'what the parser does with a line end where it expects a method',
          },
        ],
        'header-injection': [
          'an encoded line end in the target ends no line of the response',
          aim(`${path}?a=%0d%0aX-Probe:%20yes`),
          {
            level: 'MUST',
            rfc: 'RFC 9110 §5.5',
            pass: ['any'],
            also: ({ final }) =>
              final[0]?.headers.has('x-probe') ? 'the response has the header X-Probe' : undefined,
            why: 'Who can write a header line into your response can set cookies and write a whole second response.',
            look: 'where a piece of the target goes into a header, as in a redirect',
          },
        ],
      },
    ),
  ];
}
