// Heartbeats while something else is awaited, so that a killed worker's work is soon taken up.
import { Context } from '@temporalio/activity';

/**
 * Awaits the work and heartbeats every so often, with the details of that moment; the beats end
 * with it, however it ends.
 */
export async function whileBeating<T>(
  work: Promise<T>,
  everyMs: number,
  details: () => unknown = () => undefined,
): Promise<T> {
  const context = Context.current();
  const beats = setInterval(() => context.heartbeat(details()), everyMs);
  try {
    return await work;
  } finally {
    clearInterval(beats);
  }
}
