// What a worker needs to do its work, asked anew at each look, each with a bound of its own.

/** A dependency and the question that tells whether it is there; the question throws when not. */
export interface Dependency {
  readonly name: string;
  readonly ask: () => Promise<unknown>;
}

export interface DependencyState {
  readonly name: string;
  readonly ready: boolean;
  readonly problem: string | undefined;
}

const ASK_MS_MAX = 2_000;

/** Asks all dependencies at once; one that does not answer within two seconds is not ready. */
export function readinessOf(
  dependencies: readonly Dependency[],
): Promise<readonly DependencyState[]> {
  return Promise.all(dependencies.map(stateOf));
}

async function stateOf({ name, ask }: Dependency): Promise<DependencyState> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${ASK_MS_MAX} ms`)), ASK_MS_MAX);
  });
  try {
    await Promise.race([ask(), tooLate]);
    return { name, ready: true, problem: undefined };
  } catch (error) {
    return { name, ready: false, problem: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
