import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { PcmFormat } from '../pcm/format.ts';
import { deleteSegment, expiredSegments, ignoreMissing } from './expiry.ts';
import { type Recording, recordingOf } from './recording.ts';
import { Run } from './run.ts';
import { listRuns, readRun, removeRun, runFolderName } from './run-folder.ts';
import { type BufferTake, bestTake, type Wish } from './take.ts';
import { Timeline } from './timeline.ts';
import { type BufferState, RunWriter } from './writer.ts';

export type RollingBufferOptions = {
  /** Folder of its own; created when missing. */
  directory: string;
  /** Sound to keep, counted back from the newest frame. */
  seconds: number;
  segmentSeconds?: number;
  /** Memory for frames that the disk does not take yet. */
  queueBytes?: number;
  /** Told whenever the state changes. */
  onState?(state: BufferState, cause?: unknown): void;
};

/** The last minutes or hours of sound, in files, found again after the process was killed. */
export type RollingBuffer = {
  readonly state: BufferState;
  /** What earlier processes left: runs found again, and runs that could not be told. */
  readonly recovered: { runs: number; unreadable: number };
  /** Ends the run before it. */
  startRun(run: { format: PcmFormat; startedAt: number }): Recording;
  /** The part of a wish (epoch ms) that lies in the run that holds most of it; null when none does. */
  take(wish: Wish): BufferTake | null;
  /** Time from the oldest to the newest frame that is kept; null while there is none. */
  span(): Wish | null;
  setLength(seconds: number): void;
  /** Writes what waits, as far as the disk takes it. */
  close(): Promise<void>;
};

const DEFAULT_QUEUE_BYTES = 16 * 1024 * 1024;

/** Throws Node's own errors when the folder cannot be made or read. */
export async function openRollingBuffer(options: RollingBufferOptions): Promise<RollingBuffer> {
  await mkdir(options.directory, { recursive: true });
  const runs: Run[] = [];
  let unreadable = 0;
  for (const sequence of await listRuns(options.directory)) {
    const folder = join(options.directory, runFolderName(sequence));
    const found = await readRun(folder);
    if (found?.segments.some((segment) => segment.frames > 0)) {
      const { format, anchors, gaps } = found.record;
      const timeline = new Timeline({ sampleRate: format.sampleRate, anchors, gaps });
      runs.push(new Run({ sequence, folder, format, timeline, segments: found.segments }));
    } else {
      if (!found) unreadable += 1;
      await removeRun(folder);
    }
  }
  return new FileBuffer({ options, runs, unreadable });
}

class FileBuffer implements RollingBuffer {
  readonly recovered: { runs: number; unreadable: number };
  state: BufferState = 'recording';
  readonly #options: RollingBufferOptions;
  /** Oldest first; the last one may be written to. */
  readonly #runs: Run[];
  #seconds: number;
  #nextSequence: number;
  #writer: RunWriter | null = null;
  /** Work on files that goes on in the background, one after the other. */
  #work: Promise<void> = Promise.resolve();

  constructor({
    options,
    runs,
    unreadable,
  }: {
    options: RollingBufferOptions;
    runs: Run[];
    unreadable: number;
  }) {
    this.#options = options;
    this.#runs = runs;
    this.#seconds = options.seconds;
    this.#nextSequence = (runs.at(-1)?.sequence ?? 0) + 1;
    this.recovered = { runs: runs.length, unreadable };
    this.#expireLater();
  }

  startRun({ format, startedAt }: { format: PcmFormat; startedAt: number }): Recording {
    this.#endRun();
    const sequence = this.#nextSequence;
    this.#nextSequence += 1;
    const run = new Run({
      sequence,
      folder: join(this.#options.directory, runFolderName(sequence)),
      format,
      timeline: new Timeline({
        sampleRate: format.sampleRate,
        anchors: [{ frame: 0, atMs: startedAt }],
        gaps: [],
      }),
      segments: [],
    });
    this.#runs.push(run);
    this.#writer = new RunWriter(run, {
      segmentFrames: Math.max(1, Math.round((this.#options.segmentSeconds ?? 10) * format.sampleRate)),
      queueBytes: this.#options.queueBytes ?? DEFAULT_QUEUE_BYTES,
      onState: (state, cause) => this.#setState(state, cause),
      onSegment: () => this.#expireLater(),
    });
    return recordingOf(this.#writer);
  }

  take(wish: Wish): BufferTake | null {
    return bestTake(this.#runs, wish);
  }

  span(): Wish | null {
    const runs = this.#runs.filter((run) => run.endFrame > run.firstFrame);
    const oldest = runs.at(0);
    const newest = runs.at(-1);
    if (!oldest || !newest) return null;
    return { fromMs: oldest.timeline.msOf(oldest.firstFrame), toMs: newest.timeline.msOf(newest.endFrame) };
  }

  setLength(seconds: number): void {
    this.#seconds = seconds;
    this.#expireLater();
  }

  async close(): Promise<void> {
    this.#endRun();
    // The last frames may fill a file, which asks for older ones to be deleted.
    for (let done: Promise<void> | null = null; done !== this.#work; ) {
      done = this.#work;
      await done;
    }
  }

  #endRun(): void {
    const writer = this.#writer;
    this.#writer = null;
    if (writer) this.#later(() => writer.close());
  }

  #setState(state: BufferState, cause?: unknown): void {
    if (state === this.state) return;
    this.state = state;
    this.#options.onState?.(state, cause);
  }

  #later(work: () => Promise<void>): void {
    this.#work = this.#work.then(work).catch((error: unknown) => this.#setState('unwritable', error));
  }

  #expireLater(): void {
    this.#later(async () => {
      const newestMs = this.span()?.toMs ?? 0;
      for (const { run, segment } of expiredSegments(this.#runs, { seconds: this.#seconds, newestMs })) {
        if (run !== this.#writer?.run || segment !== run.segments.at(-1)) await deleteSegment(run, segment);
      }
      for (const run of this.#runs.filter((each) => this.#isOver(each))) {
        await removeRun(run.folder).catch(ignoreMissing);
        this.#runs.splice(this.#runs.indexOf(run), 1);
      }
    });
  }

  #isOver(run: Run): boolean {
    return run !== this.#writer?.run && run.segments.length === 0 && run.pending.length === 0;
  }
}
