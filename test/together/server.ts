import { runTogether } from '../support/together.ts';

await runTogether(['.', 'http', 'routes', 'session']);
