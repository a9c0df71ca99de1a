import { isInFirstHalf, runTogether } from '../support/together.ts';

await runTogether(['page'], (name) => !isInFirstHalf(name));
