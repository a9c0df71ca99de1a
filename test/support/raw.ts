/**
 * Bytes to a port, and the bytes that come back: for what no HTTP client would send.
 */
import { connect } from 'node:net';

/**
 * Sends bytes as they are and reads until the server closes, or until it has been silent.
 * @param silenceMs how long, in ms, the server may be silent before we stop listening
 * @returns everything that came back, as latin1
 */
export function exchange(port: number, bytes: string | Buffer, silenceMs = 500): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1');
    const finish = () => {
      socket.destroy();
      resolve(Buffer.concat(chunks).toString('latin1'));
    };
    socket.setTimeout(silenceMs, finish);
    socket.on('connect', () =>
      socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes),
    );
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', finish);
    socket.on('error', reject);
  });
}

/** The status of the first answer in what `exchange` returned; 0 when there is none. */
export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1] ?? 0);
}
