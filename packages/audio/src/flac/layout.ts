import type { ByteFile } from '../decode/bytes.ts';
import { AudioFileError } from '../decode/error.ts';
import { type FlacStreamInfo, parseStreamInfo } from './stream-info.ts';

export type SeekPoint = { sample: number; offset: number };

/** What the metadata blocks of a FLAC file say about its frames. */
export type FlacLayout = {
  info: FlacStreamInfo;
  /** Rising; offsets count from `firstFrame`. */
  seekPoints: SeekPoint[];
  /** Offset of the first frame in the file. */
  firstFrame: number;
};

const STREAMINFO = 0;
const SEEKTABLE = 3;
const SEEK_POINT_BYTES = 18;
/** Sample number of a seek point that only keeps room. */
const PLACEHOLDER = 2 ** 64;

function parseSeekTable(block: Uint8Array): SeekPoint[] {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const points: SeekPoint[] = [];
  for (let at = 0; at + SEEK_POINT_BYTES <= block.length; at += SEEK_POINT_BYTES) {
    const sample = Number(view.getBigUint64(at));
    if (sample < PLACEHOLDER) points.push({ sample, offset: Number(view.getBigUint64(at + 8)) });
  }
  return points.sort((a, b) => a.sample - b.sample);
}

/** Reads the metadata blocks of the file whose `fLaC` is at `from`. Throws `AudioFileError`. */
export async function readFlacLayout({ file, from }: { file: ByteFile; from: number }): Promise<FlacLayout> {
  let info: FlacStreamInfo | null = null;
  let seekPoints: SeekPoint[] = [];
  let at = from + 4;
  for (let last = false; !last; ) {
    const header = await file.read({ offset: at, length: 4 });
    if (header.length < 4) throw new AudioFileError('The FLAC file ends before its sound begins.');
    const type = header[0] & 0x7f;
    const length = (header[1] << 16) | (header[2] << 8) | header[3];
    last = (header[0] & 0x80) !== 0;
    if (type === STREAMINFO) info = parseStreamInfo(await file.read({ offset: at + 4, length }));
    if (type === SEEKTABLE) seekPoints = parseSeekTable(await file.read({ offset: at + 4, length }));
    at += 4 + length;
  }
  if (!info) throw new AudioFileError('The FLAC file has a broken header.');
  return { info, seekPoints, firstFrame: at };
}
