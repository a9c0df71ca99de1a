// The value encoded: what means something in a form is written as %26, %3D, %2B …
export function sendEncoded(text, done) {
  return send('text=' + encodeURIComponent(text), done);
}

// The value as it is: & ends it, + becomes a blank, % begins a code.
export function sendAsItIs(text, done) {
  return send('text=' + text, done);
}

function send(body, done) {
  const xhr = createXhr();
  xhr.open('post', '/02-server', true);
  xhr.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded');
  xhr.onreadystatechange = () => {
    if (xhr.readyState === 4) done(xhr.status, xhr.responseText);
  };
  xhr.send(body);
  return xhr;
}
