/** Sample formats in which inputs deliver, interleaved. */
export type SampleFormat = 'u8' | 's16le' | 's16be' | 's24le' | 's24-32le' | 's32le' | 'float32le';

/** An input as it was opened, in its own format. */
export type SourceFormat = {
  name: string;
  description: string | null;
  sampleRate: number;
  channels: number;
  sampleFormat: SampleFormat;
};

/**
 * What an input tells: `open` begins a stream of frames (again, after `lost`, or in another format), `gap` says
 * that frames of it are missing, `lost` that it went away (it is waited for), `failed` that it cannot be opened
 * as things stand, `ended` that a file is over.
 */
export type SourceEvent =
  | { event: 'open'; format: SourceFormat }
  | { event: 'gap'; frames: number }
  | { event: 'lost'; message: string }
  | { event: 'failed'; state: 'none' | 'unknown' | 'failed'; message: string }
  | { event: 'ended' };

export type SourceHandlers = {
  /**
   * Whole frames in the format of the last `open`; `arrivalMs`: wall clock when the last of them had been
   * delivered. The bytes are valid during the call only.
   */
  onFrames(bytes: Uint8Array, arrivalMs: number): void;
  onEvent(event: SourceEvent): void;
};

/** Something to listen to. It goes on by itself until it is closed; nothing is thrown after `start`. */
export type Source = { close(): Promise<void> };
