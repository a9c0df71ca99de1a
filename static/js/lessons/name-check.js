// Whenever the box is left, asks the server whether the name in it is taken.
export function checkOnBlur(box, show) {
  let newest = 0;

  box.addEventListener('blur', () => {
    if (box.value === '') return;
    newest += 1;
    const number = newest;
    const xhr = createXhr();
    xhr.open('get', '/check-uname?uname=' + encodeURIComponent(box.value), true);
    xhr.timeout = 20000; // ms
    xhr.onreadystatechange = () => {
      if (xhr.readyState !== 4) return;
      if (number !== newest) return; // a later question
      const answer = parse(xhr.responseText);
      if (xhr.status === 200 && answer) show(answer.exists ? 'taken' : 'free');
      else show('failed', xhr.status);
    };
    xhr.send(null);
  });
}

// What the server says; null when something on the way has answered, and not in JSON.
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
