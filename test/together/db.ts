import { isApart, runTogether } from '../support/together.ts';

await runTogether(['db'], (name) => !isApart(name));
