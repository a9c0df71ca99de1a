/**
 * Ends the process with one line when this Node is too old. It is JavaScript that Node 12 can
 * parse: `npm start` and `npm test` run it first.
 */
import process from 'node:process';

/** Before it, `X-Test : v` is accepted, where RFC 9112 §5.1 demands 400; `engines` says the same. */
const NEEDED = '20.19.2';
const { node } = process.versions;

if (node.localeCompare(NEEDED, 'en', { numeric: true }) < 0) {
  const how = 'get one from https://nodejs.org/en/download, or with nvm: nvm install 24';
  console.error(`Node ${NEEDED} or newer is needed, and this is ${node}: ${how}`);
  process.exit(1);
}
