import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The version of the sources in `root`. Throws when package.json and the Cargo manifests disagree, or do not fit
 * the tag (`v1.2.3`) where one is given.
 */
export function agreedVersion({ root, tag }: { root: string; tag?: string }): string {
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  const { version } = JSON.parse(read('package.json')) as { version: string };
  // A Windows Installer package takes three numbers and no more: two of a byte, one of two.
  const numbers = /^(\d{1,3})\.(\d{1,3})\.(\d{1,5})$/.exec(version)?.slice(1).map(Number);
  if (!numbers || numbers[0] > 255 || numbers[1] > 255 || numbers[2] > 65_535)
    throw new Error(`package.json: ${version} is not a version that Windows Installer takes (like 1.2.3).`);
  const problems = cargoVersions(read)
    .filter(({ found }) => found !== version)
    .map(({ path, found }) => `${path} says ${found}`);
  if (tag !== undefined && tag !== `v${version}`) problems.push(`the tag is ${tag}`);
  if (problems.length > 0) throw new Error(`package.json says ${version}, but ${problems.join(', ')}.`);
  return version;
}

const manifests = ['src-tauri/Cargo.toml', 'src-tauri/Cargo.lock'];

/** The first version below the section of a program of ours. */
function cargoVersions(read: (path: string) => string): { path: string; found: string }[] {
  return manifests.map((path) => {
    const section = path.endsWith('.lock')
      ? '\\[\\[package\\]\\]\\nname = "pidentify"'
      : '\\[workspace\\.package\\]';
    const found = new RegExp(`${section}\\nversion = "([^"]+)"`).exec(read(path))?.[1];
    return { path, found: found ?? 'nothing' };
  });
}

/** What CHANGELOG.md says of a version: the text below `## 1.2.3`. Throws when it says nothing. */
export function notesOf(version: string, changelog: string): string {
  const section = changelog.split(/^## /m).find((part) => part.split(/[\s,]/, 1)[0] === version);
  const notes = section?.split('\n').slice(1).join('\n').trim();
  if (!notes) throw new Error(`CHANGELOG.md says nothing of ${version}.`);
  return notes;
}
