import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { sha256 } from './checksums.ts';

export type Pinned = { address: string; sha256: string };

/**
 * Fetches a file and puts it at `to`, executable, once its SHA-256 is the pinned one. Throws, and leaves nothing,
 * when it cannot be had or is another.
 */
export async function fetchPinned({ address, sha256: pinned }: Pinned, to: string): Promise<void> {
  const answer = await fetch(address, { signal: AbortSignal.timeout(120_000) });
  if (!answer.ok) throw new Error(`${address} answers ${answer.status}.`);
  mkdirSync(dirname(to), { recursive: true });
  const fresh = `${to}.new`;
  try {
    writeFileSync(fresh, Buffer.from(await answer.arrayBuffer()));
    const found = await sha256(fresh);
    if (found !== pinned) throw new Error(`${address} has the SHA-256 ${found}, not the pinned one.`);
    chmodSync(fresh, 0o755);
    renameSync(fresh, to);
  } finally {
    rmSync(fresh, { force: true });
  }
}
