/** Little-endian, interleaved: `s24` in 3 bytes, `s24-32` in the low 3 of 4 bytes, `f32` -1 to 1. */
export type SampleFormat = 's16' | 's24' | 's24-32' | 's32' | 'f32';

export type InputInfo = {
  /** Stable over restarts of the sound server. */
  name: string;
  /** For people. */
  description: string;
  sampleRate: number;
  channels: number;
  sampleFormat: SampleFormat;
  /** Records what an output plays. */
  isMonitor: boolean;
};

/** When a block was delivered: never before its last frame was recorded, mostly less than 0.1 s after. */
export type Arrival = {
  /** `performance.now()` of this process. */
  monotonicMs: number;
  /** Epoch milliseconds. */
  wallMs: number;
};

/**
 * `lost`: it went away or delivers nothing; this capture waits for the same input, never takes another.
 * `back`: frames arrive (again); perhaps in another format. `format`: the input changed its format, what
 * follows is in the new one. `overrun`: about so many frames are missing before the next block.
 * `absent`: it still does not deliver, now for this reason. `remark`: something about an input that delivers; null: it
 * holds no more. `ended`: it will never deliver again (files only).
 */
export type CaptureEvent =
  | { kind: 'lost'; message: string }
  | { kind: 'back'; input: InputInfo }
  | { kind: 'format'; input: InputInfo }
  | { kind: 'overrun'; frames: number }
  | { kind: 'absent'; error: CaptureError }
  | { kind: 'remark'; message: string | null }
  | { kind: 'ended' };

/** One input, from `open` until `close`. Register the callbacks before `open`. */
export type CaptureSource = {
  /**
   * Resolves to what is delivered, once it is. Rejects with CaptureError; the capture then goes on waiting for the input and says `back` when it is there.
   */
  open: () => Promise<InputInfo>;
  /** Whole frames in the input's own format. The bytes are the receiver's to keep. */
  onFrames: (receiver: (bytes: Uint8Array, arrival: Arrival) => void) => void;
  onEvent: (receiver: (event: CaptureEvent) => void) => void;
  close: () => Promise<void>;
};

/**
 * `input_not_found`: none has the name that was asked for; `no_input`: there is none at all; `input_unusable`: it is
 * there, but delivers nothing (files only).
 */
type CaptureErrorCode = 'input_not_found' | 'no_input' | 'input_unusable';

/** Why there is nothing to record; `message` says what to do. Not a fault of the program. */
export class CaptureError extends Error {
  readonly code: CaptureErrorCode;
  /** The inputs there are. */
  readonly names: readonly string[];

  constructor(code: CaptureErrorCode, message: string, names: readonly string[] = []) {
    super(message);
    this.name = 'CaptureError';
    this.code = code;
    this.names = names;
  }
}

export type CaptureQuestion = {
  /** Empty: the system's default input at the time of opening. */
  name: string;
  /** Null: the input's own. */
  sampleRate?: number | null;
  channels?: number | null;
  sampleFormat?: SampleFormat | null;
};

export type Inputs = {
  /** None when no sound server answers. */
  listInputs: () => Promise<InputInfo[]>;
  /** Calls back with all inputs whenever one comes, goes or changes, and once at the start. */
  watchInputs: (receiver: (inputs: InputInfo[]) => void) => () => void;
  /** Name of the input that the system would take; null: none. */
  defaultInput: () => Promise<string | null>;
  capture: (question: CaptureQuestion) => CaptureSource;
};
