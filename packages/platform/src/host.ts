/** The systems Pidentify knows; everything that differs between them takes this as an argument. */
export type Platform = 'linux' | 'macos' | 'windows';

/** The system this process runs on. Unknown Unixes are treated as Linux. */
export function hostPlatform(): Platform {
  if (process.platform === 'darwin') return 'macos';
  return process.platform === 'win32' ? 'windows' : 'linux';
}

export type Environment = Readonly<Record<string, string | undefined>>;
