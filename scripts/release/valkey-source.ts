import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fetchPinned, type Pinned } from './fetch-pinned.ts';
import { must, type Run } from './run.ts';

/** For macOS, where nobody offers a program that runs without Homebrew. */
export const valkeySource: Pinned = {
  address: 'https://github.com/valkey-io/valkey/archive/refs/tags/9.1.2.tar.gz',
  sha256: '19c23908e7d57e8d91ef85b41f5646307582f10f4f0fb999bbf89ed24ec9c983',
};

/**
 * Builds a Valkey server from its sources into the file `out`, with nothing that it would have to find on the
 * user's machine. Throws when the sources cannot be had, are not those that were pinned, or do not compile.
 */
export async function buildValkey(options: { source: Pinned; out: string; run: Run }): Promise<void> {
  const { source, out, run } = options;
  const work = mkdtempSync(join(tmpdir(), 'pidentify-valkey-'));
  try {
    const archive = join(work, 'source.tar.gz');
    await fetchPinned(source, archive);
    must(run, 'tar', ['-xzf', archive, '-C', work, '--strip-components=1']);
    const wishes = ['BUILD_TLS=no', 'BUILD_RDMA=no', 'USE_SYSTEMD=no', 'MALLOC=libc'];
    must(run, 'make', ['-C', join(work, 'src'), `-j${availableParallelism()}`, ...wishes, 'valkey-server']);
    mkdirSync(dirname(out), { recursive: true });
    copyFileSync(join(work, 'src', 'valkey-server'), out);
    must(run, out, ['--version']);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
