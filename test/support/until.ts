// Waiting in tests: a condition is polled until a deadline, and its last failure is thrown.

const POLL_EVERY_MS = 10;

/**
 * Polls until the check passes without throwing; throws its last failure after the deadline. What
 * costs others work is asked less often.
 */
export async function until<T>(
  check: () => T | Promise<T>,
  withinMs = 15_000,
  everyMs = POLL_EVERY_MS,
): Promise<T> {
  const deadlineMs = Date.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadlineMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }
}
