/**
 * Passwords, kept as scrypt hashes in the PHC string form, parameters and salt in the hash itself,
 * so that the cost can rise later without a migration. scrypt works on Node's four pool threads,
 * which file reads need as well: two at a time leave them half. Whoever logs in goes ahead of
 * whoever registers, so that a flood of registrations keeps no user out.
 */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { createGate, TimeoutError } from './semaphore.ts';

/** Too many passwords are being worked on; try again in a moment. */
export class PasswordsBusy extends Error {}

type Cost = Readonly<Record<'N' | 'r' | 'p', number>>;

/** One of OWASP's equal settings (Password Storage Cheat Sheet): 16 MB and some 140 ms a hash. */
const COST: Cost = { N: 2 ** 14, r: 8, p: 5 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const PHC = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w+/]+)\$([\w+/]+)$/;

/**
 * How many of each kind may wait, and how long, in ms: some five seconds' worth on an idle machine.
 */
const QUEUE = { queue: 64, waitMs: 8000 };

/** Makes hashes of passwords, and tells whose password it is. */
export type Passwords = ReturnType<typeof createPasswords>;

/**
 * Makes the hasher, with a queue of its own. Its functions throw PasswordsBusy when that is full or
 * too slow.
 * @param queue for a test that cannot fill so long a one
 */
export function createPasswords(queue = QUEUE) {
  const gate = createGate({ slots: 2, ...queue });
  const nobody = phc(randomBytes(SALT_BYTES), randomBytes(HASH_BYTES));

  function inTurn(isUrgent: boolean, work: () => Promise<Buffer>): Promise<Buffer> {
    return gate.run(work, isUrgent).catch((error) => {
      throw error instanceof TimeoutError ? new PasswordsBusy(error.message) : error;
    });
  }

  return {
    /** The hash of a password that somebody chooses. */
    async hash(password: string): Promise<string> {
      const salt = randomBytes(SALT_BYTES);
      return phc(salt, await inTurn(false, () => derive(password, salt, HASH_BYTES, COST)));
    },

    /**
     * Whether the password belongs to the hash. Takes as long when there is no such user
     * (`undefined`) as when the password is wrong, so that time tells nobody which names exist.
     */
    async verify(password: string, hash: string = nobody): Promise<boolean> {
      const [, ln, r, p, salt = '', expected = ''] = PHC.exec(hash) ?? PHC.exec(nobody) ?? [];
      const wanted = Buffer.from(expected, 'base64');
      const cost = { N: 2 ** Number(ln), r: Number(r), p: Number(p) };
      const bytes = Buffer.from(salt, 'base64');
      const given = await inTurn(true, () => derive(password, bytes, wanted.length, cost));
      return timingSafeEqual(given, wanted);
    },
  };
}

function derive(password: string, salt: Buffer, bytes: number, cost: Cost): Promise<Buffer> {
  // What scrypt needs (RFC 7914 §2: p blocks, N of them to look up, two to work in); Node refuses
  // more than 32 MiB unless told.
  const maxmem = 128 * cost.r * (cost.N + cost.p + 2);
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, bytes, { ...cost, maxmem }, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}

function phc(salt: Buffer, hash: Buffer): string {
  const b64 = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');
  const { N, r, p } = COST;
  return `$scrypt$ln=${Math.log2(N)},r=${r},p=${p}$${b64(salt)}$${b64(hash)}`;
}
