// Heartbeats while something else is awaited, so that a killed worker's work is soon taken up again.
import { Context } from '@temporalio/activity';

/** Awaits the work and heartbeats every so often; the beats end with it, however it ends. */
export async function whileBeating<T>(work: Promise<T>, everyMs: number): Promise<T> {
  const context = Context.current();
  const beats = setInterval(() => context.heartbeat(), everyMs);
  try {
    return await work;
  } finally {
    clearInterval(beats);
  }
}
