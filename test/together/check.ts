import { runTogether } from '../support/together.ts';

await runTogether(['check/http', 'check/layer', 'check/session']);
