import { type Picture, pictureFacts } from '../picture/picture.ts';
import type { SeekPoint } from './layout.ts';
import { type FlacStreamInfo, formatStreamInfo } from './stream-info.ts';

/** Vorbis comments by field name, e.g. `{ TITLE: 'Für Elise', TRACKNUMBER: '1' }`. */
export type FlacTags = Readonly<Record<string, string>>;

/** A seek point with the length of the frame that it leads to. */
export type FramePoint = SeekPoint & { samples: number };

const VENDOR = 'Pidentify';
const BLOCK_TYPE = { streamInfo: 0, padding: 1, seekTable: 3, comments: 4, picture: 6 };
const BLOCK_HEADER_BYTES = 4;
const SEEK_POINT_BYTES = 18;
const MAX_BLOCK_BYTES = 2 ** 24 - 1;
const FRONT_COVER = 3;
const FIELD_NAME = /^[ -<>-}]+$/;

function block(type: number, content: Uint8Array, { last = false } = {}): Buffer {
  if (content.length > MAX_BLOCK_BYTES)
    throw new RangeError('A FLAC file cannot hold so large a picture or text.');
  const bytes = Buffer.alloc(BLOCK_HEADER_BYTES + content.length);
  bytes[0] = type | (last ? 0x80 : 0);
  bytes.writeUIntBE(content.length, 1, 3);
  bytes.set(content, BLOCK_HEADER_BYTES);
  return bytes;
}

function uint32(value: number, { littleEndian = false } = {}): Buffer {
  const bytes = Buffer.alloc(4);
  if (littleEndian) bytes.writeUInt32LE(value);
  else bytes.writeUInt32BE(value);
  return bytes;
}

/** Source: RFC 9639, section 8.6. */
function formatComments(tags: FlacTags): Buffer {
  const sized = (text: string) => {
    const bytes = Buffer.from(text, 'utf8');
    return [uint32(bytes.length, { littleEndian: true }), bytes];
  };
  const fields = Object.entries(tags);
  for (const [name] of fields) {
    if (!FIELD_NAME.test(name)) throw new RangeError(`"${name}" is not a name of a Vorbis comment.`);
  }
  const count = uint32(fields.length, { littleEndian: true });
  return Buffer.concat([
    ...sized(VENDOR),
    count,
    ...fields.flatMap(([name, value]) => sized(`${name}=${value}`)),
  ]);
}

/** Source: RFC 9639, section 8.8. What the picture's own header says wins over its given type. */
function formatPicture({ mime, bytes }: Picture): Buffer {
  const facts = pictureFacts(bytes);
  const type = Buffer.from(facts?.mime ?? mime, 'latin1');
  const numbers = [facts?.width ?? 0, facts?.height ?? 0, facts?.bitsPerPixel ?? 0, 0, bytes.length];
  const description = uint32(0);
  return Buffer.concat([
    uint32(FRONT_COVER),
    uint32(type.length),
    type,
    description,
    ...numbers.map((number) => uint32(number)),
    bytes,
  ]);
}

function formatSeekTable(points: readonly FramePoint[]): Buffer {
  const bytes = Buffer.alloc(points.length * SEEK_POINT_BYTES);
  points.forEach(({ sample, offset, samples }, index) => {
    bytes.writeBigUInt64BE(BigInt(sample), index * SEEK_POINT_BYTES);
    bytes.writeBigUInt64BE(BigInt(offset), index * SEEK_POINT_BYTES + 8);
    bytes.writeUInt16BE(samples, index * SEEK_POINT_BYTES + 16);
  });
  return bytes;
}

/** Everything that stands in front of the first frame of a FLAC file. */
export type FlacHead = {
  info: FlacStreamInfo;
  points: readonly FramePoint[];
  tags: FlacTags;
  picture?: Picture;
};

/**
 * All that stands in front of the first frame, filled up with padding to `length` bytes; with at least
 * `padding` bytes of it when no length is given. Throws `RangeError` when it does not fit.
 */
export function formatHead(
  { info, points, tags, picture }: FlacHead,
  { length, padding = 0 }: { length?: number; padding?: number },
): Buffer {
  const blocks = [
    Buffer.from('fLaC', 'latin1'),
    block(BLOCK_TYPE.streamInfo, formatStreamInfo(info)),
    block(BLOCK_TYPE.seekTable, formatSeekTable(points)),
    block(BLOCK_TYPE.comments, formatComments(tags)),
    ...(picture ? [block(BLOCK_TYPE.picture, formatPicture(picture))] : []),
  ];
  const used = blocks.reduce((sum, each) => sum + each.length, BLOCK_HEADER_BYTES);
  const fill = length === undefined ? padding : length - used;
  return Buffer.concat([...blocks, block(BLOCK_TYPE.padding, new Uint8Array(fill), { last: true })]);
}

/** Room that so many seek points take. */
export const seekTableBytes = (points: number): number => points * SEEK_POINT_BYTES;
