import { readFile, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { png } from '../testing/picture.ts';
import { run, temporaryFolder } from '../testing/sound.ts';
import { pictureFacts } from './picture.ts';

describe('pictureFacts', () => {
  it('reads kind, size and depth of a PNG', () => {
    expect(pictureFacts(png({ width: 61, height: 37 }))).toEqual({
      mime: 'image/png',
      width: 61,
      height: 37,
      bitsPerPixel: 24,
    });
  });

  it.each([
    ['jpg', 'image/jpeg', []],
    ['gif', 'image/gif', []],
    ['webp', 'image/webp', ['-lossless', '0']],
    ['webp', 'image/webp', ['-lossless', '1', '-pix_fmt', 'bgra']],
  ])('reads the size of a %s that ffmpeg wrote as %s', async (ending, mime, options) => {
    await using folder = await temporaryFolder();
    await writeFile(folder.file('a.png'), png({ width: 61, height: 37 }));
    await run('ffmpeg', '-v', 'error', '-i', folder.file('a.png'), ...options, folder.file(`a.${ending}`));
    const facts = pictureFacts(await readFile(folder.file(`a.${ending}`)));
    expect(facts).toMatchObject({ mime, width: 61, height: 37 });
  });

  it('knows a broken picture or text for none, and never throws', () => {
    expect(pictureFacts(Buffer.from('<svg></svg>'))).toBeNull();
    const signs = [
      [0xff, 0xd8, 0xff],
      [0x89, 0x50, 0x4e, 0x47],
      [0x47, 0x49, 0x46, 0x38],
      [...Buffer.from('RIFF1234WEBP')],
    ];
    fc.assert(
      fc.property(fc.constantFrom(...signs), fc.uint8Array({ maxLength: 60 }), (sign, rest) => {
        pictureFacts(Uint8Array.from([...sign, ...rest]));
      }),
    );
  });
});
