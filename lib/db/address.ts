/**
 * DATABASE_URL: `mysql://user:password@host:3306/ajax`, or with several hosts, the nodes of one
 * cluster: `mysql://user:password@a:3306,b:3306,c:3306/ajax`. Text in, one typed `Address` out.
 */
import { isIP } from 'node:net';

/** Where a database is, and who we are there. */
export interface Address {
  /** One or more, in the order in which they are tried. */
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Whether the connection is encrypted, and the host has to prove that it is that host. */
  readonly tls: boolean;
}

const FORM = 'DATABASE_URL must look like mysql://user:password@host:3306/ajax';
const CODED = 'in the user and the password write % as %25, / as %2F, ? as %3F, # as %23';

// The user and the password may hold an @ as it is: the last one stands before the hosts.
const ADDRESS =
  /^mysql:\/\/(?:(?<user>[^:/?#]*)(?::(?<password>[^/?#]*))?@)?(?<hosts>[^@/?#]+)\/(?<database>[^/?#]+)(?<options>\?[^#]*)?$/;
const HOST = /^(?:\[(?<v6>[\d:a-f.]+)\]|(?<name>[^\s:[\]]+))(?::(?<port>\d{1,5}))?$/i;

/**
 * Reads an address.
 * @throws Error that says what DATABASE_URL must be, and never repeats the password
 */
export function readAddress(text: string): Address {
  const { user = '', password = '', ...others } = ADDRESS.exec(text)?.groups ?? {};
  const { hosts = '', database = '', options } = others;
  const nodes = hosts.split(',').map((host) => {
    const { v6, name = v6, port = '3306' } = HOST.exec(host)?.groups ?? {};
    if (name === undefined || Number(port) < 1 || Number(port) > 65_535) throw refused(CODED);
    return { host: name, port: Number(port) };
  });
  const tls = options === '?ssl=true';
  if (options !== undefined && !tls) throw refused('with "?ssl=true" and nothing else behind it');
  if (tls && nodes.some(({ host }) => isIP(host))) {
    throw refused('with "?ssl=true" the host must be a name, as in its certificate');
  }
  const login = { user: decoded(user), password: decoded(password), database: decoded(database) };
  return { hosts: nodes, ...login, tls };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refused(CODED);
  }
}

function refused(hint: string): Error {
  return new Error(`${FORM}; ${hint}`);
}
