import { createPcmConverter, type PcmConverter, type PcmFormat, type SampleFormat } from '@pidentify/audio';
import type { InputHealth } from '@pidentify/contracts';
import { CaptureError, type CaptureSource, type InputInfo } from '@pidentify/platform';
import { createStreamClock, type StreamClock } from './stream-clock.ts';

/** Keeps every frame, in files. */
export type Tape = {
  /** A stream of frames begins. */
  begin(format: PcmFormat): void;
  /**
   * Whole frames, valid during the call; `originMs`: the best estimate so far of the wall clock at the
   * stream's first frame, missing frames counted.
   */
  append(bytes: Uint8Array, originMs: number): void;
  /** Frames are missing between what was appended and what comes. */
  gap(frames: number): void;
  end(): void;
};

/** Listens along, as mono, full scale 1. */
export type Listening = {
  begin(format: { sampleRate: number }): void;
  hear(mono: Float32Array, originMs: number): void;
};

const formats: Readonly<Record<InputInfo['sampleFormat'], SampleFormat>> = {
  s16: 's16le',
  s24: 's24le',
  's24-32': 's24-32le',
  s32: 's32le',
  f32: 'float32le',
};

const stateOf = {
  no_input: 'none',
  input_not_found: 'unknown',
  input_unusable: 'failed',
} as const satisfies Record<CaptureError['code'], InputHealth['state']>;

const nothing: InputHealth = { state: 'opening', name: null, sampleRate: null, channels: null, level: null };

type CaptureOptions = {
  tape: Tape;
  ear: Listening;
  /** Seconds that the device delivers late. */
  offsetSeconds(): number;
  onHealth(health: InputHealth): void;
  /** No frames come any more, for whatever reason. */
  onStopped(): void;
};

/** `frames` counts missing ones as well; `heardFrom` is the frame at which the ear last began. */
type Stream = {
  input: InputInfo;
  converter: PcmConverter;
  clock: StreamClock;
  frames: number;
  heardFrom: number;
  stored: Uint8Array;
  mono: Float32Array;
};

/**
 * Takes frames from one input at a time and hands each to the tape and to the ear. What happens to the input
 * is told as a state with a sentence; another input is never taken in its place.
 */
export function createCapture({ tape, ear, offsetSeconds, onHealth, onStopped }: CaptureOptions) {
  let source: CaptureSource | null = null;
  let stream: Stream | null = null;
  let health = nothing;
  let lostFrames = 0;

  function tell(parts: Partial<InputHealth>): void {
    health = { ...health, ...parts };
    onHealth(health);
  }

  function begin(input: InputInfo): void {
    endStream();
    const { sampleRate, channels, sampleFormat } = input;
    const converter = createPcmConverter({ from: formats[sampleFormat], sampleRate, channels });
    stream = {
      input,
      converter,
      clock: createStreamClock(sampleRate),
      frames: 0,
      heardFrom: 0,
      stored: new Uint8Array(sampleRate * channels * converter.stored.bytesPerSample),
      mono: new Float32Array(sampleRate),
    };
    tape.begin(converter.stored);
    ear.begin({ sampleRate });
    const { name, description } = input;
    const { bitsPerSample } = converter.stored;
    tell({
      state: 'listening',
      name,
      description,
      sampleRate,
      channels,
      bitsPerSample,
      message: null,
      lostFrames,
    });
  }

  function endStream(): void {
    if (!stream) return;
    stream = null;
    tape.end();
    onStopped();
  }

  function take(bytes: Uint8Array, wallMs: number): void {
    if (!stream) return;
    const { converter, clock, input } = stream;
    const frames = Math.floor(bytes.length / converter.inputFrameBytes);
    const storedBytes = frames * converter.stored.channels * converter.stored.bytesPerSample;
    if (stream.mono.length < frames) {
      stream.mono = new Float32Array(frames);
      stream.stored = new Uint8Array(storedBytes);
    }
    stream.frames += frames;
    clock.observe(stream.frames, wallMs);
    const originMs = clock.originMs() - offsetSeconds() * 1000;
    converter.toStored(bytes, stream.stored);
    tape.append(stream.stored.subarray(0, storedBytes), originMs);
    converter.toMono(bytes, stream.mono);
    ear.hear(stream.mono.subarray(0, frames), originMs + (stream.heardFrom * 1000) / input.sampleRate);
  }

  /** Frames are missing: the tape notes where, the ear begins anew, as its sound must have no seams. */
  function miss(frames: number): void {
    lostFrames += frames;
    tape.gap(frames);
    if (stream) {
      stream.frames += frames;
      stream.heardFrom = stream.frames;
      ear.begin({ sampleRate: stream.input.sampleRate });
    }
    tell({ lostFrames });
  }

  function connect(next: CaptureSource): void {
    next.onFrames((bytes, arrival) => {
      if (source === next) take(bytes, arrival.wallMs);
    });
    next.onEvent((event) => {
      if (source !== next) return;
      switch (event.kind) {
        case 'back':
        case 'format':
          begin(event.input);
          break;
        case 'overrun':
          miss(event.frames);
          break;
        case 'absent':
          tell({ state: stateOf[event.error.code], message: event.error.message });
          break;
        case 'remark':
          tell({ message: event.message });
          break;
        case 'lost':
          endStream();
          tell({ state: 'lost', level: null, message: event.message });
          break;
        case 'ended':
          endStream();
          tell({ state: 'ended', level: null, message: null });
          break;
      }
    });
  }

  async function leave(): Promise<void> {
    const old = source;
    source = null;
    endStream();
    await old?.close();
  }

  return {
    /** Turns to an input; the one before is left. Resolves when it is open or is being waited for. */
    async turnTo(next: CaptureSource, name: string): Promise<void> {
      await leave();
      source = next;
      health = { ...nothing, name: name === '' ? null : name };
      tell({});
      connect(next);
      try {
        const input = await next.open();
        if (source === next && !stream && health.state === 'opening') begin(input);
      } catch (error) {
        if (source !== next) return;
        if (!(error instanceof CaptureError)) {
          tell({ state: 'failed', message: error instanceof Error ? error.message : String(error) });
          return;
        }
        tell({ state: stateOf[error.code], message: error.message });
      }
    },
    /** Frames that the disk did not take. */
    lost(frames: number): void {
      lostFrames += frames;
      tell({ lostFrames });
    },
    health: () => health,
    close: leave,
  };
}
export type Capture = ReturnType<typeof createCapture>;
