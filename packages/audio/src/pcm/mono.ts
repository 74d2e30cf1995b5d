/**
 * Mean of all channels into the front of `out`; answers that part of `out`. Allocation-free.
 * `out` holds at least as many samples as a channel.
 */
export function mixToMono(planar: readonly Float32Array[], out: Float32Array): Float32Array {
  const frames = planar[0]?.length ?? 0;
  const mono = out.subarray(0, frames);
  if (planar.length === 1) {
    mono.set(planar[0]);
    return mono;
  }
  const scale = 1 / planar.length;
  mono.fill(0);
  for (const channel of planar) {
    for (let frame = 0; frame < frames; frame += 1) mono[frame] += channel[frame] * scale;
  }
  return mono;
}
