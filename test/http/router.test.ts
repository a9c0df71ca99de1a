import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Router } from '../../lib/http/router.ts';

function exampleRouter() {
  const router = new Router<string>();
  router.add('GET', '/session', 'all');
  router.add('GET', '/session/:key', 'one');
  router.add('PUT', '/session/:key', 'put');
  router.add('GET', '/session/new', 'literal');
  router.add('GET', '/a/:x/c', 'a-x-c');
  router.add('GET', '/a/b/d', 'a-b-d');
  router.add('GET', '/p/:x/c/:y', 'p-x-c-y');
  router.add('GET', '/p/new/:y/d', 'p-new-y-d');
  router.add('GET', '/p/:x/:z', 'p-x-z');
  return router;
}

const found = (value: string, params = {}) => ({ kind: 'found', value, params });

const cases: [what: string, method: string, path: string, expected: object][] = [
  ['finds a literal path', 'GET', 'session', found('all')],
  ['names a parameter', 'GET', 'session/cart', found('one', { key: 'cart' })],
  ['prefers a literal to a parameter', 'GET', 'session/new', found('literal')],
  ['comes back from a literal that leads nowhere', 'GET', 'a/b/c', found('a-x-c', { x: 'b' })],
  ['comes back behind a parameter', 'GET', 'p/1/c', found('p-x-z', { x: '1', z: 'c' })],
  ['takes a parameter back', 'GET', 'p/new/1', found('p-x-z', { x: 'new', z: '1' })],
  ['goes on behind a parameter', 'GET', 'p/1/c/2', found('p-x-c-y', { x: '1', y: '2' })],
  ['takes __proto__ for a name', 'GET', 'session/__proto__', found('one', { key: '__proto__' })],
  ['answers HEAD where GET is', 'HEAD', 'session', found('all')],
  [
    'says which methods a path has',
    'POST',
    'session/cart',
    { kind: 'method', methods: ['GET', 'PUT'] },
  ],
  ['knows no empty parameter', 'GET', 'session/', { kind: 'none' }],
  ['knows no longer path', 'GET', 'session/a/b', { kind: 'none' }],
  ['does not find constructor', 'GET', 'constructor', { kind: 'none' }],
];

for (const [what, method, path, expected] of cases) {
  test(`the router ${what}: ${method} /${path}`, () => {
    assert.deepEqual(exampleRouter().find(method, path.split('/')), expected);
  });
}

test('the router refuses the same method and pattern twice', () => {
  assert.throws(() => exampleRouter().add('GET', '/session', 'again'), /GET \/session/);
});

test('each method of a pattern names the parameters itself', () => {
  const router = exampleRouter();
  router.add('DELETE', '/session/:id', 'gone');
  assert.deepEqual(router.find('DELETE', ['session', 'cart']), found('gone', { id: 'cart' }));
  assert.deepEqual(router.find('GET', ['session', 'cart']), found('one', { key: 'cart' }));
});
