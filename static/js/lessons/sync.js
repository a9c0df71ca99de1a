// The third argument of open() says whether the page goes on while the server works.
export function ask(url, isAsync, done) {
  const xhr = createXhr();
  xhr.open('get', url, isAsync);
  xhr.onreadystatechange = () => {
    if (xhr.readyState === 4) done(xhr.status);
  };
  xhr.send(null); // with false, the page stands still on this line
}
