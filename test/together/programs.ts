import { runTogether, startsPrograms } from '../support/together.ts';

await runTogether('.', startsPrograms);
