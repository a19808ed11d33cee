// The logger of every product process: JSON lines on standard error, secrets redacted.
import { type Logger, pino } from 'pino';

/** A logger that names its process; standard output stays free for what a command prints. */
export function createProcessLogger(name: string, level: string): Logger {
  const redact = ['token', 'authorization', '*.token', '*.authorization'];
  const settings = { name, level, redact, serializers: { err: plainError } };
  return pino(settings, pino.destination({ dest: 2, sync: false }));
}

/** What a reader needs of an error: libraries hang whole connections on theirs. */
function plainError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack, cause } = error;
  const code = 'code' in error ? error.code : undefined;
  return { name, message, code, stack, cause: cause === undefined ? undefined : plainError(cause) };
}
