/**
 * Requests as the page sends them.
 */

/** POSTs or PUTs a form. */
export function sendForm(
  url: string,
  fields: Record<string, string>,
  init: RequestInit = {},
): Promise<Response> {
  return fetch(url, { method: 'POST', body: new URLSearchParams(fields), ...init });
}

/** The `name=value` of the session cookie that an answer sets; empty when it sets none. */
export function cookieOf(response: Response): string {
  const [first = ''] = response.headers.getSetCookie();
  return first.split(';', 1)[0] ?? '';
}

/** The `code` of a problem. */
export async function codeOf(response: Response): Promise<string> {
  const { code } = (await response.json()) as { code: string }; // every failure has this form
  return code;
}
