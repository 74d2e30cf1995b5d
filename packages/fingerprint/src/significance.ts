/**
 * How unlikely it is that chance alone matches `matched` or more of `trials` peaks when it matches
 * each with probability `expected / trials`, as -log10 of that probability (Chernoff's bound on the
 * binomial tail, which errs on the side of doubt). 0 when chance explains what is seen.
 */
export function tailSignificance(matched: number, trials: number, expected: number): number {
  if (trials === 0 || matched <= expected) return 0;
  const seen = Math.min(1, matched / trials);
  const chance = Math.min(1 - 1e-9, Math.max(expected, 1e-9) / trials);
  let divergence = seen * Math.log(seen / chance);
  if (seen < 1) divergence += (1 - seen) * Math.log((1 - seen) / (1 - chance));
  return Math.max(0, (trials * divergence) / Math.LN10);
}
