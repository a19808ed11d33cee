// A PostgreSQL for a benchmark or campaign that needs no whole reactor, ended in good order also
// when Ctrl-C comes in the middle.
import { startDisposableInfrastructure } from '../stack/disposable-infrastructure.js';
import { listenForInterruption } from '../stack/interruption.js';

const FORCED = 137;
const INTERRUPTED = 130;

/** Starts a PostgreSQL of its own, works with it and removes it. The first signal ends the work. */
export async function withPostgres(
  purpose: string,
  work: (postgresUrl: string) => Promise<void>,
): Promise<void> {
  const { signal } = listenForInterruption(() => process.exit(FORCED));
  const infrastructure = await startDisposableInfrastructure({
    purpose,
    environment: process.env,
    searchAttributes: {},
    report: (text) => process.stderr.write(`${text}\n`),
    wanted: ['postgres'],
  });
  const interrupted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });
  try {
    const url = infrastructure.services.postgres?.url;
    if (url === undefined) throw infrastructure.missing.postgres ?? new Error('no PostgreSQL');
    await Promise.race([interrupted, work(url)]);
  } finally {
    await infrastructure.stop();
  }
  if (signal.aborted) process.exit(INTERRUPTED);
}
