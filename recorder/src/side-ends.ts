import type { SideEnds } from './side.ts';
import type { Store } from './store.ts';

/** Where sides end, kept for good; `track_no` is the place on the release. What cannot be written is told, and the side goes on. */
export function createSideEnds(store: Store, onTrouble: (error: unknown) => void): SideEnds {
  const has = store.prepare('SELECT 1 FROM side_ends WHERE release = ? AND track_no = ?');
  const put = store.prepare('INSERT OR IGNORE INTO side_ends (release, track_no) VALUES (?, ?)');
  const drop = store.prepare('DELETE FROM side_ends WHERE release = ? AND track_no = ?');
  function write(statement: typeof put, release: string, place: number): void {
    try {
      statement.run(release, place);
    } catch (error) {
      onTrouble(error);
    }
  }
  return {
    has: (release, place) => has.get(release, place) !== undefined,
    learn: (release, place) => write(put, release, place),
    forget: (release, place) => write(drop, release, place),
  };
}
