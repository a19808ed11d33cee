// The services' logger: pino, JSON lines on standard error.
import { destination, type Logger, pino } from 'pino';

export type { Logger };

/** A logger for one service; `level` is pino's, e.g. `info` or `silent`. */
export function createLogger(service: string, level = 'info'): Logger {
  return pino({ level, base: { service }, redact: REDACTED }, destination({ fd: 2, sync: true }));
}

const REDACTED = ['token', '*.token', 'authorization', '*.authorization', 'req.headers'];
