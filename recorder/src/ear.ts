/** Sample rate of everything that is listened to, Hz; the fingerprint's. */
export const earSampleRate = 11_025;

/** Level of a short stretch of sound, full scale 1; wall-clock milliseconds. */
export type Hop = { startMs: number; endMs: number; rms: number; peak: number };

type Resample = { push(mono: Float32Array): Float32Array; flush(): Float32Array };
type EarOptions = {
  /** How much sound is remembered. */
  seconds: number;
  hopSeconds: number;
  createResampler(rates: { from: number; to: number }): Resample;
  /** Hears the same sound, up to the end of a hop before that hop is told. */
  gate: { begin(format: { sampleRate: number }): void; hear(mono: Float32Array): void };
  onHop(hop: Hop): void;
};

/**
 * Remembers the last moments of sound as mono at the stream's own rate and tells the level of each hop; only a
 * clip that is asked for is resampled, so silence costs next to nothing. Memory is one ring of `seconds`;
 * nothing is allocated per sample.
 */
export function createEar({ seconds, hopSeconds, createResampler, gate, onHop }: EarOptions) {
  let ring = new Float32Array(0);
  let sourceRate = 0;
  let originMs = Number.NaN;
  let hopFrames = 0;
  let hopFill = 0;
  let hopSum = 0;
  let hopPeak = 0;
  let sourceFrames = 0;

  const timeOf = (frames: number) => originMs + (frames / sourceRate) * 1000;

  function measure(mono: Float32Array): void {
    for (let from = 0; from < mono.length; ) {
      const to = Math.min(mono.length, from + hopFrames - hopFill);
      for (let i = from; i < to; i += 1) {
        const value = mono[i];
        const size = value < 0 ? -value : value;
        hopSum += value * value;
        if (size > hopPeak) hopPeak = size;
      }
      gate.hear(mono.subarray(from, to));
      hopFill += to - from;
      from = to;
      if (hopFill === hopFrames) finishHop(sourceFrames + to);
    }
  }

  function finishHop(endFrame: number): void {
    const rms = Math.sqrt(hopSum / hopFrames);
    const peak = hopPeak;
    hopFill = 0;
    hopSum = 0;
    hopPeak = 0;
    onHop({ startMs: timeOf(endFrame - hopFrames), endMs: timeOf(endFrame), rms, peak });
  }

  function keep(samples: Float32Array): void {
    let from = Math.max(0, samples.length - ring.length);
    let at = (sourceFrames + from) % ring.length;
    while (from < samples.length) {
      const count = Math.min(samples.length - from, ring.length - at);
      ring.set(samples.subarray(from, from + count), at);
      from += count;
      at = (at + count) % ring.length;
    }
  }

  function atEarRate(mono: Float32Array): Float32Array {
    if (sourceRate === earSampleRate) return mono;
    const resampler = createResampler({ from: sourceRate, to: earSampleRate });
    const body = resampler.push(mono);
    const tail = resampler.flush();
    const pcm = new Float32Array(body.length + tail.length);
    pcm.set(body);
    pcm.set(tail, body.length);
    return pcm;
  }

  return {
    /** A new stream begins; what was heard before is forgotten. */
    begin({ sampleRate }: { sampleRate: number }): void {
      sourceRate = sampleRate;
      const length = Math.ceil(seconds * sampleRate);
      if (ring.length !== length) ring = new Float32Array(length);
      hopFrames = Math.round(sampleRate * hopSeconds);
      sourceFrames = 0;
      hopFill = 0;
      hopSum = 0;
      hopPeak = 0;
      originMs = Number.NaN;
      gate.begin({ sampleRate });
    },
    /** `mono`: samples at the stream's rate, full scale 1; `streamOriginMs`: time of the stream's frame 0. */
    hear(mono: Float32Array, streamOriginMs: number): void {
      originMs = streamOriginMs;
      keep(mono);
      measure(mono);
      sourceFrames += mono.length;
    },
    /** Wall-clock end of what has been heard, ms; NaN before anything was. */
    nowMs: () => timeOf(sourceFrames),
    /**
     * Copy of the sound from `startMs` to `endMs`, cut to what is remembered: samples at `earSampleRate` and
     * the time of the first one. Null when nothing of it is there.
     */
    clip({
      startMs,
      endMs,
    }: {
      startMs: number;
      endMs: number;
    }): { pcm: Float32Array; startMs: number; endMs: number } | null {
      const frameAt = (ms: number) => Math.round(((ms - originMs) / 1000) * sourceRate);
      const last = Math.min(sourceFrames, frameAt(endMs));
      const first = Math.max(0, sourceFrames - ring.length, frameAt(startMs));
      if (!(last > first)) return null;
      const mono = new Float32Array(last - first);
      for (let i = 0; i < mono.length; ) {
        const at = (first + i) % ring.length;
        const count = Math.min(mono.length - i, ring.length - at);
        mono.set(ring.subarray(at, at + count), i);
        i += count;
      }
      return { pcm: atEarRate(mono), startMs: timeOf(first), endMs: timeOf(last) };
    },
  };
}
export type Ear = ReturnType<typeof createEar>;
