const url = '/01-server?name=Ada';

export function askAndReturn() {
  const xhr = createXhr();
  xhr.open('get', url, true);
  xhr.onreadystatechange = () => {
    if (xhr.readyState === 4) {
      return xhr.responseText;
    }
  };
  xhr.send(null);
}

export function askAndWait() {
  const xhr = createXhr();
  xhr.open('get', url, false);
  xhr.send(null);
  return xhr.responseText;
}

export function askAndCall(done) {
  const xhr = createXhr();
  xhr.open('get', url, true);
  xhr.onreadystatechange = () => {
    if (xhr.readyState === 4) {
      done(xhr.responseText);
    }
  };
  xhr.send(null);
}

export async function askAndAwait() {
  const response = await fetch(url);
  return response.text();
}
