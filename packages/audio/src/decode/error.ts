/** A sound file that cannot be read; `message` is a sentence for people, `cause` is for the log. */
export class AudioFileError extends Error {
  readonly code = 'audio_unreadable';

  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'AudioFileError';
  }
}

/** Any thrown value as an `AudioFileError`; what a decoder threw becomes its cause. */
export function toAudioFileError(thrown: unknown): AudioFileError {
  if (thrown instanceof AudioFileError) return thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new AudioFileError(`The sound file cannot be read: ${reason.replace(/\.$/, '')}.`, {
    cause: thrown,
  });
}
