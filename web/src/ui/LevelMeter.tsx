import { useReducedMotion } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import type { LevelFeed } from '../live/level-feed.ts';
import { useLive } from '../live/use-live.tsx';
import { sentences } from '../sentences.ts';
import { toDecibels } from './format.ts';
import classes from './LevelMeter.module.css';
import { isSettled, type MeterReading, stepMeter } from './meter-ballistics.ts';

/** Without a level for this long nothing arrives any more, and the meter falls. */
const staleMs = 1500;
/** Often enough to be true, seldom enough for a screen reader. */
const attributeEveryMs = 1000;
const tickCount = 6;

type LevelMeterProps = {
  /** Lowest dBFS on the scale. */
  floor?: number;
  /** dBFS below which it counts as silence, shown as a mark. */
  threshold?: number;
  withScale?: boolean;
};

/** The input's level, live: drawn with transforms by requestAnimationFrame, never through React. */
export function LevelMeter({ floor = -60, threshold, withScale = false }: LevelMeterProps) {
  const { levels } = useLive();
  const still = useReducedMotion();
  const meter = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (meter.current) return runMeter({ element: meter.current, levels, floor, still });
  }, [levels, floor, still]);
  const ticks = Array.from({ length: tickCount + 1 }, (_, tick) =>
    Math.round(floor * (1 - tick / tickCount)),
  );
  const at = (db: number) => `${((db - floor) / -floor) * 100}%`;
  return (
    <div className={classes.frame}>
      {/* biome-ignore lint/a11y/useSemanticElements: a <meter> cannot be drawn by transforms alone */}
      <div
        ref={meter}
        className={classes.meter}
        role="meter"
        aria-label={sentences.listening.level}
        aria-valuemin={floor}
        aria-valuemax={0}
        aria-valuenow={floor}
        aria-valuetext={sentences.listening.levelText(-60)}
      >
        <div className={classes.dark} data-part="shade" />
        <div className={classes.peakTrack} data-part="peak">
          <div className={classes.peak} />
        </div>
        {threshold !== undefined && <div className={classes.threshold} style={{ left: at(threshold) }} />}
      </div>
      {withScale && (
        <div className={classes.scale} aria-hidden>
          {ticks.map((tick) => (
            <span key={tick} style={{ left: at(tick) }}>
              {tick < 0 ? `−${-tick}` : tick}
            </span>
          ))}
        </div>
      )}
    </div>
  );
}

/** Draws until told to stop; asks for frames only while something moves. */
function runMeter({
  element,
  levels,
  floor,
  still,
}: {
  element: HTMLDivElement;
  levels: LevelFeed;
  floor: number;
  still: boolean;
}): () => void {
  const shade = element.querySelector<HTMLElement>('[data-part="shade"]');
  const peak = element.querySelector<HTMLElement>('[data-part="peak"]');
  const silence = { rms: floor, peak: floor };
  let level = silence;
  let shown: MeterReading = { bar: floor, peak: floor, peakSince: 0 };
  let frame = 0;
  let lastStep = 0;
  let lastAttribute = 0;
  let stale: ReturnType<typeof setTimeout> | undefined;

  const draw = (now: number) => {
    const fraction = (db: number) => Math.min(1, Math.max(0, (db - floor) / -floor));
    if (shade) shade.style.transform = `scaleX(${1 - fraction(shown.bar)})`;
    if (peak) peak.style.transform = `translateX(${fraction(shown.peak) * 100}%)`;
    element.dataset.hot = String(shown.peak > -1);
    if (now - lastAttribute < attributeEveryMs) return;
    lastAttribute = now;
    const rounded = Math.round(level.rms);
    element.setAttribute('aria-valuenow', String(rounded));
    element.setAttribute('aria-valuetext', sentences.listening.levelText(rounded));
  };
  const step = (now: number) => {
    const elapsedMs = still ? 60_000 : now - lastStep;
    shown = stepMeter({ shown, level, elapsedMs, now });
    lastStep = now;
    draw(now);
    frame = isSettled({ shown, level }) ? 0 : requestAnimationFrame(step);
  };
  const move = (next: typeof silence) => {
    level = next;
    if (frame !== 0) return;
    lastStep = performance.now();
    frame = requestAnimationFrame(step);
  };
  const unsubscribe = levels.subscribe(({ rms, peak: top }) => {
    clearTimeout(stale);
    stale = setTimeout(() => move(silence), staleMs);
    move({ rms: toDecibels(rms, floor), peak: toDecibels(top, floor) });
  });
  draw(attributeEveryMs);
  return () => {
    unsubscribe();
    clearTimeout(stale);
    cancelAnimationFrame(frame);
  };
}
