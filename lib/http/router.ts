/**
 * Method and path in, whatever was stored for them out. The router is pure data: it never sees a
 * request or a response, so it can be read, tested and copied on its own.
 *
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

/** Finds what was stored for a method and a path. */
export interface Router<T> {
  /**
   * @param pattern such as `/session/:key`; a segment that begins with `:` matches any one segment
   *   that is not empty, and names it
   * @throws Error when the same method and pattern are there already, or the pattern under other
   *   names
   */
  add(method: string, pattern: string, value: T): void;
  /**
   * @param segments the path's decoded segments: `/session/a%2Fb` is `['session', 'a/b']`
   */
  find(method: string, segments: readonly string[]): Match<T>;
}

interface Leaf<T> {
  readonly methods: Map<string, T>;
  readonly names: readonly string[];
}

interface Node<T> {
  readonly literals: Map<string, Node<T>>;
  any: Node<T> | undefined;
  leaf: Leaf<T> | undefined;
}

const NONE = { kind: 'none' } as const;

/** Makes an empty router. */
export function createRouter<T>(): Router<T> {
  const root = emptyNode<T>();
  return {
    add(method, pattern, value) {
      const names: string[] = [];
      let node = root;
      for (const segment of pattern.split('/').slice(1)) {
        if (segment.startsWith(':')) {
          names.push(segment.slice(1));
          node.any ??= emptyNode();
          node = node.any;
        } else {
          const next = node.literals.get(segment) ?? emptyNode<T>();
          node.literals.set(segment, next);
          node = next;
        }
      }
      node.leaf ??= { methods: new Map(), names };
      if (node.leaf.names.join('/') !== names.join('/')) {
        throw new Error(`${pattern} gives other names to the parameters of ${node.leaf.names}`);
      }
      if (node.leaf.methods.has(method)) throw new Error(`${method} ${pattern} is there already`);
      node.leaf.methods.set(method, value);
    },

    find(method, segments) {
      const values: string[] = [];
      const leaf = walk(root, segments, 0, values);
      if (leaf === undefined) return NONE;
      // HEAD is answered wherever GET is (RFC 9110 §9.3.2).
      const value =
        leaf.methods.get(method) ?? (method === 'HEAD' ? leaf.methods.get('GET') : undefined);
      if (value === undefined) return { kind: 'method', methods: [...leaf.methods.keys()] };
      return { kind: 'found', value, params: paramsOf(leaf.names, values) };
    },
  };
}

function emptyNode<T>(): Node<T> {
  return { literals: new Map(), any: undefined, leaf: undefined };
}

function walk<T>(
  node: Node<T>,
  segments: readonly string[],
  index: number,
  values: string[],
): Leaf<T> | undefined {
  const segment = segments[index];
  if (segment === undefined) return node.leaf;
  const literal = node.literals.get(segment);
  const leaf = literal && walk(literal, segments, index + 1, values);
  if (leaf || node.any === undefined || segment === '') return leaf;
  values.push(segment);
  const other = walk(node.any, segments, index + 1, values);
  if (other === undefined) values.pop();
  return other;
}

function paramsOf(names: readonly string[], values: readonly string[]): Params {
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
}
