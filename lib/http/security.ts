/**
 * The headers that every answer carries, whoever writes it: OWASP Secure Headers.
 */

// The policy allows this site's own files and nothing inline (ASVS 5, 3.4).
const ALWAYS: readonly string[] = [
  'Content-Security-Policy',
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  ...['X-Content-Type-Options', 'nosniff', 'Referrer-Policy', 'no-referrer'],
  ...['Cross-Origin-Opener-Policy', 'same-origin', 'Cross-Origin-Resource-Policy', 'same-origin'],
];
// A year (RFC 6797 §6.1); only over https, where alone it means something.
const HTTPS = [...ALWAYS, 'Strict-Transport-Security', 'max-age=31536000'];

/** The headers, flat: name, value, name, value. */
export function securityHeaders(secure: boolean): readonly string[] {
  return secure ? HTTPS : ALWAYS;
}
