const levels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof levels)[number];

/** One line a call; `text` may be a stack. */
export type Log = (level: LogLevel, text: string) => void;

/** Lines with time, level and service on standard error, where the supervisor collects them. */
export function createLog(options: {
  service: string;
  /** What is less than this is left out. */
  level: LogLevel;
  write?: (line: string) => void;
}): Log {
  const { service, level: least, write = (line: string) => process.stderr.write(line) } = options;
  return (level, text) => {
    if (levels.indexOf(level) < levels.indexOf(least)) return;
    write(`${new Date().toISOString()} ${level} ${service}: ${text}\n`);
  };
}
