import { parseConfig } from '@pidentify/contracts';
import { createLog, type Folders, type Log, readConfigFile } from '@pidentify/platform';
import type { Announcer } from './announcer.ts';
import type { DiskWork } from './disk-work.ts';
import { becomeInstance, type Instance } from './instance.ts';
import { type LogFiles, openLogFiles } from './log-files.ts';
import type { Options } from './options.ts';
import { choosePort } from './ports.ts';
import { prepareFolders } from './prepare-folders.ts';
import type { Surroundings } from './surroundings.ts';

/** What must be right before anything is started. */
export type Ground = { folders: Folders; instance: Instance; logs: LogFiles; log: Log; port: number };

/**
 * Folders, the lock of the data folder, log files, config.yaml, the port. What has to be undone is put on
 * `started`. Throws data_folder_unwritable, disk_full, already_running, port_taken; all else is a warning.
 */
export async function prepare(options: {
  given: Surroundings;
  options: Options;
  folders: Folders;
  announcer: Announcer;
  started: AsyncDisposableStack;
  disk: DiskWork;
}): Promise<Ground> {
  const { given, folders, announcer, started, disk } = options;
  const warnings = await prepareFolders(folders, disk);
  const instance = await becomeInstance(folders.run);
  started.defer(instance.release);
  const logs = openLogFiles(folders.logs);
  started.defer(logs.close);
  const stream = logs.of('supervisor');
  const log = createLog({ service: 'supervisor', level: 'info', write: (line) => void stream.write(line) });
  log('info', `Pidentify ${given.version}, data in ${folders.data}, music in ${folders.music}`);
  const config = await readConfigFile({ dir: folders.data, parse: parseConfig });
  for (const warning of [...warnings, ...config.warnings]) {
    announcer.phase('warning', warning);
    log('warn', warning);
  }
  return { folders, instance, logs, log, port: await choosePort(options.options.port) };
}
