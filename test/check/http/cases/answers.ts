/** What a response must carry. */
import type { Answer } from '../answers.ts';
import { listOf } from '../answers.ts';
import { type Check, get, head, post, request, type Target, table } from '../check.ts';

const GROUP = 'responses';
// IMF-fixdate (RFC 9110 §5.6.7).
const DATE =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT$/;

export function responses(target: Target): Check[] {
  const { path, host, body, missingPath } = target;
  const etag = target.get.headers.get('etag')?.[0];
  const first = (look: (answer: Answer) => string | undefined) => ({
    also: ({ final: [answer] }: { final: readonly Answer[] }) => answer && look(answer),
  });
  const dated = first(({ headers }) => {
    const date = headers.get('date')?.[0];
    if (date === undefined) return 'it has no Date';
    return DATE.test(date) ? undefined : `its Date is ${date}`;
  });
  const length = target.get.body.length;

  return [
    ...table(
      GROUP,
      {
        level: 'MUST',
        rfc: 'RFC 9110 §6.6.1',
        pass: ['any'],
        ...dated,
        why: 'Caches reckon from Date how old a response is.',
        look: 'which responses are written past the place that adds Date',
      },
      {
        date: ['a response has a Date in its one form', get(target)],
        'date-missing': [
          'the response for a path with nothing has a Date',
          request(target, `GET ${missingPath} HTTP/1.1`),
        ],
        'date-refused': [
          'the response to a request without Host has a Date',
          head(`GET ${path} HTTP/1.1`),
        ],
        'date-broken': ['the response to a broken header has a Date', get(target, 'X Probe : a')],
      },
    ),
    ...table(
      GROUP,
      {
        level: 'MUST',
        rfc: 'RFC 9110 §9.3.2',
        methods: ['HEAD', 'GET'],
        pass: ['any+more', 'any+closed'],
        why: 'A client reads no body behind HEAD: what you send is the next response to it.',
        look: 'whether HEAD goes the way of GET, without the body',
      },
      {
        'head-body': [
          'HEAD is answered without a body',
          request(target, `HEAD ${path} HTTP/1.1`) + get(target, 'Connection: close'),
        ],
        'head-length': [
          'the Content-Length for HEAD is that for GET',
          get(target) + request(target, `HEAD ${path} HTTP/1.1`) + get(target, 'Connection: close'),
          {
            rfc: 'RFC 9110 §8.6',
            methods: ['GET', 'HEAD', 'GET'],
            also: ({ final: [before, answer, after] }) => {
              const said = answer?.headers.get('content-length')?.[0];
              if (said === undefined || answer?.status !== before?.status) return undefined;
              // A page that changes has no one length.
              const lengths = [before, after].map((one) => one?.body.length);
              if (lengths[0] !== lengths[1] || Number(said) === lengths[0]) return undefined;
              return `${said} is said, and GET has ${lengths[0]} bytes`;
            },
          },
        ],
        'head-status': [
          'HEAD is answered by the status of GET',
          request(target, `HEAD ${path} HTTP/1.1`, 'Connection: close'),
          { level: 'SHOULD', methods: ['HEAD'], pass: ['good'] },
        ],
      },
    ),
    ...table(
      GROUP,
      {
        level: 'MUST',
        rfc: 'RFC 9110 §15.5.6',
        pass: ['any'],
        why: 'The client learns which methods there are.',
        look: 'where 405 is sent',
      },
      {
        'allow-delete': [
          'a 405 to DELETE names the methods that there are',
          request(target, `DELETE ${path} HTTP/1.1`),
          {
            methods: ['DELETE'],
            ...first(({ status, headers }) =>
              status === 405 && !headers.has('allow') ? 'it has no Allow' : undefined,
            ),
          },
        ],
        'no-length-204': [
          'a 204 to OPTIONS has no Content-Length',
          request(target, `OPTIONS ${path} HTTP/1.1`),
          {
            rfc: 'RFC 9110 §8.6',
            methods: ['OPTIONS'],
            ...first(({ status, headers }) =>
              status === 204 && headers.has('content-length')
                ? 'it has a Content-Length'
                : undefined,
            ),
          },
        ],
        challenge: [
          'a 401 names what it wants',
          get(target),
          {
            rfc: 'RFC 9110 §15.5.2',
            ...first(({ status, headers }) =>
              status === 401 && !headers.has('www-authenticate')
                ? 'it has no WWW-Authenticate'
                : undefined,
            ),
          },
        ],
        'old-no-coding': [
          'a response to HTTP/1.0 is not sent in chunks',
          head(`GET ${path} HTTP/1.0`, `Host: ${host}`),
          {
            rfc: 'RFC 9112 §6.1',
            ...first(({ headers }) =>
              headers.has('transfer-encoding') ? 'it has Transfer-Encoding' : undefined,
            ),
            why: 'A client of HTTP/1.0 takes the chunk sizes for content.',
            look: 'whether the length is known, or the connection closed at the end',
          },
        ],
        version: [
          'the response says HTTP/1.1',
          get(target),
          {
            level: 'SHOULD',
            rfc: 'RFC 9110 §2.5',
            ...first(({ version }) => (version === '1.1' ? undefined : `it says HTTP/${version}`)),
            why: 'The client learns what it may send next.',
            look: 'the status line',
          },
        ],
        type: [
          'a response with content says its type',
          get(target),
          {
            level: 'SHOULD',
            rfc: 'RFC 9110 §8.3',
            ...first(({ headers, body: content }) =>
              content !== '' && !headers.has('content-type') ? 'it has no Content-Type' : undefined,
            ),
            why: 'Browsers guess otherwise, and may take a text for a script.',
            look: 'the headers of your response',
          },
        ],
        'one-framing': [
          'a response has Content-Length or Transfer-Encoding, not both',
          get(target),
          {
            rfc: 'RFC 9112 §6.2',
            ...first((answer) =>
              answer.headers.has('content-length') && listOf(answer, 'transfer-encoding').length > 0
                ? 'it has both'
                : undefined,
            ),
            why: 'A proxy and a browser may each believe another of them.',
            look: 'the headers of your response',
          },
        ],
        'range-post': [
          'Range changes nothing for POST',
          post(target, 'Range: bytes=0-0', `Content-Length: ${body.length}`) + body,
          {
            rfc: 'RFC 9110 §14.2',
            methods: ['POST'],
            kind: 'POST',
            pass: ['good'],
            why: 'Half an answer to an order is none.',
            look: 'where Range is looked at',
          },
        ],
        'range-one': [
          'a range is answered as a whole, or with its Content-Range',
          get(target, 'Range: bytes=0-0'),
          {
            rfc: 'RFC 9110 §15.3.7.1',
            ...first(({ status, headers }) =>
              status === 206 && !headers.has('content-range')
                ? 'it has no Content-Range'
                : undefined,
            ),
            pass: ['good', '2xx'],
            why: 'The client cannot tell which piece it has.',
            look: 'where 206 is sent',
          },
        ],
        'range-broken': [
          'a Range that is none is passed over',
          get(target, 'Range: bytes=abc'),
          {
            level: 'MAY',
            rfc: 'RFC 9110 §14.2',
            pass: ['good'],
            warn: ['any'],
            why: 'A range that cannot be read is no wish.',
            look: 'where Range is read',
          },
        ],
        'range-many': [
          'a thousand ranges are not a thousand parts',
          get(target, `Range: bytes=${Array<string>(1000).fill('0-').join(',')}`),
          {
            level: 'SHOULD',
            rfc: 'RFC 9110 §14.2',
            pass: ['good', '2xx', '4xx'],
            ...first(({ body: content }) =>
              content.length > 10 * length + 10_000 ? `${content.length} bytes came` : undefined,
            ),
            why: 'One small request brings a thousand copies of the page.',
            look: 'how many ranges are served',
          },
        ],
      },
    ),
    ...(etag === undefined
      ? []
      : table(
          GROUP,
          {
            level: 'SHOULD',
            rfc: 'RFC 9110 §13.1.2',
            pass: ['any'],
            why: 'The page need not be sent again.',
            look: 'how If-None-Match is compared: weakly, as a list',
          },
          {
            etag: [
              'If-None-Match with the page’s ETag is answered 304',
              get(target, `If-None-Match: ${etag}`),
              first(({ status }) => (status === 304 ? undefined : 'not 304')),
            ],
            'etag-list': [
              'If-None-Match may be a list',
              get(target, `If-None-Match: "probe", ${etag}`),
              first(({ status }) => (status === 304 ? undefined : 'not 304')),
            ],
            'etag-any': [
              'If-None-Match: * is answered 304',
              get(target, 'If-None-Match: *'),
              first(({ status }) => (status === 304 ? undefined : 'not 304')),
            ],
            'etag-other': [
              'If-None-Match with another ETag is answered as usual',
              get(target, 'If-None-Match: "probe"'),
              { level: 'MUST', pass: ['good'] },
            ],
            'etag-304': [
              'a 304 carries the ETag',
              get(target, `If-None-Match: ${etag}`),
              {
                level: 'MUST',
                rfc: 'RFC 9110 §15.4.5',
                ...first(({ status, headers }) =>
                  status === 304 && !headers.has('etag') ? 'it has no ETag' : undefined,
                ),
                why: 'A cache finds by it which of its copies is still good.',
                look: 'where 304 is sent',
              },
            ],
          },
        )),
  ];
}
