// The logger of every product process: JSON lines on standard error, secrets redacted.
import { type Logger, pino } from 'pino';

/** A logger that names its process; standard output stays free for what a command prints. */
export function createProcessLogger(name: string, level: string): Logger {
  return pino(
    { name, level, redact: ['token', 'authorization', '*.token', '*.authorization'] },
    pino.destination({ dest: 2, sync: false }),
  );
}
