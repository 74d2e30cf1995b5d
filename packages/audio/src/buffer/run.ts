import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { frameBytes, type PcmFormat } from '../pcm/format.ts';
import { type Segment, segmentName } from './run-folder.ts';
import type { Timeline } from './timeline.ts';

/** Frames by their number in a run, the second one not included. */
export type FrameRange = { fromFrame: number; toFrame: number };
/** Frames that are accepted but not yet in a file. */
export type PendingFrames = { frame: number; bytes: Uint8Array };

const READ_BYTES = 128 * 1024;

/** Frames that were asked for are not in the buffer any more. */
export class NotInBufferError extends Error {
  readonly code = 'not_in_buffer';

  constructor(options?: { cause?: unknown }) {
    super('The recording of this time is no longer in the buffer.', options);
    this.name = 'NotInBufferError';
  }
}

/** A stretch of frames of one format, on the disk but for the newest ones. */
export class Run {
  readonly sequence: number;
  readonly folder: string;
  readonly format: PcmFormat;
  readonly timeline: Timeline;
  /** Rising by `firstFrame`. */
  readonly segments: Segment[];
  /** What waits to be written, in order; the writer's to change. */
  readonly pending: PendingFrames[] = [];
  /** First frame that is not there yet; the writer's to change. */
  endFrame: number;
  readonly #pins = new Set<FrameRange>();

  constructor({
    sequence,
    folder,
    format,
    timeline,
    segments,
  }: Pick<Run, 'sequence' | 'folder' | 'format' | 'timeline' | 'segments'>) {
    this.sequence = sequence;
    this.folder = folder;
    this.format = format;
    this.timeline = timeline;
    this.segments = segments;
    const last = segments.at(-1);
    this.endFrame = last ? last.firstFrame + last.frames : 0;
  }

  get firstFrame(): number {
    return this.segments[0]?.firstFrame ?? this.pending[0]?.frame ?? this.endFrame;
  }

  /** False when frames are missing inside: lost ones that were noted, or files that are gone. */
  isClean({ fromFrame, toFrame }: FrameRange): boolean {
    if (this.timeline.hasGap({ from: fromFrame, to: toFrame })) return false;
    return this.segments.every((segment, index) => {
      const end = segment.firstFrame + segment.frames;
      const next = this.segments[index + 1]?.firstFrame ?? end;
      return next === end || end >= toFrame || next <= fromFrame;
    });
  }

  /** Keeps the files of a stretch until the answer is called. */
  pin(range: FrameRange): () => void {
    this.#pins.add(range);
    return () => {
      this.#pins.delete(range);
    };
  }

  isPinned({ firstFrame, frames }: Segment): boolean {
    return [...this.#pins].some((pin) => pin.fromFrame < firstFrame + frames && pin.toFrame > firstFrame);
  }

  /**
   * The frames of a stretch in order, whole frames in bounded pieces; frames that are missing inside
   * are stepped over. Throws `NotInBufferError` when a file was taken away.
   */
  async *read({ fromFrame, toFrame }: FrameRange): AsyncGenerator<Uint8Array, void> {
    const unpin = this.pin({ fromFrame, toFrame });
    try {
      for (let frame = fromFrame; frame < toFrame; ) {
        const segment = this.segments.find((each) => each.firstFrame + each.frames > frame);
        if (segment) {
          const from = Math.max(frame, segment.firstFrame);
          const to = Math.min(toFrame, segment.firstFrame + segment.frames);
          if (from < to) yield* this.#readFile(segment, { fromFrame: from, toFrame: to });
          frame = Math.max(to, from);
        } else {
          const bytes = this.#readPending({ fromFrame: frame, toFrame });
          if (!bytes) return;
          yield bytes;
          frame += bytes.length / frameBytes(this.format);
        }
      }
    } finally {
      unpin();
    }
  }

  #readPending({ fromFrame, toFrame }: FrameRange): Uint8Array | null {
    const width = frameBytes(this.format);
    const found = this.pending.find((each) => each.frame + each.bytes.length / width > fromFrame);
    if (!found || found.frame > fromFrame) return null;
    return found.bytes.slice((fromFrame - found.frame) * width, (toFrame - found.frame) * width);
  }

  async *#readFile(segment: Segment, { fromFrame, toFrame }: FrameRange): AsyncGenerator<Uint8Array, void> {
    const width = frameBytes(this.format);
    const piece = Math.max(1, Math.floor(READ_BYTES / width)) * width;
    const end = (toFrame - segment.firstFrame) * width;
    const file = await open(join(this.folder, segmentName(segment.firstFrame)), 'r').catch(
      (cause: unknown) => {
        throw new NotInBufferError({ cause });
      },
    );
    try {
      for (let at = (fromFrame - segment.firstFrame) * width; at < end; ) {
        const bytes = new Uint8Array(Math.min(piece, end - at));
        const { bytesRead } = await file.read(bytes, 0, bytes.length, at);
        if (bytesRead < bytes.length) throw new NotInBufferError();
        at += bytesRead;
        yield bytes;
      }
    } finally {
      await file.close();
    }
  }
}
