// The port to the services that the proxy operations reach: those that the configuration names.
import type { UpstreamMethod } from './domain/upstream.js';

export interface UpstreamRequest {
  /** One of `targets`. */
  readonly target: string;
  readonly method: UpstreamMethod;
  /** From the upstream's base, with its query; as `upstreamPathProblem` allows it. */
  readonly path: string;
  /** JSON. */
  readonly body: string | undefined;
}

export interface UpstreamAnswer {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly text: string;
  /** Whether the answer was longer than what is read of one. */
  readonly isCut: boolean;
}

export interface Upstreams {
  readonly targets: readonly string[];
  /**
   * Asks once, with nothing of the caller's but what the request says. Throws
   * `UpstreamUnavailableError` where no answer comes.
   */
  send(request: UpstreamRequest, signal: AbortSignal): Promise<UpstreamAnswer>;
}
