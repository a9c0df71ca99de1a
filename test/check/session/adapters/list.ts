/** The adapters of this folder: how each is started, and what it is made of. */
import { fileURLToPath } from 'node:url';
import { PREFIX } from './routes.ts';

/** What it is made of, with versions, or what is not installed. */
export type Found = { readonly title: string } | { readonly missing: string };

export interface Adapter {
  /** For `--only`, and the table’s head. */
  readonly name: string;
  /** In front of the contract's paths. */
  readonly path?: string;
  readonly env?: NodeJS.Dict<string>;
  find(): Promise<Found>;
  /** The program and its arguments. @param folder for what it writes */
  command(port: number, folder: string): Promise<readonly string[]>;
}

const HERE = new URL('.', import.meta.url);
const here = (name: string) => fileURLToPath(new URL(name, HERE));

/** How to run a TypeScript file: this Node as it stands, or with tsx. */
const NODE = [
  process.execPath,
  '--import',
  fileURLToPath(new URL('../../../../lib/typescript.mjs', import.meta.url)),
];

const thisServer = (store: 'memory' | 'database'): Adapter => ({
  name: `this-server-${store}`,
  path: PREFIX,
  env: { SESSION_STORE: store },
  find: async () => ({ title: `this server, SESSION_STORE=${store}` }),
  command: async () => [...NODE, here('this-server.ts')],
});

export const ADAPTERS: readonly Adapter[] = [thisServer('memory'), thisServer('database')];
