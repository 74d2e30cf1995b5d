import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { frameBytes } from '../pcm/format.ts';
import type { PendingFrames, Run } from './run.ts';
import { type Segment, segmentName, writeRecord } from './run-folder.ts';

/**
 * `recording`: all is well. `disk_full`: frames wait in memory, and are lost when it is used up.
 * `unwritable`: the same, because the folder cannot be written for another reason.
 */
export type BufferState = 'recording' | 'disk_full' | 'unwritable';

/** Written at once; keeps a retry after an error short. */
const WRITE_BYTES = 1024 * 1024;

export type WriterOptions = {
  segmentFrames: number;
  /** Bytes that may wait in memory for the disk. */
  queueBytes: number;
  onState(state: BufferState, cause?: unknown): void;
  /** A file is complete: the moment to delete old ones. */
  onSegment(): void;
};

const stateOf = (error: NodeJS.ErrnoException): BufferState =>
  error.code === 'ENOSPC' || error.code === 'EDQUOT' ? 'disk_full' : 'unwritable';

/** Writes the frames of one run to its files, in the background, in order. */
export class RunWriter {
  readonly run: Run;
  readonly #options: WriterOptions;
  readonly #frameBytes: number;
  #pendingBytes = 0;
  #recordIsOld = true;
  #open: { handle: FileHandle; segment: Segment } | null = null;
  #pumping: Promise<void> | null = null;
  #lostFrames = 0;

  constructor(run: Run, options: WriterOptions) {
    this.run = run;
    this.#options = options;
    this.#frameBytes = frameBytes(run.format);
    this.#pump();
  }

  /** Frames that did not fit into memory while the disk did not take any. */
  get lostFrames(): number {
    return this.#lostFrames;
  }

  /** Takes a copy of whole frames; answers how many were accepted: all, or none. */
  append(bytes: Uint8Array): number {
    if (bytes.length % this.#frameBytes !== 0) throw new RangeError('append takes whole frames.');
    const frames = bytes.length / this.#frameBytes;
    if (frames === 0) return 0;
    if (this.#pendingBytes + bytes.length > this.#options.queueBytes) {
      this.#lostFrames += frames;
      this.noteGap(frames);
      return 0;
    }
    // Not `slice`: that of a Buffer shares its memory.
    this.run.pending.push({ frame: this.run.endFrame, bytes: new Uint8Array(bytes) });
    this.run.endFrame += frames;
    this.#pendingBytes += bytes.length;
    this.#pump();
    return frames;
  }

  reAnchor(atMs: number): void {
    this.run.timeline.anchor({ frame: this.run.endFrame, atMs });
    this.#recordIsOld = true;
    this.#pump();
  }

  noteGap(frames: number): void {
    this.run.timeline.gap({ frame: this.run.endFrame, frames });
    this.#recordIsOld = true;
    this.#pump();
  }

  /** Writes what waits, as far as the disk takes it; the rest is lost. */
  async close(): Promise<void> {
    this.#pump();
    await this.#pumping;
    await this.#closeFile();
    const frames = this.#pendingBytes / this.#frameBytes;
    this.#lostFrames += frames;
    this.run.endFrame -= frames;
    this.run.pending.length = 0;
    this.#pendingBytes = 0;
  }

  /** Starts writing unless it is under way. After an error the next call is the next try. */
  #pump(): void {
    if (this.#pumping || !this.#hasWork()) return;
    this.#pumping = this.#writeAll();
  }

  #hasWork(): boolean {
    return this.#recordIsOld || this.run.pending.length > 0;
  }

  async #writeAll(): Promise<void> {
    try {
      while (this.#hasWork()) {
        if (this.#recordIsOld) await this.#writeRecord();
        else await this.#writeSome();
      }
      this.#options.onState('recording');
    } catch (error) {
      await this.#abandonFile();
      this.#options.onState(stateOf(error as NodeJS.ErrnoException), error);
    }
    this.#pumping = null;
  }

  async #writeRecord(): Promise<void> {
    const { folder, format, timeline } = this.run;
    await mkdir(folder, { recursive: true });
    this.#recordIsOld = false;
    try {
      await writeRecord(folder, { format, ...timeline.toJSON() });
    } catch (error) {
      this.#recordIsOld = true;
      throw error;
    }
  }

  /** Writes waiting frames up to the end of one file. */
  async #writeSome(): Promise<void> {
    const { handle, segment } = await this.#file();
    const written = segment.firstFrame + segment.frames;
    const room = this.#segmentEnd(segment) - written;
    const buffers = this.#takeable(Math.min(room * this.#frameBytes, WRITE_BYTES));
    const { bytesWritten } = await handle.writev(buffers, segment.frames * this.#frameBytes);
    const frames = Math.floor(bytesWritten / this.#frameBytes);
    segment.frames += frames;
    this.#drop(frames * this.#frameBytes);
    if (frames === room) {
      await this.#closeFile();
      this.#options.onSegment();
    }
  }

  #segmentEnd({ firstFrame }: Segment): number {
    const { segmentFrames } = this.#options;
    return (Math.floor(firstFrame / segmentFrames) + 1) * segmentFrames;
  }

  async #file(): Promise<{ handle: FileHandle; segment: Segment }> {
    if (this.#open) return this.#open;
    const firstFrame = this.run.pending[0].frame;
    // Somebody may have emptied the buffer's folder under way.
    if (await mkdir(this.run.folder, { recursive: true })) this.#recordIsOld = true;
    const handle = await open(join(this.run.folder, segmentName(firstFrame)), 'w');
    const segment = { firstFrame, frames: 0 };
    this.run.segments.push(segment);
    this.#open = { handle, segment };
    return this.#open;
  }

  /** After an error the next frames go to a new file; half a frame at this one's end is never read. */
  async #abandonFile(): Promise<void> {
    const { segments } = this.run;
    if (segments.at(-1)?.frames === 0) segments.pop();
    try {
      await this.#closeFile();
    } catch {
      // The error that led here is the one to tell.
    }
  }

  async #closeFile(): Promise<void> {
    const file = this.#open;
    this.#open = null;
    await file?.handle.close();
  }

  /** The front of what waits, `limit` bytes at most and at least a frame. */
  #takeable(limit: number): Uint8Array[] {
    const buffers: Uint8Array[] = [];
    let left = Math.max(this.#frameBytes, limit - (limit % this.#frameBytes));
    for (const { bytes } of this.run.pending) {
      if (left === 0) break;
      const part = bytes.subarray(0, left);
      buffers.push(part);
      left -= part.length;
    }
    return buffers;
  }

  #drop(count: number): void {
    this.#pendingBytes -= count;
    let left = count;
    while (left > 0) {
      const first = this.run.pending[0];
      if (first.bytes.length <= left) {
        left -= first.bytes.length;
        this.run.pending.shift();
      } else {
        this.run.pending[0] = this.#behind(first, left);
        left = 0;
      }
    }
  }

  #behind({ frame, bytes }: PendingFrames, count: number): PendingFrames {
    return { frame: frame + count / this.#frameBytes, bytes: bytes.subarray(count) };
  }
}
