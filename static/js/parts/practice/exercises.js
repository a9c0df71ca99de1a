// @ts-check
/*
 * The exercises, in the order of the course.
 */
import { blur } from './exercises/blur.js';
import { counter } from './exercises/counter.js';
import { encode } from './exercises/encode.js';
import { failures } from './exercises/failures.js';
import { get } from './exercises/get.js';
import { key } from './exercises/key.js';
import { post } from './exercises/post.js';
import { stale } from './exercises/stale.js';
import { states } from './exercises/states.js';
import { xhr } from './exercises/xhr.js';

/** @type {import('./exercise.js').Exercise[]} */
export const EXERCISES = [
  ...[xhr, get, encode, post, states, failures, blur, stale],
  // And on the server's side, for the session:
  ...[key, counter],
];
