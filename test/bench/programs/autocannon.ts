/**
 * The load where there is no wrk: each connection sends its share of the requests of a JSON file
 * one after the other, and round again. Prints the figures as a line of JSON, as `wrk.lua` does.
 * Run: autocannon.ts CONNECTIONS SECONDS URL FILE
 */
import { readFileSync } from 'node:fs';
import type { Request } from 'autocannon';
import { isWanted } from './setting.ts';

if (isWanted) await load();

async function load(): Promise<void> {
  const [count, duration, url = '', file = ''] = process.argv.slice(2);
  const connections = Number(count);
  // The benchmark has written them so.
  const requests = JSON.parse(readFileSync(file, 'utf8')) as Request[];
  const shares = Array.from({ length: connections }, (_, share) =>
    requests.filter((_, index) => index % connections === share % requests.length),
  );
  const { default: autocannon } = await import('autocannon');
  const result = await autocannon({
    url,
    connections,
    duration: Number(duration),
    setupClient: (client) => client.setRequests(shares.pop() ?? requests),
  });
  const perSecond = result['2xx'] / result.duration;
  const { non2xx, errors, timeouts } = result;
  const counts = Object.entries({ non2xx, errors, timeouts }).filter(([, count]) => count > 0);
  const wrong = counts.map(([kind, count]) => `${count} ${kind}`).join(', ');
  console.log(JSON.stringify({ perSecond, p99Ms: result.latency.p99, wrong }));
}
