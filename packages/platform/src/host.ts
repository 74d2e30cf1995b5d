/** The systems Pidentify knows; everything that differs between them takes this as an argument. */
export type Platform = 'linux' | 'macos' | 'windows';

/** The system this process runs on. Unknown Unixes are treated as Linux. */
export function hostPlatform(): Platform {
  if (process.platform === 'darwin') return 'macos';
  return process.platform === 'win32' ? 'windows' : 'linux';
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Whether there is a screen to show something on. */
export function hasScreen({ platform, env }: { platform: Platform; env: Environment }): boolean {
  return platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}
