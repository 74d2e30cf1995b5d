import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Environment, Platform } from './host.ts';

/**
 * The capture helper: the one the environment names (PIDENTIFY_CAPTURE), the one installed beside the embedded Node,
 * the one scripts/provide-capture.mjs compiled; null: none.
 */
export function findCaptureHelper(places: {
  platform: Platform;
  env: Environment;
  cache?: string;
  /** Of the running Node. */
  execPath?: string;
}): string | null {
  const { platform, env, cache, execPath = process.execPath } = places;
  const program = platform === 'windows' ? 'pidentify-capture.exe' : 'pidentify-capture';
  const candidates = [
    env.PIDENTIFY_CAPTURE,
    join(dirname(execPath), program),
    cache && join(cache, 'tools', 'capture', program),
  ];
  return candidates.find((path) => path && existsSync(path)) ?? null;
}
