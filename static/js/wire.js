// @ts-check
/*
 * What went over the wire, a line each: the request, and the answer when it has come. A lesson
 * tells this list of its requests; it sends none itself.
 */

const MOST = 12;

/**
 * Follows a request that has been opened but not sent, and lists it.
 * @param {Element} list an `ol`
 * @param {XMLHttpRequest} xhr
 * @param {string} line such as `GET /check-uname?uname=ada`
 */
export function follow(list, xhr, line) {
  const item = document.createElement('li');
  const request = document.createElement('code');
  request.textContent = line;
  const answer = document.createElement('span');
  answer.textContent = '…';
  item.append(request, ' ', answer);
  list.prepend(item);
  while (list.children.length > MOST) list.lastElementChild?.remove();
  const begin = performance.now();
  xhr.addEventListener('loadend', () => {
    const ms = Math.round(performance.now() - begin);
    item.dataset.status = String(xhr.status);
    if (xhr.status === 0) {
      language.say(answer, { en: `no answer (${ms} ms)`, zh: `没有回答（${ms} 毫秒）` });
    } else {
      answer.textContent = `${xhr.status} (${ms} ms) ${xhr.responseText}`;
    }
  });
}
