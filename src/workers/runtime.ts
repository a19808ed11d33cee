// The Temporal Core runtime: its metrics on a loopback port, its log lines into ours.
import {
  DefaultLogger,
  makeTelemetryFilterString,
  Runtime,
  type RuntimeOptions,
} from '@temporalio/worker';
import type { Logger } from 'pino';

const LEVELS = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
} as const;

/**
 * Installs the process-wide runtime; must run before any connection or worker is made. Throws when
 * the metrics' address cannot be listened on.
 */
export function installRuntime(logger: Logger, sdkMetricsListen: string): void {
  try {
    Runtime.install(optionsOf(logger, sdkMetricsListen));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : cause;
    const advice = 'set CANARY_SDK_METRICS_LISTEN';
    throw new Error(`cannot listen on ${sdkMetricsListen}; ${advice}: ${why}`, { cause });
  }
}

function optionsOf(logger: Logger, sdkMetricsListen: string): RuntimeOptions {
  return {
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
  };
}
