/** Adds the polynomial prediction of the given order to the residual. */
export function restoreFixed(out: Int32Array, length: number, order: number): void {
  if (order === 1) for (let i = 1; i < length; i += 1) out[i] += out[i - 1];
  if (order === 2) for (let i = 2; i < length; i += 1) out[i] += 2 * out[i - 1] - out[i - 2];
  if (order === 3) for (let i = 3; i < length; i += 1) out[i] += 3 * (out[i - 1] - out[i - 2]) + out[i - 3];
  if (order === 4) {
    for (let i = 4; i < length; i += 1) {
      out[i] += 4 * (out[i - 1] + out[i - 3]) - 6 * out[i - 2] - out[i - 4];
    }
  }
}

/** Turns a residual into samples, in place. Coefficients count back from the newest sample. */
type Prediction = { out: Int32Array; length: number; coefficients: Int32Array; shift: number };

/**
 * Adds the linear prediction to the residual behind the first `coefficients.length` samples.
 * 25-bit samples, 15-bit coefficients and 32 taps stay below 2^45, which floating point holds exactly.
 */
export function restoreLinear(prediction: Prediction): void {
  const taps = prediction.coefficients.length <= 8 ? 8 : (prediction.coefficients.length + 3) & ~3;
  const length = Math.min(prediction.length, taps);
  restoreFew({ ...prediction, length });
  if (prediction.length <= taps) return;
  if (taps === 8) restoreEight(prediction);
  else restoreMany(prediction, taps);
}

/** The first samples, where a longer filter would reach in front of the block. */
function restoreFew({ out, length, coefficients, shift }: Prediction): void {
  const scale = 2 ** -shift;
  for (let index = coefficients.length; index < length; index += 1) {
    let sum = 0;
    for (let tap = 0; tap < coefficients.length; tap += 1) sum += coefficients[tap] * out[index - 1 - tap];
    out[index] += Math.floor(sum * scale);
  }
}

/** Filters of up to eight taps, as most encoders make: kept in registers, twice as fast as a loop. */
function restoreEight({ out, length, coefficients, shift }: Prediction): void {
  const scale = 2 ** -shift;
  const [c0, c1 = 0, c2 = 0, c3 = 0, c4 = 0, c5 = 0, c6 = 0, c7 = 0] = coefficients;
  let [s7, s6, s5, s4, s3, s2, s1, s0] = out;
  for (let index = 8; index < length; index += 1) {
    const old = c7 * s7 + c6 * s6 + (c5 * s5 + c4 * s4);
    const sum = old + (c3 * s3 + c2 * s2) + c1 * s1 + c0 * s0;
    s7 = s6;
    s6 = s5;
    s5 = s4;
    s4 = s3;
    s3 = s2;
    s2 = s1;
    s1 = s0;
    s0 = out[index] + Math.floor(sum * scale);
    out[index] = s0;
  }
}

/** Longer filters, four taps at a time; zeros fill their number up. */
function restoreMany({ out, length, coefficients, shift }: Prediction, taps: number): void {
  const scale = 2 ** -shift;
  const oldestFirst = new Float64Array(taps);
  coefficients.forEach((coefficient, tap) => {
    oldestFirst[taps - 1 - tap] = coefficient;
  });
  for (let index = taps; index < length; index += 1) {
    const from = index - taps;
    let a = 0;
    let b = 0;
    for (let tap = 0; tap < taps; tap += 4) {
      a += oldestFirst[tap] * out[from + tap] + oldestFirst[tap + 1] * out[from + tap + 1];
      b += oldestFirst[tap + 2] * out[from + tap + 2] + oldestFirst[tap + 3] * out[from + tap + 3];
    }
    out[index] += Math.floor((a + b) * scale);
  }
}
