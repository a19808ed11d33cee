// One HTTP request to the platform: bounded in time and size, and every ending a value.

export interface PlatformRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The whole exchange, the answer's body included. */
  readonly timeoutMs: number;
}

export type PlatformAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly text: string }
  | { readonly kind: 'unanswered'; readonly message: string; readonly cause: unknown };

/** A page of 5,000 events is some 4 MB; whatever is larger is not an answer of the contract. */
const ANSWER_BYTES_MAX = 32 * 1024 * 1024;

/** Asks once, never retries, follows no redirect: a token goes only where it was meant to go. */
export async function ask(request: PlatformRequest): Promise<PlatformAnswer> {
  // A timer of our own, for a collected `AbortSignal.timeout` may never fire while a body is read.
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), request.timeoutMs);
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers: { ...request.headers },
      redirect: 'manual',
      signal: controller.signal,
      ...(request.body === undefined ? {} : { body: request.body }),
    });
    return { kind: 'answered', status: response.status, text: await readText(response) };
  } catch (cause) {
    const message = controller.signal.aborted
      ? `no answer within ${request.timeoutMs} ms`
      : describeFailure(cause);
    return { kind: 'unanswered', message, cause };
  } finally {
    clearTimeout(timer);
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

async function readText(response: Response): Promise<string> {
  if (response.body === null) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > ANSWER_BYTES_MAX) throw new Error(`the answer exceeds ${ANSWER_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** `fetch failed` alone says nothing: the reason is in its cause. */
function describeFailure(failure: unknown): string {
  if (!(failure instanceof Error)) return String(failure);
  const { cause } = failure;
  if (!(cause instanceof Error)) return failure.message;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  return `${failure.message}: ${[code, cause.message].filter((part) => part !== '').join(' ')}`;
}
