import type { PcmFormat } from '../pcm/format.ts';
import type { FrameRange } from './run.ts';
import type { RunWriter } from './writer.ts';

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

export function recordingOf(writer: RunWriter): Recording {
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
