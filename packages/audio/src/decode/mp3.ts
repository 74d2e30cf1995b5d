import { type ByteFile, ByteStream } from './bytes.ts';
import { AudioFileError } from './error.ts';
import {
  findMp3Frame,
  MP3_HEADER_BYTES,
  MP3_MAX_FRAME,
  type Mp3Header,
  readMp3Header,
  readXing,
} from './mp3-frames.ts';
import { cutBlocks, type SoundStream } from './stream.ts';

/** How far into a file junk may reach before the first frame. */
const SEARCH_BYTES = 256 * 1024;
const ID3V1_BYTES = 128;
/** Handed to the decoder at a time; more than the longest frame. */
const RUN_BYTES = 16 * 1024;

async function endOfSound(file: ByteFile): Promise<number> {
  if (file.size <= ID3V1_BYTES) return file.size;
  const tag = await file.read({ offset: file.size - ID3V1_BYTES, length: 3 });
  return String.fromCharCode(...tag) === 'TAG' ? file.size - ID3V1_BYTES : file.size;
}

/** Offset of the first MPEG audio frame within the first part of the file; -1 without one. */
export async function searchMp3({ file, from }: { file: ByteFile; from: number }): Promise<number> {
  const head = await file.read({ offset: from, length: SEARCH_BYTES });
  const end = await endOfSound(file);
  const offset = findMp3Frame(head.subarray(0, end - from), { last: from + head.length >= end });
  return offset < 0 ? -1 : from + offset;
}

/**
 * MPEG 1/2/2.5 audio whose first frame is at `from`, decoded by mpg123, which takes encoder delay and
 * padding off where LAME noted them. Only whole frames reach the decoder: it answers junk with noise
 * on the console.
 */
export async function openMp3({ file, from }: { file: ByteFile; from: number }): Promise<SoundStream> {
  const to = await endOfSound(file);
  const frame = await file.read({ offset: from, length: MP3_MAX_FRAME });
  const header = readMp3Header(frame, 0);
  if (!header) throw new AudioFileError('The MP3 file has a broken header.');
  const xing = readXing(frame.subarray(0, header.length), header);
  const constantRate = ((to - from) / header.length) * header.samples;
  return {
    sampleRate: header.sampleRate,
    channels: header.channels,
    bitsPerSample: null,
    durationSeconds: (xing?.samples ?? constantRate) / header.sampleRate,
    decode: () => decodeMp3({ bytes: new ByteStream(file.chunks({ from, to })), first: header }),
  };
}

async function* decodeMp3({
  bytes,
  first,
}: {
  bytes: ByteStream;
  first: Mp3Header;
}): AsyncGenerator<Float32Array[], void> {
  const { MPEGDecoder } = await import('mpg123-decoder');
  const decoder = new MPEGDecoder();
  await decoder.ready;
  try {
    for await (const frames of wholeFrames(bytes, first)) {
      const { channelData, samplesDecoded } = decoder.decode(frames);
      if (samplesDecoded === 0) continue;
      yield* cutBlocks(channelData.slice(0, first.channels), first.sampleRate);
    }
  } finally {
    decoder.free();
  }
}

/** Runs of whole frames of one kind; what lies between them is left out. */
export async function* wholeFrames(bytes: ByteStream, first: Mp3Header): AsyncGenerator<Uint8Array, void> {
  let held: Uint8Array = new Uint8Array(0);
  for (let ended = false; !ended; ) {
    const more = await bytes.take(RUN_BYTES);
    ended = more.length < RUN_BYTES;
    held = Buffer.concat([held, more]);
    let offset = 0;
    while (offset < held.length) {
      const run = frameRun(held, { from: offset, kind: first.kind });
      if (run.end > offset) yield held.subarray(offset, run.end);
      if (run.incomplete && !ended) {
        offset = run.end;
        break;
      }
      const next = findMp3Frame(held, { from: run.end, kind: first.kind, last: ended });
      offset = next < 0 ? Math.max(run.end, held.length - MP3_MAX_FRAME - MP3_HEADER_BYTES) : next;
      if (next < 0) break;
    }
    held = held.subarray(offset);
  }
}

/** The end of the frames that follow each other from `from`, and whether one more is cut off. */
function frameRun(
  bytes: Uint8Array,
  { from, kind }: { from: number; kind: number },
): { end: number; incomplete: boolean } {
  let end = from;
  for (;;) {
    if (end + MP3_HEADER_BYTES > bytes.length) return { end, incomplete: true };
    const header = readMp3Header(bytes, end);
    if (!header || header.kind !== kind) return { end, incomplete: false };
    if (end + header.length > bytes.length) return { end, incomplete: true };
    end += header.length;
  }
}
