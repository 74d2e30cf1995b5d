import type { BitReader } from './bits.ts';
import { restoreFixed, restoreLinear } from './predict.ts';

type Block = { out: Int32Array; blockSize: number; depth: number };

/**
 * Decodes one channel of a frame into `out`. False when the bits cannot be a subframe; an overrun of
 * the reader is the caller's to check. Source: RFC 9639, section 9.2.
 */
export function readSubframe(reader: BitReader, block: Block): boolean {
  if (reader.read(1) !== 0) return false;
  const type = reader.read(6);
  const wasted = reader.read(1) === 1 ? reader.readUnary() + 1 : 0;
  const depth = block.depth - wasted;
  if (depth < 1) return false;
  if (!readPredicted(reader, { ...block, depth }, type)) return false;
  if (wasted > 0) {
    for (let index = 0; index < block.blockSize; index += 1) block.out[index] <<= wasted;
  }
  return true;
}

function readPredicted(reader: BitReader, block: Block, type: number): boolean {
  if (type === 0) {
    block.out.fill(reader.readSigned(block.depth), 0, block.blockSize);
    return true;
  }
  if (type === 1) {
    readPlain(reader, block, block.blockSize);
    return true;
  }
  if (type >= 8 && type <= 12) return readFixed(reader, block, type - 8);
  return type >= 32 && readLinear(reader, block, type - 31);
}

function readPlain(reader: BitReader, { out, depth }: Block, count: number): void {
  for (let index = 0; index < count; index += 1) out[index] = reader.readSigned(depth);
}

function readFixed(reader: BitReader, block: Block, order: number): boolean {
  if (order > block.blockSize) return false;
  readPlain(reader, block, order);
  if (!readResidual(reader, block, order)) return false;
  restoreFixed(block.out, block.blockSize, order);
  return true;
}

function readLinear(reader: BitReader, block: Block, order: number): boolean {
  if (order > block.blockSize) return false;
  readPlain(reader, block, order);
  const precision = reader.read(4) + 1;
  const shift = reader.readSigned(5);
  if (precision === 16 || shift < 0) return false;
  const coefficients = new Int32Array(order);
  for (let index = 0; index < order; index += 1) coefficients[index] = reader.readSigned(precision);
  if (!readResidual(reader, block, order)) return false;
  restoreLinear({ out: block.out, length: block.blockSize, coefficients, shift });
  return true;
}

/** Fills `out` from `order` on with what the prediction leaves over. Source: RFC 9639, section 9.2.7. */
function readResidual(reader: BitReader, { out, blockSize }: Block, order: number): boolean {
  const method = reader.read(2);
  const partitions = 1 << reader.read(4);
  if (method > 1 || blockSize % partitions !== 0 || blockSize / partitions < order) return false;
  const parameterBits = method === 0 ? 4 : 5;
  const rawMark = 2 ** parameterBits - 1;
  const size = blockSize / partitions;
  for (let partition = 0; partition < partitions && !reader.overrun; partition += 1) {
    const from = partition === 0 ? order : partition * size;
    const to = (partition + 1) * size;
    const parameter = reader.read(parameterBits);
    if (parameter < rawMark) {
      readRice(reader, { out, from, to, parameter });
    } else {
      const bits = reader.read(5);
      for (let index = from; index < to; index += 1) out[index] = reader.readSigned(bits);
    }
  }
  return true;
}

type Partition = { out: Int32Array; from: number; to: number; parameter: number };

/** Rice codes; one peek serves the unary and the binary part of nearly all of them. */
function readRice(reader: BitReader, { out, from, to, parameter }: Partition): void {
  for (let index = from; index < to && !reader.overrun; index += 1) {
    const window = reader.peek32();
    const zeros = Math.clz32(window);
    let folded: number;
    if (zeros + 1 + parameter <= 32 && zeros < 31) {
      const low = parameter === 0 ? 0 : (window << (zeros + 1)) >>> (32 - parameter);
      folded = (zeros << parameter) | low;
      reader.position += zeros + 1 + parameter;
    } else {
      const high = reader.readUnary();
      folded = (high << parameter) | reader.read(parameter);
    }
    out[index] = (folded >>> 1) ^ -(folded & 1);
  }
}
