/**
 * HAProxy in front of the nodes, as a cluster's makers say: a port for each node, which goes to that
 * node while it is well, else to another.
 */
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { atEnd } from '../support/at-end.ts';
import { freePort } from '../support/fault-database.ts';
import { temporaryFolder, until } from '../support/process.ts';

/** An account without a password and without rights, by which HAProxy looks whether a node answers. */
export const CHECK_USER = 'haproxy';

/** Starts it. @returns its ports, in the order of the nodes */
export async function startProxy(
  t: TestContext,
  nodes: readonly { readonly port: number }[],
): Promise<number[]> {
  const folder = await temporaryFolder(t, 'ajax-haproxy-');
  const ports = await Promise.all(nodes.map(freePort));
  const sections = ports.map((port, own) => {
    const servers = nodes.map((node, index) => {
      const backup = index === own ? '' : ' backup';
      return `  server node${index} 127.0.0.1:${node.port}${backup}`;
    });
    return `listen cluster${own}\n  bind 127.0.0.1:${port}\n${servers.join('\n')}\n`;
  });
  const config = `defaults
  mode tcp
  timeout connect 1s
  timeout client 1m
  timeout server 1m
  timeout check 500ms
  option mysql-check user ${CHECK_USER}
  default-server check inter 300ms fall 2 rise 2 on-marked-down shutdown-sessions
${sections.join('')}`;
  const file = join(folder, 'haproxy.cfg');
  await writeFile(file, config);
  const proxy = spawn('/usr/sbin/haproxy', ['-db', '-f', file], { stdio: 'ignore' });
  atEnd(t, () => proxy.kill('SIGKILL'));
  const [first = 0] = ports;
  await until('HAProxy', () => isListening(first));
  return ports;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.once('error', () => resolve(false)).once('connect', () => socket.destroy());
  });
}
