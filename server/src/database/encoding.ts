import type { Flag, StoredId, StoredTime } from './tables.ts';

const storedTime = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?$/;

/** A UUID in any of its forms as it is stored. */
export function storedId(id: string): StoredId {
  return id.replaceAll('-', '').toLowerCase();
}

/** A stored id as the API tells it: a UUID with dashes. */
export function apiId(id: StoredId): string {
  return id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** An ISO 8601 moment as it is stored; finer than a millisecond is cut off. */
export function timeToStore(instant: string): StoredTime {
  return new Date(instant).toISOString().replace('T', ' ').replace('Z', '000');
}

/** A stored time as ISO 8601 in UTC, or null where an old database holds something else. */
export function apiTime(time: unknown): string | null {
  const parts = typeof time === 'string' ? storedTime.exec(time.trim()) : null;
  if (!parts) return null;
  const [, day, clock, fraction = '0'] = parts;
  const instant = `${day}T${clock}.${fraction.slice(0, 3).padEnd(3, '0')}Z`;
  return Number.isNaN(Date.parse(instant)) ? null : instant;
}

export function flag(value: boolean): Flag {
  return value ? 1 : 0;
}
