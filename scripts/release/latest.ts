/** latest.json: where an installed Pidentify finds the next version. A key that lacks reads as "up to date". */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type PublicKey, verifySignature } from './minisign.ts';
import { updaterFiles } from './targets.ts';

const latestSchema = z.strictObject({
  version: z.string(),
  notes: z.string(),
  pub_date: z.iso.datetime(),
  platforms: z.record(z.string(), z.strictObject({ url: z.url(), signature: z.string().min(1) })),
});
export type Latest = z.infer<typeof latestSchema>;

type Release = {
  /** Folder with every file of the release. */
  folder: string;
  version: string;
  /** Address that the names of files are put behind. */
  baseUrl: string;
};

/** Throws when a file or its signature lacks. */
export function buildLatest(options: Release & { notes: string; date: Date }): Latest {
  const { folder, version, baseUrl, notes, date } = options;
  const platforms = [...updaterFiles(version)].map(([key, file]) => {
    const signature = join(folder, `${file}.sig`);
    for (const path of [join(folder, file), signature]) {
      if (!existsSync(path)) throw new Error(`latest.json needs ${path} (${key}), which is not there.`);
    }
    return [
      key,
      { url: addressOf(baseUrl, file), signature: readFileSync(signature, 'utf8').trim() },
    ] as const;
  });
  return { version, notes, pub_date: date.toISOString(), platforms: Object.fromEntries(platforms) };
}

/** Everything that is wrong with the text of a latest.json, a sentence each; none: it may be published. */
export function problemsOfLatest(options: Release & { text: string; key: PublicKey }): string[] {
  const { text, version } = options;
  const parsed = latestSchema.safeParse(parseJson(text));
  if (!parsed.success)
    return parsed.error.issues.map(({ path, message }) => `latest.json: ${path.join('.')}: ${message}`);
  const latest = parsed.data;
  const expected = updaterFiles(version);
  const unknown = Object.keys(latest.platforms).filter((key) => !expected.has(key));
  return [
    ...(latest.version === version ? [] : [`version is ${latest.version}, not ${version}`]),
    ...unknown.map((key) => `${key}: nobody asks for this key`),
    ...[...expected].flatMap(([key, file]) => {
      const problem = problemOfPlatform({ ...options, file, platform: latest.platforms[key] });
      return problem === null ? [] : [`${key}: ${problem}`];
    }),
  ];
}

function problemOfPlatform(
  options: Release & { key: PublicKey; file: string; platform?: Latest['platforms'][string] },
): string | null {
  const { folder, version, baseUrl, key, file, platform } = options;
  if (!platform) return 'is missing';
  const url = addressOf(baseUrl, file);
  if (platform.url !== url) return `leads to ${platform.url}, not to ${url}`;
  if (!existsSync(join(folder, file))) return `${file} is not part of the release`;
  try {
    const signed = verifySignature({
      key,
      text: platform.signature,
      bytes: readFileSync(join(folder, file)),
    });
    return signed.version === version ? null : `the signature is for version ${signed.version}`;
  } catch (error) {
    return `the signature of ${file} cannot be used: ${(error as Error).message}`;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // the schema says what it should have been
  }
}

const addressOf = (baseUrl: string, file: string) =>
  `${baseUrl.replace(/\/$/, '')}/${encodeURIComponent(file)}`;
