// GET: what is asked for stands in the address.
export function get(url, show) {
  const xhr = createXhr();
  xhr.open('get', url, true);
  xhr.onreadystatechange = () => {
    if (xhr.readyState === 4 && xhr.status === 200) show(xhr.responseText);
  };
  xhr.send(null);
  return xhr;
}

// POST: it stands in the body, and a header says how the body is written.
export function post(url, body, show) {
  const xhr = createXhr();
  xhr.open('post', url, true);
  xhr.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded');
  xhr.onreadystatechange = () => {
    if (xhr.readyState === 4 && xhr.status === 200) show(xhr.responseText);
  };
  xhr.send(body);
  return xhr;
}
