import { createHash } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Rig, startRig } from '../testing/rig.ts';

const png = Buffer.from('\x89PNG\r\n\x1a\nand what follows', 'latin1');
const jpeg = Buffer.from('\xff\xd8\xff\xe0 and what follows', 'latin1');
const webp = Buffer.from('RIFF\x10\x00\x00\x00WEBPVP8 ', 'latin1');

let rig: Rig;
beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.close());
const post = (bytes: Uint8Array, type = 'image/png') =>
  rig.call('POST', '/api/artwork', bytes, { 'content-type': type });

describe('artwork', () => {
  it.each([
    [png, 'png', 'image/png'],
    [jpeg, 'jpg', 'image/jpeg'],
    [webp, 'webp', 'image/webp'],
  ])('is kept by its hash and served for ever %#', async (bytes, ending, type) => {
    const { json } = await post(bytes);
    const hash = createHash('sha256').update(bytes).digest('hex');
    expect(json).toMatchObject({ success: true, data: `/api/artwork/${hash}.${ending}` });
    const answer = await fetch(rig.url + json.data);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes);
    expect(answer.headers.get('content-type')).toBe(type);
    expect(answer.headers.get('cache-control')).toContain('immutable');
  });

  it('is kept once', async () => {
    await Promise.all([post(png), post(png), post(png)]);
    expect(readdirSync(join(rig.data, 'artwork'))).toHaveLength(1);
  });

  it('is judged by its bytes, not by what it says it is', async () => {
    const refused = await post(Buffer.from('<svg onload="alert(1)"/>'));
    expect([refused.status, refused.json.status]).toEqual([400, 'image_not_allowed']);
    expect((await post(jpeg)).json.data).toMatch(/\.jpg$/);
    expect((await post(Buffer.from('{}'), 'application/json')).json.status).toBe('image_not_allowed');
    expect((await post(png, 'image/svg+xml')).json.status).toBe('media_type_not_allowed');
    expect((await post(Buffer.alloc(0))).status).toBe(400);
  });

  it('may be large, but not too large', async () => {
    const large = Buffer.concat([png, Buffer.alloc(9_000_000)]);
    expect((await post(large)).status).toBe(200);
    expect((await post(Buffer.concat([large, large]))).json.status).toBe('payload_too_large');
  });

  it('pictures are accepted nowhere else', async () => {
    const answer = await rig.call('PATCH', '/api/settings', png, { 'content-type': 'image/png' });
    expect(answer.json.status).toBe('media_type_not_allowed');
  });

  it.each(['x', '..%2fdatabase.db', `${'a'.repeat(64)}.jpg`, `${'a'.repeat(64)}.svg`, '%00'])(
    'has nothing at %s',
    async (file) => {
      writeFileSync(join(rig.data, 'secret'), 'x');
      const { status, json } = await rig.call('GET', `/api/artwork/${file}`);
      expect([status, json.status]).toEqual([404, 'artwork_not_found']);
    },
  );
});
