export function register(fields, done) {
  send('/register', fields, done);
}

export function login(fields, done) {
  send('/login', fields, done);
}

export function logout(done) {
  send('/logout', {}, done);
}

// A form: name=value&name=value, each value encoded.
function send(url, fields, done) {
  const pairs = Object.entries(fields).map(([name, value]) => {
    return name + '=' + encodeURIComponent(value);
  });
  const xhr = createXhr();
  xhr.open('post', url, true);
  xhr.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded');
  xhr.timeout = 20000; // ms
  xhr.onreadystatechange = () => {
    if (xhr.readyState === 4) done(xhr);
  };
  xhr.send(pairs.join('&'));
}
