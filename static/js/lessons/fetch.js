export function checkByXhr(name, done) {
  const xhr = createXhr();
  xhr.open('get', '/check-uname?uname=' + encodeURIComponent(name), true);
  xhr.timeout = 5000;
  xhr.onload = () => {
    if (xhr.status !== 200) return done('status ' + xhr.status);
    try {
      done(JSON.parse(xhr.responseText).exists ? 'taken' : 'free');
    } catch {
      done('not JSON'); // a proxy or a login page has answered
    }
  };
  xhr.onerror = () => done('no answer');
  xhr.ontimeout = () => done('too slow');
  xhr.onabort = () => done('given up');
  xhr.send(null);
  return () => xhr.abort();
}

export async function checkByFetch(name, giveUp) {
  const url = '/check-uname?uname=' + encodeURIComponent(name);
  const request = new AbortController();
  const timeout = setTimeout(() => request.abort(), 5000);
  giveUp.addEventListener('abort', () => request.abort());
  try {
    const response = await fetch(url, { signal: request.signal });
    if (!response.ok) return 'status ' + response.status;
    const { exists } = await response.json();
    return exists ? 'taken' : 'free';
  } catch (error) {
    if (error instanceof SyntaxError) return 'not JSON';
    if (giveUp.aborted) return 'given up';
    return request.signal.aborted ? 'too slow' : 'no answer';
  } finally {
    clearTimeout(timeout);
  }
}
