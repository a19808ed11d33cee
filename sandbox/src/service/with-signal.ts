// One abort signal out of several and a deadline, for the length of one piece of work.
// Unlike AbortSignal.any and AbortSignal.timeout, it leaves nothing behind: no listener on a
// long-lived source, no timer that goes off when the work is long done.

export interface Limits {
  /** Aborts the work when any of them does. */
  readonly stop?: readonly (AbortSignal | undefined)[];
  /** Aborts the work after this time, with a TimeoutError as the reason. */
  readonly limitMs?: number;
}

export async function withSignal<T>(
  limits: Limits,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const sources = (limits.stop ?? []).filter((signal) => signal !== undefined);
  if (sources.some((signal) => signal.aborted)) abort();
  for (const signal of sources) signal.addEventListener('abort', abort, { once: true });
  const expire = () => controller.abort(new DOMException('the time is up', 'TimeoutError'));
  const timer = limits.limitMs === undefined ? undefined : setTimeout(expire, limits.limitMs);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    for (const signal of sources) signal.removeEventListener('abort', abort);
  }
}
