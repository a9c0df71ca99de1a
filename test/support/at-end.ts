import type { TestContext } from 'node:test';

const undos = new WeakMap<TestContext, (() => unknown)[]>();

/**
 * Undoes something when the test is over, passed or failed: the newest first, so that a page is
 * closed before its server, and a server has ended before its folder goes. (Node's own `t.after`
 * runs the oldest first, and a server makes its folder again.)
 */
export function atEnd(t: TestContext, undo: () => unknown): void {
  const list = undos.get(t);
  if (list) list.push(undo);
  else {
    undos.set(t, [undo]);
    t.after(() => undoAll(t));
  }
}

async function undoAll(t: TestContext): Promise<void> {
  const failures: unknown[] = [];
  for (const undo of (undos.get(t) ?? []).reverse()) {
    try {
      await undo();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'the test left something behind');
}
