import { language, sentences } from '../sentences.ts';

/** Seconds as m:ss or h:mm:ss, whole seconds rounded down: 1:23, 1:02:03. */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const ss = String(s).padStart(2, '0');
  return h > 0 ? `${h}:${String(m).padStart(2, '0')}:${ss}` : `${m}:${ss}`;
}

/** Seconds with hundredths: 1:23.45. */
export function preciseClockText(seconds: number): string {
  const hundredths = Math.round(Math.max(0, seconds) * 100);
  return `${clockText(hundredths / 100 + 1e-6)}.${String(hundredths % 100).padStart(2, '0')}`;
}

/** Reads 83, 83.4, 1:23, 1:23.45 or 1:02:03 as seconds; null for anything else. */
export function parseClock(text: string): number | null {
  const match = /^(?:(?:(\d{1,3}):)?(\d{1,4}):)?(\d{1,5}(?:[.,]\d{1,3})?)$/.exec(text.trim());
  if (!match) return null;
  const [, h, m, s] = match;
  const seconds = Number(s.replace(',', '.'));
  if ((m !== undefined && seconds >= 60) || (h !== undefined && Number(m) >= 60)) return null;
  return Number(h ?? 0) * 3600 + Number(m ?? 0) * 60 + seconds;
}

/** RMS or peak (full scale 1) in dBFS; `floor` for silence. */
export function toDecibels(amplitude: number, floor = -60): number {
  return amplitude > 0 ? Math.min(0, Math.max(floor, 20 * Math.log10(amplitude))) : floor;
}

/** dBFS as RMS, with three digits that mean something. */
export function fromDecibels(decibels: number): number {
  return Number((10 ** (decibels / 20)).toPrecision(3));
}

/** Speed as "+1.8 %"; null when it is as good as right (less than 0.2 % off). */
export function speedText(speed: number | null | undefined): string | null {
  if (speed === null || speed === undefined) return null;
  const percent = (speed - 1) * 100;
  if (Math.abs(percent) < 0.2) return null;
  return `${percent > 0 ? '+' : '−'}${Math.abs(percent).toFixed(1)} %`;
}

/** The words are in our language; 12 or 24 hours is the reader's habit. */
const hour12 = new Intl.DateTimeFormat(undefined, { hour: 'numeric' }).resolvedOptions().hour12;
const hour = hour12 ? 'numeric' : '2-digit';
const timeFormat = new Intl.DateTimeFormat(language, { hour, minute: '2-digit', hour12 });
const dayFormat = new Intl.DateTimeFormat(language, { weekday: 'long', day: 'numeric', month: 'long' });
const yearFormat = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long', year: 'numeric' });
const dayAndTime = new Intl.DateTimeFormat(language, {
  day: 'numeric',
  month: 'short',
  hour,
  minute: '2-digit',
  hour12,
});

export const timeText = (instant: string) => timeFormat.format(new Date(instant));

/** Time of a moment today, day and time of another one. */
export function sinceText(instant: string, now: number): string {
  return dayKey(instant) === dayKey(new Date(now).toISOString())
    ? timeText(instant)
    : dayAndTime.format(new Date(instant));
}

/** The local calendar day of a moment, as a key for grouping. */
export function dayKey(instant: string): string {
  const date = new Date(instant);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

/** Today, Yesterday, "Friday 20 November", or with the year when it is another one. */
export function dayText(instant: string, now: number): string {
  const today = new Date(now);
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  const key = dayKey(instant);
  if (key === dayKey(today.toISOString())) return sentences.history.today;
  if (key === dayKey(yesterday.toISOString())) return sentences.history.yesterday;
  const date = new Date(instant);
  return (date.getFullYear() === today.getFullYear() ? dayFormat : yearFormat).format(date);
}

/** Bytes in the unit that suits them: 127 MB, 1.5 GB. */
export function bytesText(bytes: number): string {
  if (bytes < 1e9) return `${Math.max(1, Math.round(bytes / 1e6)).toLocaleString(language)} MB`;
  return `${(bytes / 1e9).toLocaleString(language, { maximumFractionDigits: 1 })} GB`;
}
