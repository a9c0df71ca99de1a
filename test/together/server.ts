import { isApart, runTogether, startsPrograms } from '../support/together.ts';

await runTogether('.', (name) => !startsPrograms(name) && !isApart(name));
