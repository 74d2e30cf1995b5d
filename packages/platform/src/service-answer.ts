/**
 * Milliseconds that a Retry-After header asks to wait: seconds or an HTTP date (RFC 9110, 10.2.3). A date is taken against
 * the answer's own Date, where it has one, because this computer's clock may be wrong. Undefined: says nothing usable.
 */
export function retryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const value = headers.get('retry-after')?.trim();
  if (!value) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const atMs = httpDate(value);
  if (!/[a-z]{3}/i.test(value) || Number.isNaN(atMs)) return undefined;
  const theirNowMs = httpDate(headers.get('date') ?? '');
  return Math.max(0, atMs - (Number.isNaN(theirNowMs) ? nowMs : theirNowMs));
}

/** The oldest of the three forms of a date (RFC 9110, 5.6.7) ends with the year: no zone, and Greenwich time all the same. */
const httpDate = (value: string) => Date.parse(/ \d{4}$/.test(value) ? `${value} GMT` : value);

/** The body of an answer as text; null where it is longer than `mostBytes`, and then the rest is not fetched. */
export async function readAnswer({ body }: Response, mostBytes: number): Promise<string | null> {
  if (!body) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop early cancels the rest.
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > mostBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
