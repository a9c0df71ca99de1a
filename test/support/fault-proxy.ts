/**
 * A TCP proxy that can do what networks do: fall silent, cut, refuse. It stands between the
 * application and a real database, and sees what the application says.
 */
import { connect, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { atEnd } from './at-end.ts';

/**
 * What becomes of a piece that the client has sent; `answer lost` lets the server have it, not the
 * client.
 */
export type Fate = 'pass' | 'cut' | 'answer lost';

export interface FaultProxy {
  readonly port: number;
  /** Asked for each piece that a client sends. */
  onPiece: (piece: Buffer) => Fate;
  /** The round trip in ms: each piece takes half of it, each way; a new connection all of it. */
  distanceMs: number;
  /** While true, nothing moves either way, and no side is told. */
  isSilent: boolean;
  /** Keeps back what the server says, until the function is called that it returns. */
  hold(): () => void;
  /** Keeps back what the server says on connections to come, until the returned function is called. */
  holdNew(): () => void;
  /** How many connections there have been. */
  total(): number;
  /** Cuts all connections and takes no new ones. */
  refuse(): void;
  /** Takes connections again. */
  accept(): Promise<void>;
  /** How many clients are connected. */
  count(): number;
}

/** A proxy in front of a port of this machine, on a free port of its own. */
export async function faultProxy(t: TestContext, target: number): Promise<FaultProxy> {
  const clients = new Set<Socket>();
  const servers = new Set<Socket>();
  let isRefusing = false;
  let isHeld = false;
  let total = 0;

  const later = (work: () => void, ms: number) => (ms > 0 ? setTimeout(work, ms) : work());
  const listener = createServer((client) => {
    const server = connect(target, '127.0.0.1');
    const begin = performance.now();
    /** A client far away sends its first piece when the connection has been confirmed to it. */
    const send = (to: Socket, piece: Buffer) => {
      const connectedAt = begin + proxy.distanceMs;
      const wait = Math.max(0, connectedAt - performance.now()) + proxy.distanceMs / 2;
      later(() => to.write(piece), proxy.distanceMs > 0 ? wait : 0);
    };
    const end = () => {
      client.destroy();
      server.destroy();
      clients.delete(client);
      servers.delete(server);
    };
    clients.add(client);
    servers.add(server);
    total += 1;
    if (isHeld) server.pause();
    let isDeaf = false;
    client.on('data', (piece) => {
      if (proxy.isSilent) return;
      const fate = proxy.onPiece(piece);
      if (fate === 'cut') return end();
      if (fate === 'answer lost') isDeaf = true;
      send(server, piece);
    });
    server.on('data', (piece) => {
      if (isDeaf) end();
      else if (!proxy.isSilent) send(client, piece);
    });
    for (const socket of [client, server]) socket.on('error', end).on('close', end);
  });
  const listen = (port: number) =>
    new Promise<void>((resolve) => listener.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = listener.address() as { port: number }; // it listens on a port

  const proxy: FaultProxy = {
    port,
    onPiece: () => 'pass',
    distanceMs: 0,
    isSilent: false,
    hold() {
      for (const server of servers) server.pause();
      return () => {
        for (const server of servers) server.resume();
      };
    },
    holdNew() {
      isHeld = true;
      return () => {
        isHeld = false;
        for (const server of servers) server.resume();
      };
    },
    total: () => total,
    refuse() {
      isRefusing = true;
      listener.close();
      for (const client of clients) client.destroy();
    },
    async accept() {
      if (isRefusing) await listen(port);
      isRefusing = false;
    },
    count: () => clients.size,
  };
  atEnd(t, () => proxy.refuse());
  return proxy;
}
