import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * The first sound of a file that we cannot read ourselves, as a WAV stream of 32-bit floats, by the ffmpeg
 * of this machine. Ending the iteration ends ffmpeg. Throws when there is none or it cannot read the file.
 */
export async function* decodeWithFfmpeg(path: string): AsyncGenerator<Uint8Array, void> {
  // `file:` keeps a path from being taken for an option or an address.
  const input = ['-v', 'error', '-nostdin', '-i', `file:${path}`, '-map', '0:a:0'];
  const args = [...input, '-c:a', 'pcm_f32le', '-f', 'wav', '-'];
  const child = spawn('ffmpeg', args, { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-500);
  });
  const ended = once(child, 'close').then(
    ([status]: unknown[]) => (status === 0 ? null : failureOf(said.trim() || `status ${status}`)),
    (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' ? new Error('This kind of sound file can only be read with ffmpeg.') : error,
  );
  try {
    yield* child.stdout;
    const failure = await ended;
    if (failure) throw failure;
  } finally {
    child.kill('SIGKILL');
  }
}

function failureOf(said: string): Error {
  const cause = new Error(`ffmpeg: ${said}`);
  return noSound.test(said) ? new Error('it is not a sound file, or it is damaged', { cause }) : cause;
}

/** ffmpeg's words for a file of no known kind, and for one with pictures only. */
const noSound = /Invalid data found|matches no streams/;
