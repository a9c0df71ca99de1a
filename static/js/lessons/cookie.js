// In a cookie: the browser keeps the value itself, and sends it along.
export function keepInCookie(level) {
  document.cookie = 'level=' + level + '; Path=/; SameSite=Lax; Max-Age=2592000';
}

// In the session: the server keeps the value, and the browser a number.
export function keepInSession(level, done) {
  const xhr = createXhr();
  xhr.open('put', '/session/level', true);
  xhr.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded');
  xhr.onreadystatechange = () => {
    if (xhr.readyState === 4) done(xhr.status, xhr.responseText);
  };
  xhr.send('value=' + encodeURIComponent(level));
}

// What does the server believe?
export function askServer(done) {
  const xhr = createXhr();
  xhr.open('get', '/lab/level', true);
  xhr.onreadystatechange = () => {
    if (xhr.readyState === 4) done(xhr.status, xhr.responseText);
  };
  xhr.send(null);
}
