// Three guards. Switch one off, and see what it is for.
export const settings = { debounce: true, abort: true, stale: true, address: '/suggest?q=' };

let pause;
let running = null;
let newest = 0;

// Call this at every letter.
export function typed(text, show) {
  clearTimeout(pause);
  pause = setTimeout(ask, settings.debounce ? 250 : 0, text, show); // 1. debounce
}

// Call this when the box is empty, or its list is closed.
export function forget() {
  clearTimeout(pause);
  if (settings.abort && running) running.abort(); // 2. abort
  newest += 1;
}

function ask(text, show) {
  forget();
  const number = newest;
  const xhr = createXhr();
  running = xhr;
  xhr.open('get', settings.address + encodeURIComponent(text), true);
  xhr.timeout = 5000; // ms
  xhr.onreadystatechange = () => {
    if (xhr.readyState !== 4 || xhr.status !== 200) return;
    if (settings.stale && number !== newest) return; // 3. stale guard
    show(xhr.responseText);
  };
  xhr.send(null);
}
