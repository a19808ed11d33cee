// The services' logger: pino, JSON lines on standard error.
import { destination, type Logger, pino } from 'pino';

export type { Logger };

/** A logger for one service; `level` is pino's, e.g. `info` or `silent`. */
export function createLogger(service: string, level = 'info'): Logger {
  const serializers = { err: plainError };
  const settings = { level, base: { service }, redact: REDACTED, serializers };
  return pino(settings, destination({ fd: 2, sync: true }));
}

/** What a reader needs of an error: libraries hang whole connections on theirs. */
function plainError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack, cause } = error;
  const code = 'code' in error ? error.code : undefined;
  return { name, message, code, stack, cause: cause === undefined ? undefined : plainError(cause) };
}

const REDACTED = ['token', '*.token', 'authorization', '*.authorization', 'req.headers'];
