export type FingerprintErrorCode =
  /** The bytes are no track fingerprint, batch or segment of this version, or were changed. */
  | 'fingerprint_damaged'
  | 'batch_damaged'
  | 'segment_damaged'
  | 'manifest_damaged'
  /** The store was used before `open()`. */
  | 'store_not_open'
  /** The sound is of more than the 100 hours that one segment can address. */
  | 'segment_too_long';

/** An error with a stable code. None of the `_damaged` ones says that the sound itself is at fault. */
export class FingerprintError extends Error {
  readonly code: FingerprintErrorCode;

  constructor(code: FingerprintErrorCode, detail: string) {
    super(detail);
    this.name = 'FingerprintError';
    this.code = code;
  }
}
