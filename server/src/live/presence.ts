import type { Bus } from '@pidentify/bus';
import type { RecorderSnapshot, ServiceHealth } from '@pidentify/contracts';

export type Presence = {
  /** Something of the recorder was heard. */
  sign: () => void;
  /** The supervisor's view of the services. */
  services: (services: readonly ServiceHealth[]) => void;
  /** Reads the recorder's state from the bus, as after a reconnection. */
  look: () => Promise<void>;
  close: () => void;
};

/**
 * Finds out that the recorder is gone: no sign of it for `patienceMs`, and then its value on the bus
 * has expired, cannot be read, or the supervisor says that it is not running.
 */
export function watchPresence({
  bus,
  found,
  gone,
  patienceMs = 10_000,
}: {
  bus: Pick<Bus, 'getValue'>;
  found: (snapshot: RecorderSnapshot) => void;
  gone: () => void;
  patienceMs?: number;
}): Presence {
  let stopped = false;
  let running = true;
  const silence = setTimeout(doubt, patienceMs).unref();

  async function read(): Promise<RecorderSnapshot | null> {
    try {
      return await bus.getValue('recorder.snapshot');
    } catch {
      // The bus is away: then nothing is known of the recorder either.
      return null;
    }
  }

  async function doubt(): Promise<void> {
    const snapshot = running ? await read() : null;
    if (stopped) return;
    if (!snapshot) return gone();
    silence.refresh();
    found(snapshot);
  }

  return {
    sign: () => void silence.refresh(),
    services(services) {
      const recorder = services.find(({ name }) => name === 'recorder');
      running = !recorder || recorder.state === 'running' || recorder.state === 'external';
    },
    async look() {
      const snapshot = await read();
      if (!snapshot || stopped) return;
      silence.refresh();
      found(snapshot);
    },
    close() {
      stopped = true;
      clearTimeout(silence);
    },
  };
}
