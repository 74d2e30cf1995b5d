import { must, run } from './run.ts';

/** A process; `started` tells it from a later one with the same number. */
export type ProcessFacts = { pid: number; parent: number; started: string; command: string };

const windowsQuery =
  'Get-CimInstance Win32_Process | ForEach-Object { "$($_.ProcessId) $($_.ParentProcessId) " +' +
  ' "$($_.CreationDate.ToFileTimeUtc()) $($_.CommandLine)" }';

/** Every process of this machine that still runs. */
export function listProcesses(platform: NodeJS.Platform): ProcessFacts[] {
  if (platform === 'win32')
    return parse(
      must(run, 'powershell', ['-NoProfile', '-Command', windowsQuery]),
      /^(\d+) (\d+) (\d+) ?(.*)$/,
    );
  const listed = must(run, 'ps', ['-A', '-ww', '-o', 'pid=,ppid=,lstart=,stat=,args=']);
  // A process that has ended and whose parent has not asked for its status shows as Z.
  return parse(listed, /^\s*(\d+)\s+(\d+)\s+(\w+\s+\w+\s+\d+\s+[\d:]+\s+\d+)\s+[^Z\s]\S*\s+(.*)$/);
}

function parse(text: string, line: RegExp): ProcessFacts[] {
  return text.split('\n').flatMap((row) => {
    const [, pid, parent, started, command] = line.exec(row.trimEnd()) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), started, command }];
  });
}

/** The processes that `pid` started, and those that they started. */
export function descendants(all: ProcessFacts[], pid: number): ProcessFacts[] {
  const children = all.filter(({ parent }) => parent === pid);
  return children.flatMap((child) => [child, ...descendants(all, child.pid)]);
}
