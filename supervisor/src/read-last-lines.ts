import { readFile } from 'node:fs/promises';

const mostLines = 15;

/** The last lines of a log file, oldest first; none where it cannot be read. Log files are small: 5 MB at most. */
export async function readLastLines(path: string): Promise<string[]> {
  try {
    return (await readFile(path, 'utf8')).split('\n').filter(Boolean).slice(-mostLines);
  } catch {
    return []; // there is none, as on a full disk: the sentence has to do
  }
}
