// What a browser keeps of a reader's choices; a browser that keeps nothing is no failure.
function guarded<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    // Storage may be forbidden or full.
    return undefined;
  }
}

const PREFIX = 'canary-';

export const kept = {
  get: (name: string) => guarded(() => localStorage.getItem(PREFIX + name)) ?? undefined,
  set: (name: string, value: string) =>
    void guarded(() => localStorage.setItem(PREFIX + name, value)),
};
