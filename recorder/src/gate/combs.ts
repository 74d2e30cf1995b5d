/**
 * Pulses that no music makes, by how often they repeat, Hz: of rectifiers and dimmers, at the mains or at twice of it, and of a GSM
 * phone, whose frame lasts 60/13 ms (3GPP TS 45.002). `offBy`: how far that may be off, a share. `within`: how far a line may be
 * from its multiple, Hz; a phone falls silent again and again, which makes its lines broad. `step`: how many multiples the next line
 * is away; those of a musical tone whose pitch happens to be a multiple are farther apart.
 */
const sources = [
  { hz: 50, offBy: 0.005, within: 3, step: 2 },
  { hz: 60, offBy: 0.005, within: 3, step: 2 },
  { hz: 13_000 / 60, offBy: 0.0005, within: 5, step: 1 },
] as const;
type Source = (typeof sources)[number];
/** Up to here it is clear which multiple a line is, before the frequency is known exactly, Hz. */
const clearHz = 1000;
/**
 * Of all lines the comb must have so much of the height, and so many in succession that have so much of it each. The height is how
 * far a line stands out of its neighbours, as power: a groove's rumble is strong, but does not outweigh the lines above it.
 */
const least = { share: 0.7, lines: 5, heightOfLine: 0.002 };
/** What is so much fainter than the strongest line of the comb is its sideband, as bursts are left out now and then. */
const faint = 0.001;
/** A comb that was found is looked for so many frames more (half a second), as noise hides it now and then. */
const keptFrames = 16;

const nearest = (lineHz: number, combHz: number) => Math.max(1, Math.round(lineHz / combHz));
const offComb = (lineHz: number, combHz: number) => Math.abs(lineHz - combHz * nearest(lineHz, combHz));

/**
 * Finds out whether the lines of a spectrum are one comb, as pulses make it. Its frequency is fitted anew in every frame, so that
 * its multiples are known exactly up to the highest. Nothing is allocated while it looks.
 */
export function createCombs(mostLines: number) {
  const hz = new Float32Array(mostLines);
  const height = new Float32Array(mostLines);
  const power = new Float32Array(mostLines);
  let lines = 0;
  let allHeight = 0;
  /** The comb that was found last. */
  let combHz = 0;
  let within = 0;
  let strongest = 0;
  let framesLeft = 0;

  /** Least squares over the lines within `tolerance` + `offBy` of a multiple of `near`, Hz; 0: there is none. */
  function fit(near: number, upToHz: number, tolerance: number, offBy: number): number {
    let products = 0;
    let squares = 0;
    for (let n = 0; n < lines && hz[n] < upToHz; n += 1) {
      if (offComb(hz[n], near) > tolerance + offBy * hz[n]) continue;
      const multiple = nearest(hz[n], near);
      products += multiple * hz[n];
      squares += multiple * multiple;
    }
    return squares > 0 ? products / squares : 0;
  }

  function isComb(of: number, source: Source): boolean {
    let inSuccession = 0;
    let combHeight = 0;
    let before = 0;
    let peak = 0;
    for (let n = 0; n < lines; n += 1) {
      if (offComb(hz[n], of) > source.within) continue;
      combHeight += height[n];
      peak = Math.max(peak, power[n]);
      if (height[n] < least.heightOfLine * allHeight) continue;
      const multiple = nearest(hz[n], of);
      if (multiple - before <= source.step) inSuccession += 1;
      before = multiple;
    }
    if (inSuccession < least.lines || combHeight <= least.share * allHeight) return false;
    strongest = peak;
    return true;
  }

  function isFound(source: Source): boolean {
    const near = fit(source.hz, clearHz, 1, source.offBy);
    if (near === 0) return false;
    const exact = fit(near, Number.POSITIVE_INFINITY, source.within, 0);
    if (Math.abs(exact - source.hz) > source.offBy * source.hz || !isComb(exact, source)) return false;
    combHz = exact;
    within = source.within;
    framesLeft = keptFrames;
    return true;
  }

  return {
    /** Begins a frame. */
    clear(): void {
      lines = 0;
      allHeight = 0;
      framesLeft = Math.max(0, framesLeft - 1);
    },
    /** A line of the frame, the lowest first; how far it stands out, dB. */
    add(lineHz: number, outstandingDb: number, linePower: number): void {
      hz[lines] = lineHz;
      power[lines] = linePower;
      height[lines] = 10 ** (outstandingDb / 10);
      allHeight += height[lines];
      lines += 1;
    },
    /** When all lines of the frame are there. */
    find(): void {
      for (const source of sources) if (isFound(source)) return;
    },
    /** True for a line of pulses, if there are any, and for one that is too faint beside them to be anything else. */
    has: (lineHz: number, linePower: number): boolean =>
      framesLeft > 0 && (offComb(lineHz, combHz) <= within || linePower < faint * strongest),
  };
}
