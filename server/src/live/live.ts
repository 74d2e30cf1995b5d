import type { Bus, Subscription } from '@pidentify/bus';
import type {
  Health,
  IdentifiedTrack,
  Level,
  LiveMessage,
  RecorderSnapshot,
  ServiceHealth,
  ShellState,
  Status,
} from '@pidentify/contracts';
import { healthOf } from './health.ts';
import { type Presence, watchPresence } from './presence.ts';
import { type KnownTrack, type RecorderPresence, statusOf } from './status.ts';

export type LiveParts = {
  bus: Bus;
  version: string;
  /** This process, told for as long as no supervisor tells of the services. */
  ownService: ServiceHealth;
  /** Sentences for people on what is wrong with the settings. */
  warnings: () => readonly string[];
  /** Wins over the setting `device`; null: none was given at the start. */
  givenInput: string | null;
  knownTrack: (track: IdentifiedTrack) => Promise<KnownTrack | null>;
  log: { warn: (context: object, text: string) => void };
  /** How long the recorder may be silent. */
  patienceMs?: number;
  now?: () => number;
};

/** A level that is older says nothing about now. */
const freshLevelMs = 2_000;

/**
 * Keeps what the recorder and the supervisor last said, and tells watchers what becomes of it. Works
 * with nobody on the bus, and with no bus.
 */
export class Live {
  readonly #parts: LiveParts;
  readonly #now: () => number;
  readonly #watchers = new Set<(message: LiveMessage) => void>();
  readonly #presenceWatch: Presence;
  readonly #subscriptions: Subscription[];
  readonly #endConnectionWatch: () => void;
  #presence: RecorderPresence = 'starting';
  #snapshot: RecorderSnapshot | null = null;
  #known: KnownTrack | null = null;
  #level: { value: Level; heard: number } | null = null;
  #services: readonly ServiceHealth[];
  #window: ShellState | null = null;
  #told = { status: '', health: '' };

  constructor(parts: LiveParts) {
    const { bus } = parts;
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
    this.#services = [parts.ownService];
    this.#presenceWatch = watchPresence({
      bus,
      found: (snapshot) => this.#found(snapshot),
      gone: () => this.#gone(),
      patienceMs: parts.patienceMs,
    });
    this.#subscriptions = [
      bus.subscribe('recorder.snapshot', (snapshot) => this.#heard(snapshot)),
      bus.subscribe('recorder.level', (level) => this.#heardLevel(level)),
      bus.subscribe('recorder.unknown-changed', () => this.#tell({ type: 'unknown' })),
      bus.subscribe('supervisor.services', (services) => this.#heardServices(services)),
      bus.subscribe('supervisor.window', (window) => this.#heardWindow(window)),
    ];
    this.#endConnectionWatch = bus.onConnection((state) => {
      this.#tellChanges();
      if (state === 'connected') void this.#catchUp();
    });
  }

  status(): Status {
    const level = this.#freshLevel();
    return statusOf({ presence: this.#presence, snapshot: this.#snapshot, level, known: this.#known });
  }

  /** The track on the display, whether it is a guess still, and its file where it is the user's own; null: none is. */
  playing(): { track: NonNullable<Status['track']>; isConfirmed: boolean; file: string | null } | null {
    const { track, certainty } = this.status();
    if (!track) return null;
    const file = this.#snapshot?.now_playing?.track.file_path ?? null;
    return { track, isConfirmed: certainty === 'confirmed', file };
  }

  health(): Health {
    const { bus, version, warnings, givenInput } = this.#parts;
    return healthOf({
      version,
      bus: bus.state,
      presence: this.#presence,
      snapshot: this.#snapshot,
      rms: this.#freshLevel()?.rms ?? null,
      services: this.#services,
      warnings: warnings(),
      window: this.#window,
      givenInput,
    });
  }

  /** Calls back with every change, and with every level; returns the end of it. */
  watch(watcher: (message: LiveMessage) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** To be called when the history, or a track in it, has changed. */
  historyChanged(): void {
    this.#tell({ type: 'history' });
    void this.#lookUpTrack();
  }

  /** To be called when the warnings have changed. */
  warningsChanged(): void {
    this.#tellChanges();
  }

  close(): void {
    this.#presenceWatch.close();
    this.#endConnectionWatch();
    for (const subscription of this.#subscriptions) subscription.close();
    this.#watchers.clear();
  }

  #tell(message: LiveMessage): void {
    for (const watcher of this.#watchers) watcher(message);
  }

  /** Levels change all the time and are told on their own, so they do not count as a change. */
  #tellChanges(): void {
    const before = this.#told;
    const [status, health] = [this.status(), this.health()];
    this.#told = {
      status: JSON.stringify({ ...status, rms: null }),
      health: JSON.stringify({ ...health, input: { ...health.input, level: null } }),
    };
    if (this.#told.status !== before.status) this.#tell({ type: 'status', status });
    if (this.#told.health !== before.health) this.#tell({ type: 'health', health });
  }

  #heard(snapshot: RecorderSnapshot): void {
    this.#presenceWatch.sign();
    this.#found(snapshot);
  }

  #heardLevel(value: Level): void {
    this.#presenceWatch.sign();
    this.#level = { value, heard: this.#now() };
    this.#tell({ type: 'level', level: value });
    if (this.#presence !== 'present') void this.#presenceWatch.look();
  }

  #heardServices(services: readonly ServiceHealth[]): void {
    this.#services = services;
    this.#presenceWatch.services(services);
    this.#tellChanges();
  }

  #heardWindow(window: ShellState | null): void {
    this.#window = window;
    this.#tellChanges();
  }

  #found(snapshot: RecorderSnapshot): void {
    if (!isSameTrack(this.#snapshot, snapshot)) this.#known = null;
    // What a recorder that was away did meanwhile was not heard.
    if (this.#presence !== 'present') this.#tell({ type: 'unknown' });
    this.#presence = 'present';
    this.#snapshot = snapshot;
    void this.#lookUpTrack();
  }

  #gone(): void {
    this.#presence = 'gone';
    this.#snapshot = null;
    this.#level = null;
    this.#tellChanges();
  }

  async #catchUp(): Promise<void> {
    await this.#presenceWatch.look();
    try {
      const services = await this.#parts.bus.getValue('supervisor.services');
      if (services) this.#heardServices(services);
      this.#heardWindow(await this.#parts.bus.getValue('supervisor.window'));
    } catch {
      // The bus went away again; its return brings us back here.
    }
  }

  /** Tells the display only once the database has said what it knows, so that no half of it is seen. */
  async #lookUpTrack(): Promise<void> {
    const asked = this.#snapshot;
    const track = asked?.now_playing?.track;
    try {
      const known = track ? await this.#parts.knownTrack(track) : null;
      if (this.#snapshot !== asked) return;
      this.#known = known;
    } catch (error) {
      this.#parts.log.warn({ err: error }, 'the track on the display could not be looked up');
    }
    this.#tellChanges();
  }

  #freshLevel(): Level | null {
    if (!this.#level) return null;
    const { value, heard } = this.#level;
    // Silence is told once and then holds.
    return value.rms === 0 || this.#now() - heard < freshLevelMs ? value : null;
  }
}

function isSameTrack(before: RecorderSnapshot | null, after: RecorderSnapshot): boolean {
  const a = before?.now_playing?.track;
  const b = after.now_playing?.track;
  return a !== undefined && b !== undefined && a.source === b.source && a.track_id === b.track_id;
}
