// @ts-check
/*
 * Slips of a reader's program that the browser keeps silent about: a member written in other
 * letters is made, or is undefined; a sign of a Chinese keyboard looks like the one that is meant.
 */

const MEMBERS = `abort addEventListener getAllResponseHeaders getElementById getResponseHeader
  innerHTML innerText onabort onblur onchange onerror oninput onload onloadend onreadystatechange
  ontimeout open readyState response responseText send setRequestHeader status statusText
  textContent timeout value`.split(/\s+/);
const BY_SMALL = new Map(MEMBERS.map((name) => [name.toLowerCase(), name]));
const STRINGS_AND_COMMENTS = /'[^'\n]*'|"[^"\n]*"|\/\/.*/g;

/**
 * The first member that is written with wrong capitals.
 * @param {string} program
 * @returns {{ misspelt?: string[] }} the object, what is written, what is meant
 */
export function misspeltIn(program) {
  const code = program.replace(STRINGS_AND_COMMENTS, '');
  for (const [, object = '', written = ''] of code.matchAll(/(\w+)\s*\.\s*(\w+)/g)) {
    const meant = BY_SMALL.get(written.toLowerCase());
    if (meant !== undefined && meant !== written) return { misspelt: [object, written, meant] };
  }
  return {};
}

/** The full-width signs of a line, outside its strings. @param {string} line */
export function fullWidthIn(line) {
  return (
    line
      .replace(STRINGS_AND_COMMENTS, '')
      .match(/[（）“”‘’；，：。｛｝＝]/g)
      ?.join('') ?? ''
  );
}
