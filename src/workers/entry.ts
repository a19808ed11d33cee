// The worker process: tests, cycles and validators. Ends cleanly on SIGTERM and SIGINT.
import { createProcessLogger } from '../adapters/process-logger.js';
import { ConfigError, loadConfig } from '../config.js';
import { runWorkerProcess } from './worker-process.js';

async function main(): Promise<void> {
  const config = loadConfig();
  const logger = createProcessLogger('worker', config.logLevel);
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => stop.abort());
  }
  process.on('unhandledRejection', (error) => {
    logger.fatal({ err: error }, 'a rejection that nobody handles is our own mistake');
    process.exit(1);
  });
  try {
    await runWorkerProcess(config, logger, stop.signal);
  } catch (err) {
    if (!stop.signal.aborted) throw err;
    logger.warn({ err }, 'ended while something was away');
  }
  logger.info('stopped');
}

/** Answers the exit code. */
async function run(): Promise<number> {
  try {
    await main();
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof ConfigError ? 3 : 1;
  }
}

// Temporal's runtime, once installed, would keep a process alive that has nothing left to do.
process.exit(await run());
