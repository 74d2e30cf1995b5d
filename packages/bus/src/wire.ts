/** What every zod schema can do; named here because only contracts knows zod. */
export type Parser<T> = {
  safeParse: (value: unknown) => { success: true; data: T } | { success: false; error: Error };
};

export type Parsed<T> = { ok: true; value: T } | { ok: false; problem: string };

export function parseValue<T>(parser: Parser<T>, value: unknown): Parsed<T> {
  const result = parser.safeParse(value);
  if (result.success) return { ok: true, value: result.data };
  return { ok: false, problem: result.error.message };
}

export function parseJson<T>(parser: Parser<T>, text: string): Parsed<T> {
  try {
    return parseValue(parser, JSON.parse(text));
  } catch (error) {
    return { ok: false, problem: (error as Error).message };
  }
}
