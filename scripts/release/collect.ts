import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Target } from './targets.ts';

/**
 * Copies what one system's build made into `out`, under the names of the release; returns those names. `extra`
 * are files that come beside the packages (path, name in the release). Throws before anything is copied when
 * a file lacks: a release without it would go unnoticed.
 */
export function collect(options: {
  target: Target;
  version: string;
  bundle: string;
  /** Whether this build signs updates. */
  signed: boolean;
  extra: [path: string, released: string][];
  out: string;
}): string[] {
  const { target, version, bundle, signed, extra, out } = options;
  const packages = target
    .artefacts(version)
    // The archive of the macOS app is made for the updater alone.
    .filter(({ built }) => signed || !built.endsWith('.app.tar.gz'))
    .flatMap(({ built, released, updaterKeys }) => {
      const file = [join(bundle, built), released] as const;
      const signature = [join(bundle, `${built}.sig`), `${released}.sig`] as const;
      return signed && updaterKeys.length > 0 ? [file, signature] : [file];
    });
  const files = [...packages, ...extra];
  const missing = files.filter(([from]) => !existsSync(from)).map(([from]) => from);
  if (missing.length > 0) throw new Error(`The build for ${target.name} did not make ${missing.join(', ')}.`);
  mkdirSync(out, { recursive: true });
  for (const [from, name] of files) copyFileSync(from, join(out, basename(name)));
  return files.map(([, name]) => name);
}
