export function run(show) {
  const xhr = createXhr();
  xhr.open('get', '/01-sever?name=Ada', true);
  xhr.onreadystatechange = () => {
    if (xhr.readyState !== 4) return;
    if (xhr.status !== 200) return;
    show(xhr.responseText);
  };
  xhr.send(null);
}
