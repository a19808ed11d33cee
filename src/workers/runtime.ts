// The Temporal Core runtime: its metrics on a loopback port, its log lines into ours.
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';

const LEVELS = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
} as const;

/** Installs the process-wide runtime; must run before any connection or worker is made. */
export function installRuntime(logger: Logger, sdkMetricsListen: string): void {
  Runtime.install({
    logger: new DefaultLogger('INFO', ({ level, message, meta }) =>
      logger[LEVELS[level]]({ temporal: meta }, message),
    ),
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'WARN', other: 'WARN' }), forward: {} },
      metrics: {
        prometheus: {
          bindAddress: sdkMetricsListen,
          countersTotalSuffix: true,
          unitSuffix: true,
          useSecondsForDurations: true,
        },
      },
    },
    // The entry ends workers itself, in its own order.
    shutdownSignals: [],
  });
}
