// Single services for a benchmark or campaign that needs no whole reactor, ended in good order also
// when Ctrl-C comes in the middle.
import { SEARCH_ATTRIBUTES } from '../src/names.js';
import { startDisposableInfrastructure } from '../stack/disposable-infrastructure.js';
import { listenForInterruption } from '../stack/interruption.js';

const FORCED = 137;
const INTERRUPTED = 130;

type ServiceName = 'postgres' | 'redis' | 'temporal';

/** Starts the service by itself, works with it and removes it. The first signal ends the work. */
export async function withService(
  name: ServiceName,
  purpose: string,
  work: (url: string) => Promise<void>,
): Promise<void> {
  await withServices([name], purpose, async ({ [name]: url }) => work(url));
}

/** The same with several, and nothing else beside them. */
export async function withServices<const Name extends ServiceName>(
  names: readonly Name[],
  purpose: string,
  work: (urls: Readonly<Record<Name, string>>) => Promise<void>,
): Promise<void> {
  const { signal } = listenForInterruption(() => process.exit(FORCED));
  const infrastructure = await startDisposableInfrastructure({
    purpose,
    environment: process.env,
    searchAttributes: Object.fromEntries(
      Object.values(SEARCH_ATTRIBUTES).map((attribute) => [attribute, 'Keyword']),
    ),
    report: (text) => process.stderr.write(`${text}\n`),
    wanted: names,
  });
  const interrupted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });
  try {
    const urls = names.map((name) => {
      const url = infrastructure.services[name]?.url;
      if (url === undefined) throw infrastructure.missing[name] ?? new Error(`no ${name}`);
      return [name, url] as const;
    });
    const all = Object.fromEntries(urls) as Readonly<Record<Name, string>>;
    await Promise.race([interrupted, work(all)]);
  } finally {
    await infrastructure.stop();
  }
  if (signal.aborted) process.exit(INTERRUPTED);
}
