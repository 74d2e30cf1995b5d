import type { SideEnds } from './side.ts';
import type { Store } from './store.ts';

/** Where sides end, kept for good. What cannot be written is told, and the side goes on. */
export function createSideEnds(store: Store, onTrouble: (error: unknown) => void): SideEnds {
  const has = store.prepare('SELECT 1 FROM side_ends WHERE release = ? AND track_no = ?');
  const put = store.prepare('INSERT OR IGNORE INTO side_ends (release, track_no) VALUES (?, ?)');
  const drop = store.prepare('DELETE FROM side_ends WHERE release = ? AND track_no = ?');
  function write(statement: typeof put, release: string, trackNo: number): void {
    try {
      statement.run(release, trackNo);
    } catch (error) {
      onTrouble(error);
    }
  }
  return {
    has: (release, trackNo) => has.get(release, trackNo) !== undefined,
    learn: (release, trackNo) => write(put, release, trackNo),
    forget: (release, trackNo) => write(drop, release, trackNo),
  };
}
