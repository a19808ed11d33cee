// One HTTP request to a service beside us: bounded in time and size, and every ending a value.
import type { UpstreamMethod } from '../domain/upstream.js';

export interface PlatformRequest {
  readonly method: UpstreamMethod;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The whole exchange, the answer's body included. */
  readonly timeoutMs: number;
  /** Where a longer answer is cut; without it a longer answer than any of the contract is none. */
  readonly cutBytes?: number;
  /** Ends the exchange early. */
  readonly signal?: AbortSignal;
}

export type PlatformAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly contentType: string | undefined;
      readonly text: string;
      readonly isCut: boolean;
    }
  | { readonly kind: 'unanswered'; readonly message: string; readonly cause: unknown };

/** A page of 5,000 events is some 4 MB; whatever is larger is not an answer of the contract. */
const ANSWER_BYTES_MAX = 32 * 1024 * 1024;

/** Asks once, never retries, follows no redirect: a token goes only where it was meant to go. */
export async function ask(request: PlatformRequest): Promise<PlatformAnswer> {
  // A timer of our own, for a collected `AbortSignal.timeout` may never fire while a body is read.
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, request.timeoutMs);
  request.signal?.addEventListener('abort', abort);
  try {
    request.signal?.throwIfAborted();
    const response = await fetch(request.url, {
      method: request.method,
      headers: { ...request.headers },
      redirect: 'manual',
      signal: controller.signal,
      ...(request.body === undefined ? {} : { body: request.body }),
    });
    return {
      kind: 'answered',
      status: response.status,
      contentType: response.headers.get('content-type') ?? undefined,
      ...(await readText(response, request.cutBytes)),
    };
  } catch (cause) {
    return { kind: 'unanswered', message: whyUnanswered(request, controller.signal, cause), cause };
  } finally {
    clearTimeout(timer);
    request.signal?.removeEventListener('abort', abort);
  }
}

/** JSON, or `undefined` when the text is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readText(
  response: Response,
  cutBytes: number | undefined,
): Promise<{ readonly text: string; readonly isCut: boolean }> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    chunks.push(chunk);
    if (cutBytes !== undefined && bytes > cutBytes) return cutText(chunks, cutBytes);
    if (bytes > ANSWER_BYTES_MAX) throw new Error(`the answer exceeds ${ANSWER_BYTES_MAX} bytes`);
  }
  return { text: Buffer.concat(chunks).toString('utf8'), isCut: false };
}

/** What fits, without the part of a character at its end. */
function cutText(chunks: readonly Uint8Array[], cutBytes: number) {
  const kept = Buffer.concat(chunks).subarray(0, cutBytes);
  return { text: new TextDecoder().decode(kept, { stream: true }), isCut: true };
}

function whyUnanswered(
  { signal, timeoutMs }: PlatformRequest,
  { aborted }: AbortSignal,
  cause: unknown,
): string {
  if (signal?.aborted === true) return 'nobody waits for the answer any more';
  return aborted ? `no answer within ${timeoutMs} ms` : describeFailure(cause);
}

/** `fetch failed` alone says nothing: the reason is in its cause. */
function describeFailure(failure: unknown): string {
  if (!(failure instanceof Error)) return String(failure);
  const { cause } = failure;
  if (!(cause instanceof Error)) return failure.message;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  return `${failure.message}: ${[code, cause.message].filter((part) => part !== '').join(' ')}`;
}
