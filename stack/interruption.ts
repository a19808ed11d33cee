// Ctrl-C and its kin: the first asks for an orderly end, a second one forces it.

export interface Interruption {
  /** Aborted at the first signal. */
  readonly signal: AbortSignal;
}

/**
 * One Ctrl-C arrives several times: from the terminal, from npm and from bootstrap.mjs. What
 * comes this soon after the first is taken for the same.
 */
const SAME_MS = 1_000;

/** Listens to signals for the rest of the process's life. */
export function listenForInterruption(force: () => void): Interruption {
  const controller = new AbortController();
  let firstAt: number | undefined;
  const onSignal = (): void => {
    const now = performance.now();
    if (firstAt === undefined) {
      firstAt = now;
      controller.abort();
    } else if (now - firstAt > SAME_MS) force();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  return { signal: controller.signal };
}
