// Waits of activities that nothing can prolong: a shutdown ends them, or their time does.
import { CancelledFailure, sleep } from '@temporalio/activity';

/** Waits; a worker that shuts down ends the wait, and the caller looks whether it goes on. */
export async function pause(ms: number): Promise<void> {
  try {
    await sleep(ms);
  } catch (error) {
    if (!(error instanceof CancelledFailure)) throw error;
  }
}

/** What a promise comes to within a time; `not_yet` when it takes longer. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T | 'not_yet'> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<'not_yet'>((resolve) => {
    timer = setTimeout(() => resolve('not_yet'), ms);
  });
  try {
    return await Promise.race([promise, patience]);
  } finally {
    clearTimeout(timer);
  }
}
