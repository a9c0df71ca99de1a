// @ts-check
/*
 * Has a program show each behaviour of an exercise, each in a Worker of its own, all at once.
 */
import { misspeltIn } from './misspelt.js';
import { createWorld } from './world.js';

/** @typedef {import('./exercise.js').Outcome} Outcome */
/** @typedef {import('./exercise.js').Job} Job */

/** The longest that a program may take, in ms, once the worker has it. */
const LIMIT_MS = 2000;

/**
 * @param {import('./exercise.js').Exercise} exercise
 * @param {string} program
 * @param {AbortSignal} signal ends what is running
 * @returns {Promise<Outcome[]>} in the order of the behaviours
 */
export async function check({ gives, behaviours }, program, signal) {
  const jobs = behaviours.map(({ run }) => ({
    ...{ program, gives, run: String(run), createWorld: String(createWorld) },
  }));
  const outcomes = await Promise.all(jobs.map((job) => work(job, signal)));
  const misspelt = misspeltIn(program);
  return outcomes.map((outcome) => ({ ...outcome, ...misspelt }));
}

/** @param {Job} job @param {AbortSignal} signal @returns {Promise<Outcome>} */
function work(job, signal) {
  const worker = new Worker(new URL('worker.js', import.meta.url));
  return new Promise((resolve) => {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    /** @param {Outcome} outcome */
    const end = (outcome) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', leave);
      worker.terminate();
      resolve(outcome);
    };
    const leave = () => end({ problem: 'too long', calls: [] });
    worker.onmessage = ({ data }) => {
      // The first message comes before the program is there, the second is the outcome.
      if (timer !== undefined) return end(outcomeOf(data));
      timer = setTimeout(() => end({ problem: 'too long', calls: [] }), LIMIT_MS);
      worker.postMessage(job);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      const what = timer === undefined ? { problem: 'no worker' } : { thrown: event.message };
      end({ ...what, calls: [] });
    };
    signal.addEventListener('abort', leave);
  });
}

/**
 * What a Worker has sent: the program may have put anything into it.
 * @param {Record<string, unknown>} data
 * @returns {Outcome}
 */
function outcomeOf({ calls, ...others }) {
  const texts = Object.entries(others).filter(([, text]) => typeof text === 'string');
  return { ...Object.fromEntries(texts), calls: Array.isArray(calls) ? calls.filter(isCall) : [] };
}

/** @param {Partial<import('./exercise.js').Call> | null | undefined} call */
function isCall(call) {
  const isNumber = [call?.xhr, call?.state ?? 0].every(Number.isInteger);
  return isNumber && typeof call?.call === 'string';
}
