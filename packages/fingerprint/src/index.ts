export type { TrackEntry } from './batch.ts';
export { FingerprintError, type FingerprintErrorCode } from './errors.ts';
export { extractLandmarks, type LandmarkPurpose } from './extract.ts';
export { PairSpectrum } from './fft.ts';
export { FINGERPRINT_SAMPLE_RATE } from './geometry.ts';
export { compareSounds, type Likeness } from './likeness.ts';
export {
  type Clip,
  type ExpectedTrack,
  LEAST_SIGNIFICANCE,
  type Match,
  Matcher,
  type QueryOptions,
  type RankedCandidate,
} from './match.ts';
export { Peaks } from './peaks.ts';
export { buildSegment, encodeSegment, openSegment, Segment } from './segment.ts';
export { IndexStore, type StoreState, type StoreStats } from './store.ts';
export type { StoreFiles } from './store-files.ts';
export {
  createTrackFingerprinter,
  encodeTrackFingerprint,
  TrackFingerprint,
  TrackFingerprinter,
} from './track-fingerprint.ts';
