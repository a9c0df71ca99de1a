// session[key] = value
export function set(key, value, done) {
  send('put', key, 'value=' + encodeURIComponent(value), done);
}

// session.get(key)
export function get(key, done) {
  send('get', key, null, done);
}

// del session[key]
export function del(key, done) {
  send('delete', key, null, done);
}

function send(method, key, body, done) {
  const xhr = createXhr();
  xhr.open(method, '/session/' + encodeURIComponent(key), true);
  if (body !== null) {
    xhr.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded');
  }
  xhr.onreadystatechange = () => {
    if (xhr.readyState === 4) done(xhr.status, xhr.responseText);
  };
  xhr.send(body);
}
