import { mkdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { PcmFormat } from '../pcm/format.ts';
import { type FrameRange, Run } from './run.ts';
import { listRuns, readRun, removeRun, runFolderName, type Segment, segmentName } from './run-folder.ts';
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

/** The run that is being recorded; its frames are counted from 0. */
export type Recording = {
  readonly format: PcmFormat;
  /** First frame that is still kept, and first one that is yet to come. */
  readonly firstFrame: number;
  readonly endFrame: number;
  /** Frames that were lost because the disk did not keep up. */
  readonly lostFrames: number;
  /** Takes a copy of whole frames without waiting; answers how many were accepted: all, or none. */
  append(bytes: Uint8Array): number;
  /** From the next frame on the wall clock says `atMs`. */
  reAnchor(atMs: number): void;
  /** The device lost `frames` frames in front of the next one. */
  noteGap(frames: number): void;
  /** Wall-clock time (epoch ms) at which a frame begins. */
  msOf(frame: number): number;
  /** The frames of a stretch as stored PCM, in bounded pieces. Throws `NotInBufferError`. */
  read(range: FrameRange): AsyncGenerator<Uint8Array, void>;
};

/** A stretch of one run; its files are kept until it has been read or released. */
export type BufferTake = FrameRange & {
  format: PcmFormat;
  /** Wall-clock time (epoch ms) of the first and behind the last frame. */
  startedAtMs: number;
  endsAtMs: number;
  /** False when frames are known to be missing inside. */
  clean: boolean;
  /** False when the wished stretch was not wholly there. */
  complete: boolean;
  frames(): AsyncGenerator<Uint8Array, void>;
  release(): void;
};

/** The last minutes or hours of sound, in files, found again after the process was killed. */
export type RollingBuffer = {
  readonly state: BufferState;
  /** What earlier processes left: runs found again, and runs that could not be told. */
  readonly recovered: { runs: number; unreadable: number };
  /** Ends the run before it. */
  startRun(run: { format: PcmFormat; startedAt: number }): Recording;
  /** The part of a wish (epoch ms) that lies in the run that holds most of it; null when none does. */
  take(wish: { fromMs: number; toMs: number }): BufferTake | null;
  /** Time from the oldest to the newest frame that is kept; null while there is none. */
  span(): { fromMs: number; toMs: number } | null;
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

  take({ fromMs, toMs }: { fromMs: number; toMs: number }): BufferTake | null {
    let best: { run: Run; range: FrameRange; seconds: number } | null = null;
    for (const run of this.#runs) {
      const range = {
        fromFrame: Math.max(run.firstFrame, run.timeline.frameAt(fromMs)),
        toFrame: Math.min(run.endFrame, run.timeline.frameAt(toMs)),
      };
      const seconds = (range.toFrame - range.fromFrame) / run.format.sampleRate;
      if (seconds > (best?.seconds ?? 0)) best = { run, range, seconds };
    }
    return best && toTake({ run: best.run, range: best.range, fromMs, toMs });
  }

  span(): { fromMs: number; toMs: number } | null {
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
      for (const { run, segment } of this.#expired()) {
        await unlink(join(run.folder, segmentName(segment.firstFrame))).catch(ignoreMissing);
        run.segments.splice(run.segments.indexOf(segment), 1);
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

  /**
   * Files whose last frame lies more than the length behind the newest frame, by the clock or by the
   * sound recorded since: the second holds when the clock was set back.
   */
  #expired(): { run: Run; segment: Segment }[] {
    const newest = this.span()?.toMs ?? 0;
    const expired: { run: Run; segment: Segment }[] = [];
    let kept = 0;
    for (const run of this.#runs.toReversed()) {
      for (const segment of run.segments.toReversed()) {
        const end = segment.firstFrame + segment.frames;
        const age = newest - run.timeline.msOf(end);
        const old = age > this.#seconds * 1000 || kept > this.#seconds;
        const writing = run === this.#writer?.run && segment === run.segments.at(-1);
        if (old && !writing && !run.isPinned(segment)) expired.push({ run, segment });
        kept += segment.frames / run.format.sampleRate;
      }
    }
    return expired;
  }
}

const ignoreMissing = (error: NodeJS.ErrnoException): void => {
  // Somebody emptied the folder: what was to be deleted is gone.
  if (error.code !== 'ENOENT') throw error;
};

function recordingOf(writer: RunWriter): Recording {
  const { run } = writer;
  return {
    format: run.format,
    get firstFrame() {
      return run.firstFrame;
    },
    get endFrame() {
      return run.endFrame;
    },
    get lostFrames() {
      return writer.lostFrames;
    },
    append: (bytes) => writer.append(bytes),
    reAnchor: (atMs) => writer.reAnchor(atMs),
    noteGap: (frames) => writer.noteGap(frames),
    msOf: (frame) => run.timeline.msOf(frame),
    read: (range) => run.read(range),
  };
}

function toTake({
  run,
  range,
  fromMs,
  toMs,
}: {
  run: Run;
  range: FrameRange;
  fromMs: number;
  toMs: number;
}): BufferTake {
  const release = run.pin(range);
  return {
    ...range,
    format: run.format,
    startedAtMs: run.timeline.msOf(range.fromFrame),
    endsAtMs: run.timeline.msOf(range.toFrame),
    clean: run.isClean(range),
    complete:
      range.fromFrame === run.timeline.frameAt(fromMs) && range.toFrame === run.timeline.frameAt(toMs),
    async *frames() {
      try {
        yield* run.read(range);
      } finally {
        release();
      }
    },
    release,
  };
}
