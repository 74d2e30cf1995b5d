import type { SideEnds } from './side.ts';
import type { Store } from './store.ts';

/** Where sides end, kept for good. */
export function createSideEnds(store: Store): SideEnds {
  const has = store.prepare('SELECT 1 FROM side_ends WHERE release = ? AND track_no = ?');
  const put = store.prepare('INSERT OR IGNORE INTO side_ends (release, track_no) VALUES (?, ?)');
  const drop = store.prepare('DELETE FROM side_ends WHERE release = ? AND track_no = ?');
  return {
    has: (release, trackNo) => has.get(release, trackNo) !== undefined,
    learn: (release, trackNo) => void put.run(release, trackNo),
    forget: (release, trackNo) => void drop.run(release, trackNo),
  };
}
