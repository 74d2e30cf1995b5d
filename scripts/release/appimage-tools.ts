/** What Tauri makes an AppImage with: it would fetch these itself, and unpinned. Names are those it looks for. */
import { join } from 'node:path';
import { fetchPinned, type Pinned } from './fetch-pinned.ts';

const tauri = 'https://github.com/tauri-apps/binary-releases/releases/download';
const plugin =
  'https://github.com/linuxdeploy/linuxdeploy-plugin-appimage/releases/download/1-alpha-20250213-1';

const hashes = {
  x64: {
    appRun: 'f30140a43a0a59e46db21bdefdf749b9e9f2c6946e92afabbacf98b8ae73fb4f',
    linuxdeploy: '36a2d7e274d12e1050d0e9ecfe11d339ed54720b2bec464c286d53f8b07f5c62',
    plugin: '992d502a248e14ab185448ddf6f6e7d25558cb84d4623c354c3af350c25fccb3',
  },
  arm64: {
    appRun: '072f17c0895a85c490282fe5395c5007e5fc75da727e553b3b8fb680feb11578',
    linuxdeploy: '556ab80baa98e600aa80f0dcedfb70bca0e1ce7e9f147fb345be3fcc3e91b2b1',
    plugin: '83c292149274965a865dcd44c135cfca8ba28c6b7de3eb628d4b8b5f248af17c',
  },
};

/** File name and pin of each tool. Throws for an architecture that there are none for. */
export function appImageTools(architecture: string): Record<string, Pinned> {
  if (architecture !== 'x64' && architecture !== 'arm64')
    throw new Error(`There is no AppImage for ${architecture}.`);
  const name = architecture === 'x64' ? 'x86_64' : 'aarch64';
  const { appRun, linuxdeploy, plugin: pluginHash } = hashes[architecture];
  return {
    [`AppRun-${name}`]: { address: `${tauri}/apprun-old/AppRun-${name}`, sha256: appRun },
    [`linuxdeploy-07333c6-${name}.AppImage`]: {
      address: `${tauri}/linuxdeploy-07333c6/linuxdeploy-${name}.AppImage`,
      sha256: linuxdeploy,
    },
    'linuxdeploy-plugin-appimage.AppImage': {
      address: `${plugin}/linuxdeploy-plugin-appimage-${name}.AppImage`,
      sha256: pluginHash,
    },
  };
}

/** Puts every tool into `folder`. Throws when one cannot be had. */
export async function provideTools(tools: Record<string, Pinned>, folder: string): Promise<void> {
  for (const [name, pinned] of Object.entries(tools)) await fetchPinned(pinned, join(folder, name));
}
