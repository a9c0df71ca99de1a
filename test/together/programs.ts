import { isApart, runTogether } from '../support/together.ts';

// They start programs of their own and mostly wait for them, beside those that compute.
await runTogether(['db', 'start'], (name) => !isApart(name));
