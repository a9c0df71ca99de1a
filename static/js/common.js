/**
 * The asynchronous object of this browser. Every browser since Internet Explorer 7 (2006) has
 * `XMLHttpRequest`; before that, Internet Explorer kept the same thing as an ActiveX component. The
 * second branch has been dead since 2016 at the latest; it stands here to be read.
 * @returns {XMLHttpRequest}
 */
function createXhr() {
  if (window.XMLHttpRequest) {
    return new XMLHttpRequest();
  }
  return new ActiveXObject('Microsoft.XMLHTTP');
}
