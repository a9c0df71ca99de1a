/**
 * Who is at the other end, and was the connection encrypted? Behind a proxy only headers can say,
 * and anybody can write those: so just as many entries are believed, counted from the right, as
 * there are proxies that we run ourselves.
 */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { copyOf } from '../copy.ts';

export interface Peer {
  /** The client's address; of IPv6 the /64, which is what one household gets. For limits. */
  readonly address: string;
  /** Whether the client spoke https. */
  readonly secure: boolean;
}

const UNTRUSTED =
  'a request has come with X-Forwarded-For or -Proto, which are not believed: if a proxy of yours ' +
  'stands in front, set TRUST_PROXY=1, or all its visitors share one address and its limits';

/**
 * Who sent a request.
 * @param trustProxy how many proxies in front add to `X-Forwarded-For` and `X-Forwarded-Proto`
 * @param hint is told what may be set up otherwise than it was meant
 */
export function readPeer(
  { socket, headers }: IncomingMessage,
  trustProxy: number,
  hint: (line: string) => void,
): Peer {
  const direct = socket.remoteAddress ?? '';
  if (trustProxy === 0) {
    if ('x-forwarded-for' in headers || 'x-forwarded-proto' in headers) hint(UNTRUSTED);
    return { address: network(direct), secure: false };
  }
  const forwarded = withoutPort(entry(headers['x-forwarded-for'], trustProxy));
  const scheme = entry(headers['x-forwarded-proto'], trustProxy);
  const address = isIP(forwarded) ? copyOf(forwarded) : direct;
  return { address: network(address), secure: scheme === 'https' };
}

/** The entry that the outermost of our proxies added; the first where there are fewer. */
function entry(header: string | string[] | undefined, fromRight: number): string {
  const entries = String(header ?? '').split(',');
  return entries[Math.max(0, entries.length - fromRight)]?.trim().toLowerCase() ?? '';
}

/** Some proxies add the port, as in `1.2.3.4:5678` and `[2001:db8::1]:5678`. */
function withoutPort(text: string): string {
  const [, ipv6, ipv4] = /^\[(.+)\](?::\d+)?$|^([\d.]+):\d+$/.exec(text) ?? [];
  return ipv6 ?? ipv4 ?? text;
}

/** In one spelling, whichever of IPv6's many was used: else each would have a limit of its own. */
function network(address: string): string {
  if (address.startsWith('::ffff:') && address.includes('.')) return address.slice(7);
  if (!address.includes(':')) return address;
  const [left = [], right = []] = address.split('::').map((half) => half.match(/[^:]+/g) ?? []);
  const zeros = Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  const groups = [...left, ...zeros, ...right].slice(0, 4);
  return groups.map((group) => group.replace(/^0+(?=.)/, '')).join(':');
}
