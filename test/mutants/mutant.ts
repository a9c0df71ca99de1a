/** A change that breaks the code on purpose, and the tests that must see it. */
export interface Mutant {
  /** The file that is changed, from the project's folder. */
  readonly file: string;
  /** What stands there, exactly once; a little context makes it so. */
  readonly from: string;
  readonly to: string;
  /** The test files that must fail, from `test/`. */
  readonly tests: readonly string[];
  /** Only where no test can see it: why. */
  readonly unseen?: string;
}

/** Changes to one file, seen by the same tests unless one says otherwise. */
export function mutantsOf(
  file: string,
  tests: readonly string[],
  ...changes: readonly (readonly [from: string, to: string, more?: Partial<Mutant>])[]
): Mutant[] {
  return changes.map(([from, to, more]) => ({ file, from, to, tests, ...more }));
}
