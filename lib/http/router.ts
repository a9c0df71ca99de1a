/** Method and path → route. The first pattern of the table that matches wins, as in Express. */
import { HttpError } from './reply.ts';

/** What the path has for each `:name` of the pattern: name → decoded segment. */
export type Params = Readonly<Record<string, string>>;

/** A pattern is a path such as `/session/:key`; `:key` matches one segment that is not empty. */
interface Pattern {
  readonly method: string;
  readonly path: string;
}

/** @returns what finds a route; where the path has only other methods, those and no route */
export function createRouter<Route extends Pattern>(routes: readonly Route[]) {
  const table = routes.map((route) => ({ route, pattern: route.path.split('/').slice(1) }));

  /** @throws HttpError 404 */
  return (method: string, path: readonly string[]) => {
    // RFC 9110 §9.3.2.
    const wanted = method === 'HEAD' ? 'GET' : method;
    const methods: string[] = [];
    for (const { route, pattern } of table) {
      if (!matches(pattern, path)) continue;
      if (route.method === wanted) return { route, params: paramsOf(pattern, path), methods };
      methods.push(route.method);
    }
    if (methods.length === 0) throw new HttpError(404, 'not_found', 'there is nothing here');
    return { route: undefined, params: {}, methods };
  };
}

function matches(pattern: readonly string[], path: readonly string[]): boolean {
  if (pattern.length !== path.length) return false;
  return pattern.every((part, at) => (part[0] === ':' ? path[at] !== '' : part === path[at]));
}

function paramsOf(pattern: readonly string[], path: readonly string[]): Params {
  const params: Record<string, string> = {};
  for (const [at, part] of pattern.entries()) {
    if (part[0] === ':') params[part.slice(1)] = path[at] ?? '';
  }
  return params;
}
