import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { decodeWithFfmpeg } from './decode-with-ffmpeg.ts';

const folder = mkdtempSync(join(tmpdir(), 'pidentify-ffmpeg-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('decodeWithFfmpeg', () => {
  it('delivers the sound of a file, whatever its name', async () => {
    const path = join(folder, '-i odd: name.m4a');
    execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'sine=d=1', '-c:a', 'aac', `file:${path}`]);
    const blocks: Uint8Array[] = [];
    for await (const block of decodeWithFfmpeg(path)) blocks.push(block);
    const sound = Buffer.concat(blocks);
    expect(sound.toString('latin1', 0, 4)).toBe('RIFF');
    expect(sound.length).toBeGreaterThan(44_100 * 4);
  });

  it('says what is wrong with a file', async () => {
    const path = join(folder, 'broken.m4a');
    writeFileSync(path, 'no sound');
    await expect(decodeWithFfmpeg(path).next()).rejects.toThrow('it is not a sound file, or it is damaged');
    await expect(decodeWithFfmpeg(join(folder, 'absent.m4a')).next()).rejects.toThrow('ffmpeg: ');
  });

  it('ends the program when the listener has heard enough', async () => {
    const path = join(folder, 'long.wav');
    execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'sine=d=60', path]);
    for await (const block of decodeWithFfmpeg(path)) {
      expect(block.length).toBeGreaterThan(0);
      break;
    }
  });
});
