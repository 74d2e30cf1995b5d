import { copyFile, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Document, isMap, parseDocument } from 'yaml';
import { replaceFile } from './safe-write.ts';

/** Reads the values key by key: a bad one costs that key alone. */
export type ConfigParser<C> = (raw: Readonly<Record<string, unknown>>) => {
  config: C;
  problems: readonly { key: string; message: string }[];
};

const fileName = 'config.yaml';
const brokenPrefix = `${fileName}.broken-`;
/** A config.yaml has a few hundred bytes. */
const mostBytes = 1 << 20;

/** The values of config.yaml, and sentences for people about those that were not usable. */
export type ConfigReading<C> = { config: C; warnings: string[] };

/**
 * Reads config.yaml in `dir`; one that is missing is empty. One that is no YAML mapping is renamed to
 * `config.yaml.broken-<time>`, and the defaults are used. Throws when the folder cannot be read.
 */
export async function readConfigFile<C>(options: {
  dir: string;
  parse: ConfigParser<C>;
  now?: () => Date;
}): Promise<ConfigReading<C>> {
  const { dir, parse, now = () => new Date() } = options;
  const text = await readText(join(dir, fileName));
  const document = parseMapping(text);
  if (!document) await setAside(join(dir, fileName), join(dir, `${brokenPrefix}${timestamp(now())}`));
  if (!document || text === '') return { config: parse({}).config, warnings: await warnOfBroken(dir) };
  const { config, problems } = parse(document.toJS() ?? {});
  const warnings = problems.map(
    ({ key, message }) => `${fileName}: "${key}" is not used: ${message.replace(/\.$/, '')}.`,
  );
  return { config, warnings };
}

/**
 * Writes the keys that differ from the defaults into config.yaml; comments and keys of others stay. Values
 * that were not usable are replaced, after a copy was kept as `config.yaml.bak-<time>`.
 */
export async function writeConfigFile<C extends object>(options: {
  dir: string;
  config: C;
  parse: ConfigParser<C>;
  now?: () => Date;
}): Promise<void> {
  const { dir, config, parse, now = () => new Date() } = options;
  const path = join(dir, fileName);
  const text = await readText(path);
  const existing = parseMapping(text);
  const time = timestamp(now());
  if (!existing) await setAside(path, join(dir, `${brokenPrefix}${time}`));
  const document = existing?.contents ? existing : new Document({});
  const raw: Record<string, unknown> = existing?.toJS() ?? {};
  if (parse(raw).problems.length > 0) await copyFile(path, `${path}.bak-${time}`);
  const defaults = parse({}).config;
  for (const [key, value] of Object.entries(config)) {
    if (isDeepStrictEqual(value, defaults[key as keyof C])) document.delete(key);
    else if (!isDeepStrictEqual(value, raw[key])) document.set(key, value);
  }
  // Nobody else may read the password's hash.
  await replaceFile(path, document.toString(), 0o600);
}

/** Whoever reads first keeps the file aside; everybody says so, until a new one is written. */
async function warnOfBroken(dir: string): Promise<string[]> {
  const broken = (await readdir(dir)).filter((name) => name.startsWith(brokenPrefix)).sort();
  const aside = broken.at(-1);
  if (!aside) return [];
  return [`${fileName} could not be understood. It was kept as ${aside}; the defaults are used.`];
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/** Null: not a YAML mapping. An empty file is an empty mapping. */
function parseMapping(text: string): Document.Parsed | null {
  if (text.length > mostBytes) return null;
  try {
    const document = parseDocument(text, { logLevel: 'silent' });
    if (document.errors.length > 0) return null;
    const isEmpty = document.toJS({ maxAliasCount: 100 }) === null;
    return isEmpty || isMap(document.contents) ? document : null;
  } catch {
    return null; // aliases that grow without end, which only show when they are followed
  }
}

async function setAside(path: string, aside: string): Promise<void> {
  await rename(path, aside).catch((error: NodeJS.ErrnoException) => {
    // Another process of ours did it a moment ago.
    if (error.code !== 'ENOENT') throw error;
  });
}

function timestamp(date: Date): string {
  return date.toISOString().replace(/[:.]/g, '-');
}
