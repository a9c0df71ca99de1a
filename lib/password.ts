/**
 * Passwords as scrypt hashes in the PHC string form, parameters and salt in the hash. scrypt occupies
 * Node's four pool threads, which file reads need as well: so two run at a time, logins first.
 */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { createSemaphore } from './semaphore.ts';

type Cost = Readonly<Record<'N' | 'r' | 'p', number>>;

/** One of OWASP's equal settings (Password Storage Cheat Sheet): 16 MB and some 140 ms a hash. */
const COST: Cost = { N: 2 ** 14, r: 8, p: 5 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const PHC = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w+/]+)\$([\w+/]+)$/;

/** Some five seconds' worth on an idle machine. */
const QUEUE = { queueLimit: 64, waitMs: 8000 };

export type Passwords = ReturnType<typeof createPasswords>;

/** Its methods throw QueueFullError or TimeoutError when too many passwords wait. */
export function createPasswords(queue = QUEUE) {
  const { run } = createSemaphore({ permits: 2, ...queue });
  const dummy = phc(randomBytes(SALT_BYTES), randomBytes(HASH_BYTES));

  return {
    /** The hash of a new password. */
    async hash(password: string): Promise<string> {
      const salt = randomBytes(SALT_BYTES);
      return phc(salt, await run(() => derive(password, salt, HASH_BYTES, COST), 'normal'));
    },

    /**
     * Whether the password belongs to the hash. Takes as long when there is no such user
     * (`undefined`) as when the password is wrong, so that the time does not tell which names exist.
     */
    async verify(password: string, hash: string = dummy): Promise<boolean> {
      const [, ln, r, p, salt = '', expected = ''] = PHC.exec(hash) ?? PHC.exec(dummy) ?? [];
      const wanted = Buffer.from(expected, 'base64');
      const cost = { N: 2 ** Number(ln), r: Number(r), p: Number(p) };
      const bytes = Buffer.from(salt, 'base64');
      const given = await run(() => derive(password, bytes, wanted.length, cost), 'high');
      return timingSafeEqual(given, wanted);
    },
  };
}

const scryptAsync = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

function derive(password: string, salt: Buffer, bytes: number, cost: Cost): Promise<Buffer> {
  // What scrypt needs (RFC 7914 §2); Node's own limit is 32 MiB.
  const maxmem = 128 * cost.r * (cost.N + cost.p + 2);
  return scryptAsync(password.normalize('NFKC'), salt, bytes, { ...cost, maxmem });
}

function phc(salt: Buffer, hash: Buffer): string {
  const b64 = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');
  const { N, r, p } = COST;
  return `$scrypt$ln=${Math.log2(N)},r=${r},p=${p}$${b64(salt)}$${b64(hash)}`;
}
