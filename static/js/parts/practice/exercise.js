// @ts-check
/*
 * What an exercise is: data, a file each in `exercises/`. To add one, write its file and name it
 * in `exercises.js`; the list there is the order of the course.
 */

/**
 * @typedef {object} Exercise
 * @property {string} name in the address and in the session: letters only
 * @property {Message} title
 * @property {Message} task three sentences
 * @property {Message} hint
 * @property {string[]} gives the functions that the program has to define
 * @property {string} start what stands in the box at first
 * @property {string} solution
 * @property {Behaviour[]} behaviours
 */

/**
 * @typedef {object} Behaviour
 * @property {Message} says a sentence that holds for a right program
 * @property {Run} run an arrow function that uses nothing from outside: it goes to the Worker as
 *   text
 */

/** @typedef {(world: World) => [got: unknown, wanted: unknown]} Run holds when both are the same */

/**
 * @typedef {object} World the browser that is played, made anew for each behaviour
 * @property {(differently?: Record<string, unknown>) => Record<string, Function>} load runs the
 *   program, with some names of its scope put differently (`undefined`: not there), and returns
 *   what it `gives`
 * @property {Request[]} requests every XMLHttpRequest that was made
 * @property {(index?: number) => Request} sent the same, when it has been sent
 * @property {() => Request} opened the first, when it has been opened
 * @property {() => unknown} shown what show was last called with
 * @property {(text: unknown) => void} show to be handed to the program
 * @property {unknown[]} said what it was called with
 * @property {Function} ActiveXObject
 * @property {{ type(text: string): void, leave(): void }} box `box` in the program
 * @property {Played} hint `hint` in the program
 * @property {PlayedSession} session
 */

/**
 * @typedef {object} Request what the program asked, and the strings that the behaviour pulls
 * @property {string} method in capitals
 * @property {string} url
 * @property {boolean} isAsync
 * @property {Record<string, string>} headers names in small letters
 * @property {string | null} body
 * @property {boolean} isSent
 * @property {() => number} waitsMs its `timeout`
 * @property {(state: number, status: number, text?: string) => void} receive comes that far only
 * @property {(status: number, text: string) => void} answer comes from 2 to 4
 * @property {() => void} fail there is no connection
 * @property {() => void} timeOut the time is up
 */

/**
 * @typedef {object} Played an element
 * @property {string} value
 * @property {string} textContent
 * @property {string} innerText
 * @property {string} innerHTML
 * @property {(type: string, listener: Function) => void} addEventListener
 * @property {(type: string) => void} fire
 */

/**
 * @typedef {object} PlayedSession one browser's space on the server
 * @property {(key: string) => string | undefined} get
 * @property {(key: string) => boolean} has
 * @property {(key: string, value: string) => void} set
 * @property {(key: string) => boolean} delete
 */

/**
 * @typedef {object} Job what goes to the Worker
 * @property {string} program
 * @property {string[]} gives
 * @property {string} run a behaviour's, as text
 * @property {string} createWorld the same
 */

/**
 * @typedef {object} Call
 * @property {string} call
 * @property {number} xhr the number of the request, from 1; 0 for none
 * @property {number} [state] the readyState that it came to
 */

/**
 * @typedef {object} Outcome what comes back; without `got`, `problem` and `thrown`, it holds
 * @property {string} [got]
 * @property {string} [wanted]
 * @property {string} [problem] why it could not be looked at
 * @property {string} [thrown] what the program threw, or its syntax error
 * @property {string} [line] of the syntax error, from 1
 * @property {string[]} [misspelt] a member that is not there, and the one that is meant
 * @property {Call[]} calls what happened, in order
 */

export {};
