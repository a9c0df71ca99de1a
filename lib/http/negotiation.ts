/**
 * Which form of a file a client wants: compressed or not, and not at all if it has it already.
 */

/** Whether `Accept-Encoding` names gzip, and not with a weight of nought (RFC 9110 §12.5.3). */
export function acceptsGzip(header: string | string[] | undefined): boolean {
  if (header === undefined) return false;
  const items = String(header).toLowerCase().split(',');
  return items.some((item) => {
    const [coding = '', weight = 'q=1'] = item.split(';').map((part) => part.trim());
    return coding === 'gzip' && Number(weight.replace('q=', '')) > 0;
  });
}

/** Whether `If-None-Match` names an entity tag, by weak comparison (RFC 9110 §13.1.2). */
export function hasAlready(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((item) => ['*', etag, `W/${etag}`].includes(item.trim()));
}
