/** What the meter shows, in dBFS: the bar, and the line that stays at the last peak for a moment. */
export type MeterReading = { bar: number; peak: number; peakSince: number };

const fallPerSecond = 26;
const peakHoldMs = 1200;

/**
 * One step of the meter: up at once, down at 26 dB a second, the peak line after holding 1.2 s. Made
 * like a hardware peak programme meter (IEC 60268-10 falls 20 dB in 1.5 s), twice as quick.
 */
export function stepMeter({
  shown,
  level,
  elapsedMs,
  now,
}: {
  shown: MeterReading;
  /** The newest level, in dBFS. */
  level: { rms: number; peak: number };
  elapsedMs: number;
  now: number;
}): MeterReading {
  const fall = (fallPerSecond * elapsedMs) / 1000;
  const bar = Math.max(level.rms, shown.bar - fall);
  if (level.peak >= shown.peak) return { bar, peak: level.peak, peakSince: now };
  if (now - shown.peakSince < peakHoldMs) return { ...shown, bar };
  return { bar, peak: Math.max(level.peak, shown.peak - fall), peakSince: shown.peakSince };
}

/** True when another step would change nothing, so that the animation may rest. */
export function isSettled({ shown, level }: { shown: MeterReading; level: { rms: number; peak: number } }) {
  return shown.bar <= level.rms && shown.peak <= level.peak;
}
