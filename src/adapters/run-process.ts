// The life of a process that serves: configured, started, ended cleanly by SIGTERM or SIGINT.
import type { Logger } from 'pino';
import { type Config, ConfigError, loadConfig } from '../config.js';
import { createProcessLogger } from './process-logger.js';

/** Answers how to stop what was started. */
export type Start = (config: Config, logger: Logger) => Promise<() => Promise<void>>;

const FAILED = 1;
const BAD_CONFIGURATION = 3;

/** Runs until a signal; what fails before that is told, and is the exit code. */
export async function runProcess(name: string, start: Start): Promise<void> {
  try {
    await serve(name, start);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof ConfigError ? BAD_CONFIGURATION : FAILED;
  }
}

async function serve(name: string, start: Start): Promise<void> {
  const config = loadConfig();
  const logger = createProcessLogger(name, config.logLevel);
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
  process.on('unhandledRejection', (error) => {
    logger.fatal({ err: error }, 'a rejection that nobody handles is our own mistake');
    process.exit(FAILED);
  });
  const stop = await start(config, logger);
  await stopped;
  await stop();
  logger.info('stopped');
}
