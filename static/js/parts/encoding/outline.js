// @ts-check
/*
 * What a browser makes of a text when it takes it for HTML, as an outline to be read. A `template`
 * loads nothing and runs nothing; but the Content-Security-Policy reports an event handler even
 * there, so the names of those attributes are disguised while the text is parsed.
 */

/** @typedef {{ depth: number, text: string, runs: boolean }} Line `runs`: a script, run at once or by a click */

/** A private character, which stands for nothing and ends no name. */
const DISGUISE = '\uE000';
/** Where the name of such an attribute may begin. */
const NAME = /([\s"'/])(on|style)/gi;

/** @param {string} html @returns {Line[]} */
export function outlineOf(html) {
  const template = document.createElement('template');
  template.innerHTML = html.replace(NAME, `$1${DISGUISE}$2`);
  return [...template.content.childNodes].flatMap((node) => linesOf(node, 0));
}

/** @param {Node} node @param {number} depth @returns {Line[]} */
function linesOf(node, depth) {
  if (!(node instanceof Element)) {
    return [{ depth, text: JSON.stringify(undisguised(node.textContent ?? '')), runs: false }];
  }
  const attributes = [...node.attributes].map((attribute) => {
    const name = undisguised(attribute.name);
    const value = undisguised(attribute.value);
    const runs = name.startsWith('on') || name === 'srcdoc' || isScript(value);
    return { depth: depth + 1, text: `${name} = ${JSON.stringify(value)}`, runs };
  });
  const inner = [...node.childNodes].flatMap((child) => linesOf(child, depth + 1));
  return [{ depth, text: `<${node.localName}>`, runs: false }, ...attributes, ...inner];
}

/** As the browser reads an address: it passes over tabs and line ends. @param {string} value */
function isScript(value) {
  try {
    return new URL(value).protocol === 'javascript:';
  } catch {
    return false; // relative, or no address
  }
}

/** @param {string} text */
function undisguised(text) {
  return text.replaceAll(DISGUISE, '');
}
