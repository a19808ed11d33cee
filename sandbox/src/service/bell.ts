// A bell: whoever waits wakes when it rings; a ring that nobody waited for is not forgotten.

export interface Bell {
  ring(): void;
  /** Resolves at the ring, at once if it has rung since the last wait, or after that time. */
  wait(limitMs: number): Promise<void>;
}

export function createBell(): Bell {
  let hasRung = false;
  let wake: (() => void) | undefined;
  return {
    ring: () => {
      hasRung = true;
      wake?.();
    },
    wait: async (limitMs) => {
      if (!hasRung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, limitMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      wake = undefined;
      hasRung = false;
    },
  };
}
