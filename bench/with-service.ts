// One service for a benchmark or campaign that needs no whole reactor, ended in good order also
// when Ctrl-C comes in the middle.
import { SEARCH_ATTRIBUTES } from '../src/names.js';
import { startDisposableInfrastructure } from '../stack/disposable-infrastructure.js';
import { listenForInterruption } from '../stack/interruption.js';

const FORCED = 137;
const INTERRUPTED = 130;

/** Starts the service by itself, works with it and removes it. The first signal ends the work. */
export async function withService(
  name: 'postgres' | 'temporal',
  purpose: string,
  work: (url: string) => Promise<void>,
): Promise<void> {
  const { signal } = listenForInterruption(() => process.exit(FORCED));
  const infrastructure = await startDisposableInfrastructure({
    purpose,
    environment: process.env,
    searchAttributes: Object.fromEntries(
      Object.values(SEARCH_ATTRIBUTES).map((attribute) => [attribute, 'Keyword']),
    ),
    report: (text) => process.stderr.write(`${text}\n`),
    wanted: [name],
  });
  const interrupted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });
  try {
    const url = infrastructure.services[name]?.url;
    if (url === undefined) throw infrastructure.missing[name] ?? new Error(`no ${name}`);
    await Promise.race([interrupted, work(url)]);
  } finally {
    await infrastructure.stop();
  }
  if (signal.aborted) process.exit(INTERRUPTED);
}
