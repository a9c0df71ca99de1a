export function run(show) {
  const xhr = createXhr();
  xhr.open('get', '/lab/slow?ms=3000', true);
  xhr.timeout = 500;
  xhr.onreadystatechange = () => {
    if (xhr.readyState !== 4) return;
    if (xhr.status !== 200) return;
    show(xhr.responseText);
  };
  xhr.send(null);
}
