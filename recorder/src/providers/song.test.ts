import { describe, expect, it } from 'vitest';
import { songId, songTrack } from './song.ts';

describe('a song', () => {
  it('is the same however services spell it', () => {
    const id = songId({ artist: 'Sigur Rós', title: 'Svefn-g-englar' });
    expect(songId({ artist: 'SIGUR ROS', title: 'Svefn G Englar ' })).toBe(id);
    expect(songId({ artist: 'Sigur Rós', title: 'Svefn-g-englar (Live)' })).not.toBe(id);
    expect(songId({ artist: '!!!', title: '???' })).not.toBe(songId({ artist: '!!!', title: '!' }));
    expect(songId({ artist: '坂本龍一', title: '戦場' })).not.toBe(
      songId({ artist: '坂本龍一', title: '千のナイフ' }),
    );
  });

  it('has texts that are cut to what a track may hold, and none that are empty', () => {
    const track = songTrack({
      source: 'audd',
      title: 'x'.repeat(5000),
      artist: 'A',
      album: ' ',
      label: null,
    });
    expect(track.track_name).toHaveLength(1024);
    expect([track.album_name, track.label, track.duration_seconds]).toEqual([null, null, null]);
    const odd = songTrack({ source: 'audd', title: 'x', artist: 'A', trackNo: -1, durationSeconds: 1e9 });
    expect([odd.track_no, odd.duration_seconds]).toEqual([null, null]);
  });
});
