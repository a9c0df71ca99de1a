/*
 * What an exercise is: data, a file each in `exercises/`. To add one, write its file and name it
 * in `exercises.js`; the list there is the order of the course.
 */

export interface Exercise {
  /** In the address and in the session: letters only. */
  name: string;
  title: Message;
  /** Three sentences. */
  task: Message;
  hint: Message;
  /** The functions that the program has to define. */
  gives: string[];
  /** What stands in the box at first. */
  start: string;
  solution: string;
  behaviours: Behaviour[];
}

export interface Behaviour {
  /** A sentence that holds for a right program. */
  says: Message;
  /** An arrow function that uses nothing from outside: it goes to the Worker as text. */
  run: Run;
}

/** Holds when both are the same. */
export type Run = (world: World) => [got: unknown, wanted: unknown];

// biome-ignore lint/suspicious/noExplicitAny: a function of the reader's program, or one that it is given
type Anything = (...values: any[]) => any;

/** The simulated browser, made anew for each behaviour. */
export interface World {
  /**
   * Runs the program, with some names of its scope put differently (`undefined`: not there), and
   * returns what it `gives`.
   */
  load: (differently?: Record<string, unknown>) => Record<string, Anything>;
  /** Every XMLHttpRequest that was made. */
  requests: Request[];
  /** What the behaviour has answered, by the number of the request. */
  answered: Answer[];
  /** The same, when it has been sent. */
  sent: (index?: number) => Request;
  /** The first, when it has been opened. */
  opened: () => Request;
  /** What `show` was last called with. */
  shown: () => unknown;
  /** To be handed to the program. */
  show: (text: unknown) => void;
  /** What `show` was called with. */
  said: unknown[];
  ActiveXObject: unknown;
  /** `box` in the program. */
  box: { type(text: string): void; leave(): void };
  /** `hint` in the program. */
  hint: FakeElement;
  session: FakeSession;
}

/** What the program asked, and the strings that the behaviour pulls. */
export interface Request {
  /** In capitals. */
  method: string;
  url: string;
  isAsync: boolean;
  /** Names in small letters. */
  headers: Record<string, string>;
  body: string | null;
  isSent: boolean;
  /** Its `timeout`. */
  waitsMs: () => number;
  /** The response comes that far only. */
  receive: (state: number, status: number, text?: string) => void;
  /** The response comes from 2 to 4. */
  answer: (status: number, text: string) => void;
  /** There is no connection. */
  fail: () => void;
  timeOut: () => void;
}

/** An element, as far as a course goes. What is set is made text, as in a browser. */
export interface FakeElement {
  // biome-ignore lint/suspicious/noExplicitAny: handlers and whatever else a program puts there
  [name: string]: any;
  value: string;
  textContent: string;
  innerText: string;
  innerHTML: string;
  readonly outerHTML: string;
  className: string;
  addEventListener: (type: string, listener: Anything) => void;
  /** Dispatches an event of that type. */
  fire: (type: string) => void;
}

/** The answer to a request; status 0 for no connection. */
export interface Answer {
  status: number;
  text: string;
}

/** One browser's session on the server. */
export interface FakeSession {
  get: (key: string) => string | undefined;
  has: (key: string) => boolean;
  set: (key: string, value: string) => void;
  delete: (key: string) => boolean;
}

/** What goes to the Worker. */
export interface Job {
  program: string;
  gives: string[];
  /** A behaviour's `run`, as text. */
  run: string;
  createWorld: string;
  /** What a request is answered that is opened with `false`, and so waits for nothing. */
  answers?: Answer[];
}

export interface Call {
  call: string;
  /** The number of the request, from 1; 0 for none. */
  xhr: number;
  /** The readyState that it came to. */
  state?: number;
}

/** What comes back; without `got`, `problem` and `thrown`, the behaviour holds. */
export interface Outcome {
  got?: string;
  wanted?: string;
  /** Why it could not be looked at. */
  problem?: string;
  /** What the program threw, or its syntax error. */
  thrown?: string;
  /** Of the syntax error, from 1. */
  line?: string;
  /** A member that is not there, and the one that is meant. */
  misspelt?: string[];
  /** What happened, in order. */
  calls: Call[];
}
