// @ts-check
/*
 * A text box with a list of suggestions, by the keys and the roles of the ARIA Authoring Practices
 * (combobox, list autocomplete, manual selection). The focus stays in the box;
 * `aria-activedescendant` says which suggestion is meant. Where the suggestions come from is not
 * its business.
 */
import { afterPointerUp } from '../../lib/press.js';
import { isComposing, onTyped } from '../../lib/typing.js';

/**
 * @param {HTMLInputElement} input
 * @param {HTMLElement} listbox
 * @param {AbortSignal} signal
 * @param {object} on
 * @param {(text: string) => void} on.typed
 * @param {(index: number) => void} on.picked
 * @param {() => boolean} on.dismissed gives up what is under way; false when nothing was
 */
export function createCombobox(input, listbox, signal, on) {
  /** @type {HTMLElement[]} */
  let options = [];
  /** The suggestion that is meant; -1 for none. */
  let active = -1;
  /** Whether the suggestions are not those for what stands in the box, so that an arrow asks again. */
  let isOld = false;

  const isOpen = () => !listbox.hidden;

  function open() {
    if (isOld) on.typed(input.value);
    isOld = false;
    listbox.hidden = options.length === 0;
    input.ariaExpanded = String(isOpen());
  }

  function close() {
    activate(-1);
    listbox.hidden = true;
    input.ariaExpanded = 'false';
  }

  /** Closes the list at the reader's wish: no answer that is under way opens it again. */
  function dismiss() {
    close();
    isOld = on.dismissed();
  }

  /** @param {number} index */
  function activate(index) {
    active = index;
    for (const [number, option] of options.entries()) {
      option.ariaSelected = String(number === index);
    }
    const option = options[index];
    if (option) {
      input.setAttribute('aria-activedescendant', option.id);
      option.scrollIntoView({ block: 'nearest' });
    } else {
      input.removeAttribute('aria-activedescendant');
    }
  }

  /** @param {number} index */
  function pick(index) {
    close();
    on.picked(index);
    isOld = true;
  }

  /** What a key does; false leaves it to the browser. @type {Record<string, (alt: boolean) => boolean>} */
  const keys = {
    ArrowDown(alt) {
      const next = isOpen() ? (active + 1) % options.length : 0;
      open();
      if (!alt && isOpen()) activate(next);
      return true;
    },
    ArrowUp(alt) {
      const last = options.length - 1;
      const before = isOpen() && active > 0 ? active - 1 : last;
      if (alt) dismiss();
      else {
        open();
        if (isOpen()) activate(before);
      }
      return true;
    },
    Enter() {
      if (!isOpen() || active === -1) return false;
      pick(active);
      return true;
    },
    Escape() {
      if (isOpen()) dismiss();
      else if (input.value !== '') {
        input.value = '';
        on.typed('');
      }
      return true;
    },
  };
  // These move within the text, so no suggestion is meant any more.
  for (const key of ['ArrowLeft', 'ArrowRight', 'Home', 'End']) {
    keys[key] = () => {
      activate(-1);
      return false;
    };
  }

  /** @param {KeyboardEvent} event */
  function keydown(event) {
    // While Chinese is being composed, the keys belong to the input method.
    if (isComposing(event) || event.ctrlKey || event.metaKey) return;
    if (keys[event.key]?.(event.altKey)) event.preventDefault();
  }

  function typed() {
    isOld = false;
    on.typed(input.value);
  }

  /** @param {MouseEvent} event */
  function clicked({ target }) {
    const index = options.findIndex((option) => target instanceof Node && option.contains(target));
    if (index !== -1) pick(index);
  }

  function left() {
    if (document.activeElement !== input) close();
  }

  input.addEventListener('keydown', keydown, { signal });
  onTyped(input, signal, typed);
  // What lies below the list moves up when it closes.
  input.addEventListener('blur', () => afterPointerUp(left), { signal });
  // The focus stays in the box.
  listbox.addEventListener('mousedown', (event) => event.preventDefault(), { signal });
  listbox.addEventListener('click', clicked, { signal });

  return {
    /** Shows these suggestions, if the reader is in the box; none closes the list. @param {HTMLElement[]} items */
    show(items) {
      options = items;
      for (const [index, item] of items.entries()) {
        item.id = `${listbox.id}-${index}`;
        item.role = 'option';
      }
      listbox.replaceChildren(...items);
      close();
      if (document.activeElement === input && items.length > 0) open();
    },
    close,
  };
}
