/** Sample rate of everything that is listened to, Hz; the fingerprint's. */
export const earSampleRate = 11_025;

/** Level of a short stretch of sound, full scale 1; wall-clock milliseconds. */
export type Hop = { startMs: number; endMs: number; rms: number; peak: number };

type Resample = { push(mono: Float32Array): Float32Array };
type EarOptions = {
  /** How much sound is remembered. */
  seconds: number;
  hopSeconds: number;
  createResampler(rates: { from: number; to: number }): Resample;
  onHop(hop: Hop): void;
};

/**
 * Remembers the last moments of sound as mono at `earSampleRate` and tells the level of each hop. Memory is
 * one ring of `seconds`; nothing is allocated per sample.
 */
export function createEar({ seconds, hopSeconds, createResampler, onHop }: EarOptions) {
  const ring = new Float32Array(Math.ceil(seconds * earSampleRate));
  let written = 0;
  let resampler: Resample | null = null;
  let sourceRate = 0;
  let originMs = Number.NaN;
  let hopFrames = 0;
  let hopFill = 0;
  let hopSum = 0;
  let hopPeak = 0;
  let sourceFrames = 0;

  const timeOf = (frames: number) => originMs + (frames / sourceRate) * 1000;

  function measure(mono: Float32Array): void {
    for (let i = 0; i < mono.length; i += 1) {
      const value = mono[i];
      const size = value < 0 ? -value : value;
      hopSum += value * value;
      if (size > hopPeak) hopPeak = size;
      hopFill += 1;
      if (hopFill === hopFrames) finishHop(sourceFrames + i + 1);
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
    let at = (written + from) % ring.length;
    written += samples.length;
    while (from < samples.length) {
      const count = Math.min(samples.length - from, ring.length - at);
      ring.set(samples.subarray(from, from + count), at);
      from += count;
      at = (at + count) % ring.length;
    }
  }

  return {
    /** A new stream begins; what was heard before is forgotten. */
    begin({ sampleRate }: { sampleRate: number }): void {
      sourceRate = sampleRate;
      resampler =
        sampleRate === earSampleRate ? null : createResampler({ from: sampleRate, to: earSampleRate });
      hopFrames = Math.round(sampleRate * hopSeconds);
      written = 0;
      sourceFrames = 0;
      hopFill = 0;
      hopSum = 0;
      hopPeak = 0;
      originMs = Number.NaN;
    },
    /** `mono`: samples at the stream's rate, full scale 1; `streamOriginMs`: time of the stream's frame 0. */
    hear(mono: Float32Array, streamOriginMs: number): void {
      originMs = streamOriginMs;
      keep(resampler ? resampler.push(mono) : mono);
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
      // The resampler holds back a few milliseconds; its output is placed from the end of the stream.
      const heardMs = timeOf(sourceFrames);
      const fromEnd = (ms: number) => written - Math.round(((heardMs - ms) / 1000) * earSampleRate);
      const last = Math.min(written, fromEnd(endMs));
      const first = Math.max(0, written - ring.length, fromEnd(startMs));
      if (!(last > first)) return null;
      const pcm = new Float32Array(last - first);
      for (let i = 0; i < pcm.length; ) {
        const at = (first + i) % ring.length;
        const count = Math.min(pcm.length - i, ring.length - at);
        pcm.set(ring.subarray(at, at + count), i);
        i += count;
      }
      const timeOfSample = (sample: number) => heardMs - ((written - sample) / earSampleRate) * 1000;
      return { pcm, startMs: timeOfSample(first), endMs: timeOfSample(last) };
    },
  };
}
export type Ear = ReturnType<typeof createEar>;
