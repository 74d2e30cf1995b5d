/** What a release consists of: every file of every system, and which of them an installed Pidentify asks for. */

/** A file that `tauri build` leaves in its bundle folder. */
export type Artefact = {
  /** Path below the bundle folder. */
  built: string;
  /** Name in the release. */
  released: string;
  /** Keys of latest.json that lead to it; none: this kind does not replace itself. */
  updaterKeys: string[];
};

export type Target = { name: TargetName; artefacts: (version: string) => Artefact[] };

const targetNames = ['macos-arm64', 'macos-x64', 'windows-x64', 'linux-x64', 'linux-arm64'] as const;
export type TargetName = (typeof targetNames)[number];

const macos = (architecture: string, updater: string) => (version: string) => [
  plain('dmg', `Pidentify_${version}_${architecture}.dmg`),
  {
    built: 'macos/Pidentify.app.tar.gz',
    released: `Pidentify_${version}_${architecture}.app.tar.gz`,
    updaterKeys: [updater, `${updater}-app`],
  },
];

const windows = (version: string) => [
  updating('nsis', `Pidentify_${version}_x64-setup.exe`, ['windows-x86_64', 'windows-x86_64-nsis']),
  updating('msi', `Pidentify_${version}_x64_en-US.msi`, ['windows-x86_64-msi']),
];

/** `debian`, `rpm` and `appimage` are the names each of them has for the architecture. */
const linux =
  ({ debian, rpm, appimage, updater }: Record<'debian' | 'rpm' | 'appimage' | 'updater', string>) =>
  (version: string) => [
    plain('deb', `Pidentify_${version}_${debian}.deb`),
    plain('rpm', `Pidentify-${version}-1.${rpm}.rpm`),
    updating('appimage', `Pidentify_${version}_${appimage}.AppImage`, [updater, `${updater}-appimage`]),
  ];

function plain(folder: string, name: string): Artefact {
  return { built: `${folder}/${name}`, released: name, updaterKeys: [] };
}

function updating(folder: string, name: string, updaterKeys: string[]): Artefact {
  return { built: `${folder}/${name}`, released: name, updaterKeys };
}

const artefactsOf: Record<TargetName, Target['artefacts']> = {
  'macos-arm64': macos('aarch64', 'darwin-aarch64'),
  'macos-x64': macos('x64', 'darwin-x86_64'),
  'windows-x64': windows,
  'linux-x64': linux({ debian: 'amd64', rpm: 'x86_64', appimage: 'amd64', updater: 'linux-x86_64' }),
  'linux-arm64': linux({ debian: 'arm64', rpm: 'aarch64', appimage: 'aarch64', updater: 'linux-aarch64' }),
};

export const targets: Target[] = targetNames.map((name) => ({ name, artefacts: artefactsOf[name] }));

/** Throws when there is no such target. */
export function targetNamed(name: string): Target {
  const target = targets.find((candidate) => candidate.name === name);
  if (!target) throw new Error(`There is no target ${name}: ${targetNames.join(', ')}`);
  return target;
}

/** Every key that latest.json has to have, with the name of the file it leads to. */
export function updaterFiles(version: string): Map<string, string> {
  const files = targets.flatMap((target) => target.artefacts(version));
  return new Map(files.flatMap(({ updaterKeys, released }) => updaterKeys.map((key) => [key, released])));
}
