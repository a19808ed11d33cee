// The named error for a service that a proxy operation could not ask.

/** Thrown where an upstream is away or cannot be asked; names it, and never what it was sent. */
export class UpstreamUnavailableError extends Error {
  readonly upstream: string;

  constructor(upstream: string, why: string, options?: ErrorOptions) {
    super(`${upstream} cannot be asked: ${why}`, options);
    this.name = 'UpstreamUnavailableError';
    this.upstream = upstream;
  }
}
