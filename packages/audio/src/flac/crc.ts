/** Table of a checksum of `width` bits, most significant bit first. */
function table({ width, polynomial }: { width: number; polynomial: number }): Uint16Array {
  return Uint16Array.from({ length: 256 }, (_, index) => {
    const top = 1 << (width - 1);
    let value = index << (width - 8);
    for (let bit = 0; bit < 8; bit += 1) value = (value << 1) ^ (value & top ? polynomial : 0);
    return value & (2 * top - 1);
  });
}

const crc8Table = table({ width: 8, polynomial: 0x07 });
const crc16Table = table({ width: 16, polynomial: 0x8005 });

/** Checksum of a frame header. Source: RFC 9639, section 9.1.8. */
export function crc8(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0;
  for (let index = from; index < to; index += 1) crc = crc8Table[crc ^ bytes[index]];
  return crc;
}

/** Checksum of a whole frame. Source: RFC 9639, section 9.3. */
export function crc16(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0;
  for (let index = from; index < to; index += 1) {
    crc = ((crc << 8) & 0xffff) ^ crc16Table[(crc >> 8) ^ bytes[index]];
  }
  return crc;
}
