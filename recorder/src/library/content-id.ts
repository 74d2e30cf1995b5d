import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

const partBytes = 65_536;

/**
 * A name for a file's content from its size, its first and its last 64 KiB: enough to look for a moved or copied
 * file without reading it whole, not enough to be sure. 32 hexadecimal digits.
 */
export async function endsId(path: string, size: number): Promise<string> {
  const hash = createHash('sha256').update(String(size));
  const file = await open(path, 'r');
  try {
    const part = Buffer.alloc(partBytes);
    for (const position of [0, Math.max(partBytes, size - partBytes)]) {
      const { bytesRead } = await file.read(part, 0, partBytes, position);
      hash.update(part.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
  return hash.digest('hex').slice(0, 32);
}

/** A name for all that is in a file, read piece by piece. 32 hexadecimal digits. */
export async function wholeId(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex').slice(0, 32);
}
