/** The one error that means «answer with this status». Only `app.ts` catches it. */
export class HttpError extends Error {
  readonly status: number;
  /** A word for programs, such as `uname_taken`; the detail is the sentence for people. */
  readonly code: string;
  /** Further header lines of the answer, flat: name, value, name, value. */
  readonly headers: readonly string[];

  /**
   * @param status the HTTP status, 400–599
   * @param detail one sentence that may be shown to anybody
   */
  constructor(status: number, code: string, detail: string, headers: readonly string[] = []) {
    super(detail);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/**
 * 401, with the challenge that it must carry (RFC 9110 §15.5.2). For a form and a cookie no scheme
 * is registered; one that browsers do not know opens no window of theirs.
 */
export function unauthorized(code: string, detail: string): HttpError {
  return new HttpError(401, code, detail, ['WWW-Authenticate', 'Session']);
}
