export function run(show) {
  const xhr = createXhr();
  xhr.open('get', '/lab/drip?chunks=3&ms=150', true);
  xhr.onreadystatechange = () => {
    if (xhr.status !== 200) return;
    show(xhr.responseText);
  };
  xhr.send(null);
}
