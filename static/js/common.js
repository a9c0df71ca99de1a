// @ts-check

/**
 * The asynchronous object of this browser. Every browser since Internet Explorer 7 (2006) has
 * `XMLHttpRequest`; before that, Internet Explorer kept the same thing as an ActiveX component. The
 * second branch has been dead since 2016 at the latest; it stands here to be read.
 * @returns {XMLHttpRequest}
 */
// biome-ignore lint/correctness/noUnusedVariables: a classic script; the others call it by its name
function createXhr() {
  if (window.XMLHttpRequest) {
    return new XMLHttpRequest();
  }
  // @ts-expect-error ActiveXObject is in no browser that runs a type checker
  return new ActiveXObject('Microsoft.XMLHTTP');
}
