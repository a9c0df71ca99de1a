/**
 * Method and path in, whatever was stored for them out; it never sees a request or a response.
 * Paths are a tree of segments. At each step a literal segment is tried before a parameter, and the
 * search comes back if the literal's branch leads nowhere. Maps hold the branches, so a segment
 * such as `__proto__` is a name like any other.
 */

/** What stood in the path for each named segment: name → decoded text. */
export type Params = Readonly<Record<string, string>>;

/** What `find` says: the value; or the path exists, for other methods; or nothing. */
export type Match<T> =
  | { readonly kind: 'found'; readonly value: T; readonly params: Params }
  | { readonly kind: 'method'; readonly methods: readonly string[] }
  | { readonly kind: 'none' };

/** The branch of a parameter, which takes any one segment that is not empty. */
const ANY = Symbol('any');

interface Node<T> {
  readonly next: Map<string | typeof ANY, Node<T>>;
  /** What ends here, by method, with the name of each parameter and its segment's number. */
  readonly leaves: Map<string, { readonly value: T; readonly names: [string, number][] }>;
}

/** Finds what was stored for a method and a path. */
export class Router<T> {
  readonly #root: Node<T> = { next: new Map(), leaves: new Map() };

  /**
   * @param pattern such as `/session/:key`; a segment that begins with `:` matches any one segment
   *   that is not empty, and names it
   * @throws Error when the same method and pattern are there already
   */
  add(method: string, pattern: string, value: T): void {
    const segments = pattern.split('/').slice(1);
    let node = this.#root;
    for (const segment of segments) {
      const key = segment.startsWith(':') ? ANY : segment;
      const next = node.next.get(key) ?? { next: new Map(), leaves: new Map() };
      node.next.set(key, next);
      node = next;
    }
    if (node.leaves.has(method)) throw new Error(`${method} ${pattern} is there already`);
    const names = segments.flatMap((segment, index): [string, number][] =>
      segment.startsWith(':') ? [[segment.slice(1), index]] : [],
    );
    node.leaves.set(method, { value, names });
  }

  /** @param segments the path's decoded segments: `/session/a%2Fb` is `['session', 'a/b']` */
  find(method: string, segments: readonly string[]): Match<T> {
    const leaves = walk(this.#root, segments, 0);
    if (leaves === undefined) return { kind: 'none' };
    // HEAD is answered wherever GET is (RFC 9110 §9.3.2).
    const leaf = leaves.get(method) ?? (method === 'HEAD' ? leaves.get('GET') : undefined);
    if (leaf === undefined) return { kind: 'method', methods: [...leaves.keys()] };
    const params = Object.fromEntries(leaf.names.map(([name, at]) => [name, segments[at] ?? '']));
    return { kind: 'found', value: leaf.value, params };
  }
}

function walk<T>(
  node: Node<T>,
  segments: readonly string[],
  index: number,
): Node<T>['leaves'] | undefined {
  const segment = segments[index];
  if (segment === undefined) return node.leaves.size > 0 ? node.leaves : undefined;
  const literal = node.next.get(segment);
  const any = segment === '' ? undefined : node.next.get(ANY);
  return (literal && walk(literal, segments, index + 1)) ?? (any && walk(any, segments, index + 1));
}
