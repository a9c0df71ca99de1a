/** The adapters of this folder: how each is started, and what it is made of. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PREFIX } from './routes.ts';

/** What it is made of, with versions, or what is not installed. */
export type Found = { readonly title: string } | { readonly missing: string };

export interface Adapter {
  /** For `--only`, and the table's head. */
  readonly name: string;
  /** In front of the contract's paths. */
  readonly path?: string;
  readonly env?: NodeJS.Dict<string>;
  /** False where sessions cannot end within seconds. */
  readonly hasExpiry?: false;
  find(): Promise<Found>;
  /** The program and its arguments. @param folder for what it writes */
  command(port: number, folder: string): Promise<readonly string[]>;
}

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** How to run a TypeScript file: this Node as it stands, or with tsx. */
const NODE = [process.execPath, '--import', here('../../../../lib/typescript.mjs')];
/** A store in memory is as slow here as one that is reached over a network. */
const IN_MEMORY = { STORE_MS: '20' };
/** Debian's own Python comes first: its packages are not those of another. */
const PYTHONS = ['/usr/bin/python3', 'python3'];
/** Where Debian keeps the sources of Go packages. */
const GO_PATH = '/usr/share/gocode';
const GORILLA = 'golang-github-gorilla-sessions-dev';

export const ADAPTERS: readonly Adapter[] = [
  thisServer('memory'),
  thisServer('database'),
  { ...ofNpm('express-session', ['express', 'express-session']), env: IN_MEMORY },
  { ...ofNpm('fastify-session', ['fastify', '@fastify/session']), env: IN_MEMORY },
  {
    ...ofNpm('koa-session', ['koa', 'koa-session']),
    name: 'koa-session-map',
    env: { STORE: 'map', ...IN_MEMORY },
  },
  ofNpm('koa-session', ['koa', 'koa-session']),
  ofNpm('cookie-session', ['express', 'cookie-session']),
  // It grants 60 s for clocks that differ.
  { ...ofNpm('iron-session', ['iron-session']), hasExpiry: false },
  ofPython('flask'),
  ofPython('django'),
  {
    name: 'php',
    // One process answers one request at a time.
    env: { PHP_CLI_SERVER_WORKERS: '10' },
    find: () => titleFrom('php', ['-r', 'echo "PHP ", PHP_VERSION;'], 'php-cli'),
    command: async (port) => [
      ...['php', '-d', 'display_errors=0', '-S', `127.0.0.1:${port}`, here('php_app.php')],
    ],
  },
  ofRuby('sinatra-pool', { STORE: 'pool' }),
  ofRuby('sinatra', {}),
  ofGo('gorilla-files', { STORE: 'files' }),
  ofGo('gorilla-cookie', {}),
];

function thisServer(store: 'memory' | 'database'): Adapter {
  return {
    name: `this-server-${store}`,
    path: PREFIX,
    env: { SESSION_STORE: store, ...IN_MEMORY },
    find: async () => ({ title: `this server, SESSION_STORE=${store}` }),
    command: async () => [...NODE, here('this-server.ts')],
  };
}

function ofNpm(program: string, packages: readonly string[]): Adapter {
  return {
    name: program,
    async find() {
      try {
        const titles = packages.map(async (name) => {
          const text = await readFile(here(`npm/node_modules/${name}/package.json`), 'utf8');
          const { version } = JSON.parse(text) as { version: string }; // every package has one
          return `${name} ${version}`;
        });
        return { title: (await Promise.all(titles)).join(', ') };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        return { missing: 'npm ci --prefix test/check/session/adapters/npm' };
      }
    },
    command: async () => [...NODE, here(`npm/${program}.ts`)],
  };
}

function ofPython(framework: 'flask' | 'django'): Adapter {
  const look =
    `import ${framework}, platform; from importlib.metadata import version; ` +
    `print('${framework}', version('${framework}'), 'on Python', platform.python_version())`;
  const all = () =>
    Promise.all(
      PYTHONS.map(async (python) => ({
        python,
        found: await titleFrom(python, ['-c', look], `python3-${framework}`),
      })),
    );
  return {
    name: framework,
    async find() {
      const found = (await all()).map((one) => one.found);
      return found.find((one) => 'title' in one) ?? { missing: `python3-${framework}` };
    },
    async command() {
      const { python } = (await all()).find(({ found }) => 'title' in found) ?? {};
      return [python ?? 'python3', here(`${framework}_app.py`)];
    },
  };
}

function ofRuby(name: string, env: NodeJS.Dict<string>): Adapter {
  const look =
    'require "sinatra/base"; require "puma"; ' +
    'print "sinatra #{Sinatra::VERSION}, rack #{Rack.release}, puma #{Puma::Const::VERSION}"';
  return {
    name,
    env,
    find: () => titleFrom('ruby', ['-e', look], 'ruby-sinatra and puma'),
    command: async (port) => [
      ...['puma', '--threads', '16:16', '--bind', `tcp://127.0.0.1:${port}`, here('sinatra.ru')],
    ],
  };
}

function ofGo(name: string, env: NodeJS.Dict<string>): Adapter {
  const go = { GOPATH: GO_PATH, GO111MODULE: 'off' };
  return {
    name,
    env,
    async find() {
      const compiler = await titleFrom('go', ['env', 'GOVERSION'], 'golang-go');
      if ('missing' in compiler) return compiler;
      // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query fills it in.
      const format = 'gorilla/sessions ${Version}';
      const found = await titleFrom('dpkg-query', ['-W', '-f', format, GORILLA], GORILLA);
      return 'missing' in found ? found : { title: `${found.title}, ${compiler.title}` };
    },
    async command(_, folder) {
      const program = join(folder, 'adapter');
      const build = ['build', '-o', program, here('gorilla.go')];
      await promisify(execFile)('go', build, { env: { ...process.env, ...go } });
      return [program];
    },
  };
}

/** The last line that a program prints, or the packages that are missing. */
async function titleFrom(program: string, args: string[], packages: string): Promise<Found> {
  try {
    const { stdout } = await promisify(execFile)(program, args);
    return { title: stdout.trim().split('\n').at(-1) ?? '' };
  } catch {
    return { missing: packages };
  }
}
