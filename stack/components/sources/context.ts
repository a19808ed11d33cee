// What a registry's client needs to know to fetch a component.

export interface DownloadContext {
  /** An empty directory that is removed afterwards. */
  readonly workDirectory: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Ends a download that is under way. */
  readonly signal?: AbortSignal;
}

/** The part of the context that `runCommand` takes. */
export function commandOptions(
  context: DownloadContext,
): Pick<DownloadContext, 'environment' | 'signal'> {
  const { environment, signal } = context;
  return { environment, ...(signal === undefined ? {} : { signal }) };
}
