import type { Bus } from '@pidentify/bus';
import { type Level, listenPhaseText, type RecorderSnapshot } from '@pidentify/contracts';

/** A value of a recorder that no longer renews it is gone after this long. */
const lifeSeconds = 30;
const renewMs = 10_000;
/** Several changes in one go are told as one. */
const gatherMs = 20;

const beginning: RecorderSnapshot = {
  phase: 'starting',
  message: listenPhaseText.starting,
  now_playing: null,
  scan_ends: null,
  next_scan: null,
  input: { state: 'opening', name: null, sampleRate: null, channels: null, level: null },
  index: { state: 'starting', tracks: 0, hours: 0, progress: 0 },
  providers: [],
};

type AnnounceOptions = { bus: Bus; levelEverySeconds: number };

/**
 * Tells everybody what the recorder knows: the whole snapshot at each change and anew when the bus is back,
 * levels in between.
 */
export function createAnnouncer({ bus, levelEverySeconds }: AnnounceOptions) {
  let snapshot = beginning;
  let gathering: NodeJS.Timeout | undefined;
  let lastLevelMs = 0;
  let lastRms = -1;

  function tell(): void {
    gathering = undefined;
    void bus.publish('recorder.snapshot', snapshot);
    renew();
  }
  function renew(): void {
    void bus.setValue('recorder.snapshot', snapshot, lifeSeconds);
  }
  const heartbeat = setInterval(renew, renewMs);
  const unwatch = bus.onConnection((state) => {
    if (state === 'connected') tell();
  });

  return {
    snapshot: () => snapshot,
    /** Replaces parts of the snapshot. */
    update(parts: Partial<RecorderSnapshot>): void {
      snapshot = { ...snapshot, ...parts };
      gathering ??= setTimeout(tell, gatherMs);
    },
    /** Levels are told a few times a second while there is sound, and once when it has ended. */
    level({ rms, peak, endMs }: { rms: number; peak: number; endMs: number }): void {
      if (endMs - lastLevelMs < levelEverySeconds * 1000 - 1) return;
      if (rms === 0 && lastRms === 0) return;
      lastLevelMs = endMs;
      lastRms = rms;
      snapshot = { ...snapshot, input: { ...snapshot.input, level: rms } };
      const level: Level = { at: new Date(endMs).toISOString(), rms, peak };
      void bus.publish('recorder.level', level);
    },
    close(): void {
      clearTimeout(gathering);
      clearInterval(heartbeat);
      unwatch();
    },
  };
}
export type Announcer = ReturnType<typeof createAnnouncer>;
