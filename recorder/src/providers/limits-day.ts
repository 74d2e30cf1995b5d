/** The local calendar day, as `2026-11-26`: a budget is a person's, and a person's day ends at their midnight. */
export function localDay(nowMs: number): string {
  const date = new Date(nowMs);
  const two = (number: number) => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The next local midnight; right also on the two days a year that have 23 or 25 hours. */
export function nextMidnightMs(nowMs: number): number {
  const date = new Date(nowMs);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime();
}
