import { readFile } from 'node:fs/promises';

const mostLines = 15;
/** Where something was thrown helps nobody who only wants to start it; the file has it. */
const isStackFrame = (line: string) => /^\s+at /.test(line);

/** The last lines of a log file, oldest first; none where it cannot be read. Log files are small: 5 MB at most. */
export async function readLastLines(path: string): Promise<string[]> {
  try {
    const lines = (await readFile(path, 'utf8')).split('\n');
    return lines.filter((line) => line !== '' && !isStackFrame(line)).slice(-mostLines);
  } catch {
    return []; // there is none, as on a full disk: the sentence has to do
  }
}
