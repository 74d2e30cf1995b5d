/** Numbered frames, 24 bits split over both channels, or whole in each; 0 is silence and never used. */
const signed24 = (value: number) => (value << 8) >> 8;

/** A signal in which every lost, repeated or changed frame can be counted. */
const signals = {
  s16le: {
    bytes: 4,
    write: (frame: Buffer, count: number) => {
      frame.writeUInt16LE(count & 0xffff, 0);
      frame.writeUInt16LE(count >> 16, 2);
    },
    read: (frame: Buffer) => frame.readUInt32LE(0),
  },
  s24le: {
    bytes: 6,
    write: (frame: Buffer, count: number) => {
      frame.writeUIntLE(count, 0, 3);
      frame.writeUIntLE(count, 3, 3);
    },
    read: (frame: Buffer) =>
      frame.readUIntLE(0, 3) === frame.readUIntLE(3, 3) ? frame.readUIntLE(0, 3) : -1,
  },
  's24-32le': {
    bytes: 8,
    write: (frame: Buffer, count: number) => {
      frame.writeInt32LE(signed24(count), 0);
      frame.writeInt32LE(signed24(count), 4);
    },
    read: (frame: Buffer) => {
      const left = frame.readUIntLE(0, 3);
      return left === frame.readUIntLE(4, 3) ? left : -1;
    },
  },
  float32le: {
    bytes: 8,
    write: (frame: Buffer, count: number) => {
      frame.writeFloatLE(count / (1 << 23), 0);
      frame.writeFloatLE(-count / (1 << 23), 4);
    },
    read: (frame: Buffer) => frame.readFloatLE(0) * (1 << 23),
  },
};

export type CounterFormat = keyof typeof signals;

/** So many frames, counted from 1. */
export function numberedFrames(format: CounterFormat, frames: number): Buffer {
  const { bytes, write } = signals[format];
  const all = Buffer.alloc(frames * bytes);
  for (let frame = 0; frame < frames; frame += 1) write(all.subarray(frame * bytes), frame + 1);
  return all;
}

/** The numbers of all frames that are not silent; -1 for one whose channels do not agree. */
export function numbersIn(format: CounterFormat, blocks: Uint8Array[]): number[] {
  const { bytes, read } = signals[format];
  const all = Buffer.concat(blocks);
  const numbers: number[] = [];
  for (let at = 0; at < all.length; at += bytes) {
    const number = read(all.subarray(at, at + bytes));
    if (number !== 0) numbers.push(number);
  }
  return numbers;
}

/** What a capture lost of the numbered frames that another program (`control`) recorded beside it, and their order. */
export function judgeCapture(control: readonly number[], captured: readonly number[], played: number) {
  const recorded = new Set(captured);
  return {
    // On a busy machine the null sink itself may stutter, for every program alike.
    onlyInControl: control.filter((number) => !recorded.has(number)).length,
    outOfOrder: captured.filter((number, at) => at > 0 && number <= captured[at - 1]).length,
    enough: recorded.size > played * 0.9,
  };
}

/** Lets nothing else happen in this process for so long. */
export function keepBusy(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}
