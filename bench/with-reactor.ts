// A whole reactor for a benchmark or a campaign, ended in good order also when Ctrl-C comes in the
// middle.
import { listenForInterruption } from '../stack/interruption.js';
import { ALL_USERS, type Reactor, type ReactorOptions, startReactor } from '../test/e2e/reactor.js';

const FORCED = 137;
const INTERRUPTED = 130;

/**
 * Starts a reactor, works with it and stops it. The first SIGINT or SIGTERM ends the work and then
 * the process, with everything that it started; a second one does not wait.
 */
export async function withReactor(
  options: ReactorOptions,
  work: (reactor: Reactor) => Promise<void>,
): Promise<void> {
  // Temporal's runtime listens to the same signals, so that nothing would end by itself.
  const { signal } = listenForInterruption(() => process.exit(FORCED));
  const sandbox = { ...ALL_USERS, ...options.sandbox };
  const reactor = await startReactor({ ...options, sandbox });
  const interrupted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });
  try {
    await Promise.race([interrupted, work(reactor)]);
  } finally {
    await reactor.stop();
  }
  if (signal.aborted) process.exit(INTERRUPTED);
}
