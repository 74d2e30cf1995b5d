import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Builds what the tests run: the packages themselves. Quick when nothing has changed. */
export default function setup(): void {
  const script = join(import.meta.dirname, '../../scripts/build-native.ts');
  const { status } = spawnSync('nice', ['-n', '10', process.execPath, script], { stdio: 'inherit' });
  if (status !== 0) throw new Error('The native app could not be built.');
}
