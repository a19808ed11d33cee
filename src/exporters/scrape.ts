// One question over HTTP to another program: bounded in time and size, read while it arrives.

export interface ScrapeTarget {
  readonly url: string;
  readonly accept: string;
  /** The whole exchange, the page's last byte included. */
  readonly timeoutMs: number;
  readonly bytesMax: number;
  /** Which statuses are answers. */
  readonly isAnswer: (status: number) => boolean;
}

/** Thrown where a target is away, too slow, too large, or does not answer as it must. */
export class ScrapeError extends Error {
  readonly url: string;

  constructor(url: string, problem: string, options?: ErrorOptions) {
    super(`${url}: ${problem}`, options);
    this.name = 'ScrapeError';
    this.url = url;
  }
}

/** Takes a text piece by piece, and makes something of it at its end; either may throw. */
export interface TextReader<T> {
  push(text: string): void;
  end(): T;
}

/** Asks once and follows no redirect. Throws `ScrapeError`, whatever the target did. */
export async function scrape<T>(target: ScrapeTarget, reader: TextReader<T>): Promise<T> {
  // A timer of our own, for a collected `AbortSignal.timeout` may never fire while a body is read.
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), target.timeoutMs);
  try {
    const response = await fetch(target.url, {
      headers: { accept: target.accept },
      redirect: 'error',
      signal: controller.signal,
    });
    if (!target.isAnswer(response.status)) throw new Error(`answered ${response.status}`);
    await readBody(response, target.bytesMax, reader);
    return reader.end();
  } catch (cause) {
    const late = controller.signal.aborted;
    const problem = late ? `no answer in ${target.timeoutMs} ms` : describe(cause);
    throw new ScrapeError(target.url, problem, { cause });
  } finally {
    clearTimeout(timer);
    controller.abort();
  }
}

async function readBody(
  response: Response,
  bytesMax: number,
  reader: TextReader<unknown>,
): Promise<void> {
  const decoder = new TextDecoder();
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) throw new Error(`more than ${bytesMax} bytes`);
    reader.push(decoder.decode(chunk, { stream: true }));
  }
  reader.push(decoder.decode());
}

/** `fetch failed` alone says nothing: the reason is in its cause. */
function describe(failure: unknown): string {
  if (!(failure instanceof Error)) return String(failure);
  return failure.cause instanceof Error ? failure.cause.message : failure.message;
}
