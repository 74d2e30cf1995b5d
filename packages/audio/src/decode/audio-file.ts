import { ByteFile, ByteStream } from './bytes.ts';
import { AudioFileError, toAudioFileError } from './error.ts';
import { openFlacSound } from './flac.ts';
import { openMp3, searchMp3 } from './mp3.ts';
import { openOgg } from './ogg-sound.ts';
import { id3Length, SNIFF_BYTES, type SoundFormat, sniffFormat } from './sniff.ts';
import type { SoundFacts, SoundStream } from './stream.ts';
import { openWav } from './wav.ts';

/**
 * Decodes a file with a program outside: a WAV stream, as `ffmpeg -c:a pcm_f32le -f wav -` writes it.
 * Ending the iteration ends the program; a failure is thrown, its message for people.
 */
export type DecodeExternally = (path: string) => AsyncIterable<Uint8Array>;

/** A sound file ready to be decoded. */
export type AudioFile = SoundFacts & {
  /**
   * The sound, front to back, once: blocks of at most a second, one array a channel in the file's
   * order, full scale 1 (lossy sound may pass it). Ending the iteration early frees the decoder.
   * Throws `AudioFileError` when nothing could be decoded; damage in the middle is left out.
   */
  blocks(): AsyncGenerator<Float32Array[], void>;
  close(): Promise<void>;
};

/**
 * Opens a sound file by its content, whatever its name: FLAC, MP3, Ogg Vorbis, Opus and WAV; all else
 * through `decodeExternally` where it is given.
 * Throws `AudioFileError`.
 */
export async function openAudioFile(
  path: string,
  { decodeExternally }: { decodeExternally?: DecodeExternally } = {},
): Promise<AudioFile> {
  const file = await ByteFile.open(path).catch((error: unknown) => {
    throw toAudioFileError(error);
  });
  try {
    const { format, from } = await inspect(file);
    const sound =
      format === 'other' && decodeExternally
        ? await openOutside(decodeExternally(path))
        : await openInside({ file, format, from });
    return toAudioFile({ sound, file });
  } catch (error) {
    await file.close();
    throw toAudioFileError(error);
  }
}

async function inspect(file: ByteFile): Promise<{ format: SoundFormat; from: number }> {
  if (file.size === 0) throw new AudioFileError('The sound file is empty.');
  let from = 0;
  for (;;) {
    const head = await file.read({ offset: from, length: SNIFF_BYTES });
    const tag = id3Length(head);
    if (tag === 0) return inspectUntagged({ file, from, format: sniffFormat(head) });
    from += tag;
  }
}

async function inspectUntagged({
  file,
  from,
  format,
}: {
  file: ByteFile;
  from: number;
  format: SoundFormat | null;
}): Promise<{ format: SoundFormat; from: number }> {
  if (format) return { format, from };
  const frame = await searchMp3({ file, from });
  return frame < 0 ? { format: 'other', from } : { format: 'mp3', from: frame };
}

function openInside({
  file,
  format,
  from,
}: {
  file: ByteFile;
  format: SoundFormat;
  from: number;
}): Promise<SoundStream> {
  switch (format) {
    case 'flac':
      return openFlacSound({ file, from });
    case 'wav':
      return openWav({ bytes: new ByteStream(file.chunks({ from })), size: file.size - from });
    case 'vorbis':
    case 'opus':
      return openOgg({ file, from, format });
    case 'mp3':
      return openMp3({ file, from });
    case 'other':
      throw new AudioFileError('This kind of sound file can only be read when ffmpeg is installed.');
  }
}

async function openOutside(source: AsyncIterable<Uint8Array>): Promise<SoundStream> {
  const bytes = new ByteStream(source);
  try {
    return { ...(await openWav({ bytes })), bitsPerSample: null };
  } catch (error) {
    await bytes.close();
    // What came was no sound; anything else is what the program outside said.
    if (!(error instanceof AudioFileError)) throw error;
    throw new AudioFileError('This is not a sound file of a known kind.', { cause: error });
  }
}

function toAudioFile({ sound, file }: { sound: SoundStream; file: ByteFile }): AudioFile {
  return {
    sampleRate: sound.sampleRate,
    channels: sound.channels,
    bitsPerSample: sound.bitsPerSample,
    durationSeconds: sound.durationSeconds,
    async *blocks() {
      let decoded = 0;
      try {
        for await (const block of sound.decode()) {
          decoded += block[0].length;
          yield block;
        }
      } catch (error) {
        throw toAudioFileError(error);
      }
      if (decoded === 0) throw new AudioFileError('The sound file holds no sound that can be read.');
    },
    async close() {
      await sound.close?.();
      await file.close();
    },
  };
}
