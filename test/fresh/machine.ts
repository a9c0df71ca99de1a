/**
 * A fresh Debian in a folder. What runs in it has mounts and process numbers of its own: when the
 * first process there ends, the kernel ends all others and takes the mounts away.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

const NAMESPACES = ['--mount', '--pid', '--fork', '--kill-child'];
/** The shell stays the first process, because it reaps what the others orphan. */
const HOLD = 'mount --rbind /dev "$0/dev"; mount -t proc proc "$0/proc"; echo ready; cat; exit';
/** The machine's own ways into the network, which the new one shares. */
const NETWORK = ['/etc/resolv.conf', '/etc/hosts', '/usr/local/share/ca-certificates'];
const MAKE = [
  ...['--quiet', '--mode=root', '--variant=apt', '--include=ca-certificates'],
  // A mirror that lags behind offers lists that have expired.
  '--aptopt=Acquire::Check-Valid-Until "false"',
];
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

export interface Run {
  /** What it has printed so far. */
  readonly output: () => string;
  /** Its exit code, or -1 for a signal, once all that can write to its output has ended. */
  readonly ended: Promise<number>;
  /** Signals its whole group, as a terminal does. */
  kill(signal: NodeJS.Signals): void;
}

export class Machine {
  readonly #folder: string;
  readonly #root: string;
  #isMade: boolean;
  /** The program that has the namespaces. */
  #holder: ChildProcessByStdio<Writable, Readable, null> | undefined;

  /** @param folder where the machine is, or will be */
  constructor(folder: string) {
    this.#folder = folder;
    this.#root = join(folder, 'root');
    this.#isMade = existsSync(this.#root);
  }

  /**
   * Makes the machine, unless it is there, and starts it.
   * @throws Error when that fails
   */
  async start(suite: string): Promise<void> {
    if (!this.#isMade) {
      mkdirSync(this.#root, { recursive: true });
      this.#hold(['mmdebstrap', ...MAKE, suite, this.#root]);
      if ((await this.#ended()) !== 0) throw new Error('mmdebstrap failed');
      this.#isMade = true;
    }
    for (const path of NETWORK) {
      const options = { recursive: true, dereference: true };
      if (existsSync(path)) cpSync(path, join(this.#root, path), options);
    }
    const holder = this.#hold(['sh', '-ec', HOLD, this.#root]);
    await Promise.race([once(holder.stdout, 'data'), this.#ended()]);
    await this.must('root', 'update-ca-certificates');
  }

  /** Runs a command in the user's home. */
  run(user: string, command: string, env: NodeJS.Dict<string> = {}): Run {
    const home = user === 'root' ? '/root' : `/home/${user}`;
    const all = {
      ...{ PATH, HOME: home, USER: user, LANG: 'C.UTF-8', DEBIAN_FRONTEND: 'noninteractive' },
      ...{ NODE_EXTRA_CA_CERTS: CERTIFICATES, ...env },
    };
    const namespaces = [`--mount=${this.#namespace('mnt')}`, `--pid=${this.#namespace('pid')}`];
    const inside = ['chroot', `--userspec=${user}`, this.#root, 'env', '-i'];
    const variables = Object.entries(all).map(([name, value]) => `${name}=${value}`);
    const shell = ['sh', '-c', `cd && exec bash -c "$0" 2>&1`, command];
    const child = spawn('nsenter', [...namespaces, ...inside, ...variables, ...shell], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    return {
      output: () => output,
      ended: once(child, 'close').then(([code]) => code ?? -1),
      kill: (signal) => void process.kill(-(child.pid ?? 0), signal),
    };
  }

  /**
   * Runs a command to its end.
   * @returns what it has printed
   * @throws Error with that, when it fails
   */
  async must(user: string, command: string): Promise<string> {
    const { output, ended } = this.run(user, command);
    if ((await ended) !== 0) throw new Error(`${command} failed:\n${output()}`);
    return output();
  }

  /** Gives a user npm's settings of this machine, and a clone of the project. */
  async settle(user: string, project: string): Promise<void> {
    const home = user === 'root' ? '/root' : `/home/${user}`;
    await this.must('root', `id ${user} || useradd --create-home ${user}; rm -rf ${home}/project`);
    const { npm_config_globalconfig = '', npm_config_userconfig = '' } = process.env;
    const files = [npm_config_globalconfig, npm_config_userconfig].filter(existsSync);
    const settings = files.map((file) => readFileSync(file, 'utf8'));
    writeFileSync(join(this.#root, home, '.npmrc'), settings.join('\n'), { mode: 0o600 });
    const clone = ['clone', '--quiet', '--depth=1', `file://${project}`];
    const git = spawn('git', [...clone, join(this.#root, home, 'project')], { stdio: 'inherit' });
    const [code] = await once(git, 'close');
    if (code !== 0) throw new Error('git clone failed');
    await this.must('root', `chown -R ${user}: ${home}`);
  }

  /** The processes in it, by number and name; two of them hold it. */
  processes(): string[] {
    const own = readlinkSync(this.#namespace('pid'));
    return readdirSync('/proc').flatMap((pid) => {
      try {
        if (readlinkSync(`/proc/${pid}/ns/pid`) !== own) return [];
        return [`${pid} ${readFileSync(`/proc/${pid}/comm`, 'utf8').trim()}`];
      } catch {
        return []; // no process, or it has just ended
      }
    });
  }

  /**
   * Ends all that runs in it.
   * @param isKept whether the folder stays, if the machine in it is whole
   */
  async end(isKept: boolean): Promise<void> {
    const ended = this.#ended();
    this.#holder?.kill('SIGKILL');
    await ended;
    if (!isKept || !this.#isMade) await rm(this.#folder, { recursive: true, force: true });
  }

  #hold(command: readonly string[]) {
    const holder = spawn('unshare', [...NAMESPACES, ...command], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, TMPDIR: this.#folder },
    });
    this.#holder = holder;
    return holder;
  }

  async #ended(): Promise<number> {
    const holder = this.#holder;
    if (holder === undefined) return 0;
    if (holder.exitCode === null && holder.signalCode === null) await once(holder, 'close');
    return holder.exitCode ?? -1;
  }

  #namespace(kind: 'mnt' | 'pid'): string {
    return `/proc/${this.#holder?.pid}/ns/${kind === 'pid' ? 'pid_for_children' : kind}`;
  }
}
