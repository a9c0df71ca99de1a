// @ts-check
/*
 * A box for code: Tab indents, Shift and Tab takes it back. After Escape, Tab leaves the box as it
 * leaves any other, so a keyboard user is not caught in it (WCAG 2.1.2).
 */

const INDENT = '  ';

/**
 * @param {HTMLTextAreaElement} box
 * @param {AbortSignal} signal
 */
export function makeEditor(box, signal) {
  let leaves = false;

  /** @param {KeyboardEvent} event */
  function pressed(event) {
    if (event.key === 'Escape') {
      leaves = true;
      return;
    }
    // With Shift, WebKitGTK names the key in `code` alone.
    const isTab = event.key === 'Tab' || event.code === 'Tab';
    if (isTab && !leaves && !event.ctrlKey && !event.altKey && !event.metaKey) {
      event.preventDefault();
      indent(box, event.shiftKey);
    }
    // Shift alone may come before Tab.
    if (event.key !== 'Shift') leaves = false;
  }

  box.addEventListener('keydown', pressed, { signal });
  box.addEventListener(
    'blur',
    () => {
      leaves = false;
    },
    { signal },
  );
}

/**
 * Indents at the caret, or every line that is selected; or takes that back.
 * @param {HTMLTextAreaElement} box
 * @param {boolean} isBack
 */
function indent(box, isBack) {
  const { value, selectionStart, selectionEnd } = box;
  if (!isBack && selectionStart === selectionEnd) return insert(box, INDENT);
  const begin = value.lastIndexOf('\n', selectionStart - 1) + 1;
  const lines = value.slice(begin, selectionEnd).split('\n');
  const moved = lines.map((line) => (isBack ? line.replace(/^ {1,2}/, '') : INDENT + line));
  box.setSelectionRange(begin, selectionEnd);
  insert(box, moved.join('\n'));
  if (selectionStart !== selectionEnd) box.setSelectionRange(begin, box.selectionEnd);
}

/** As typed, so that the browser's Undo knows of it. @param {HTMLTextAreaElement} box @param {string} text */
function insert(box, text) {
  // `setRangeText` would empty the history of Undo.
  if (text !== '' && document.execCommand('insertText', false, text)) return;
  box.setRangeText(text, box.selectionStart, box.selectionEnd, 'end');
  box.dispatchEvent(new Event('input', { bubbles: true }));
}
