// One scrape of another program's metrics: bounded in time and size, read while it arrives.
import type { Family } from './family.js';
import { createFamilyReader } from './read-text.js';

export interface ScrapeTarget {
  readonly url: string;
  /** The whole exchange, the page's last byte included. */
  readonly timeoutMs: number;
  readonly bytesMax: number;
  /** The families wanted; all, unless said. */
  readonly accepts?: (family: string) => boolean;
}

/** Thrown where a target is away, too slow, too large, or does not speak the text format. */
export class ScrapeError extends Error {
  readonly url: string;

  constructor(url: string, problem: string, options?: ErrorOptions) {
    super(`${url}: ${problem}`, options);
    this.name = 'ScrapeError';
    this.url = url;
  }
}

/** Asks once and follows no redirect. Throws `ScrapeError`, whatever the target did. */
export async function fetchFamilies(target: ScrapeTarget): Promise<readonly Family[]> {
  // A timer of our own, for a collected `AbortSignal.timeout` may never fire while a body is read.
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), target.timeoutMs);
  try {
    const response = await fetch(target.url, {
      headers: { accept: 'text/plain;version=0.0.4' },
      redirect: 'error',
      signal: controller.signal,
    });
    if (!response.ok) throw new Error(`answered ${response.status}`);
    return await readBody(response, target);
  } catch (cause) {
    const late = controller.signal.aborted;
    const problem = late ? `no answer in ${target.timeoutMs} ms` : describe(cause);
    throw new ScrapeError(target.url, problem, { cause });
  } finally {
    clearTimeout(timer);
    controller.abort();
  }
}

async function readBody(response: Response, target: ScrapeTarget): Promise<readonly Family[]> {
  const reader = createFamilyReader(target.accepts ?? (() => true));
  const decoder = new TextDecoder();
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > target.bytesMax) throw new Error(`more than ${target.bytesMax} bytes`);
    reader.push(decoder.decode(chunk, { stream: true }));
  }
  reader.push(decoder.decode());
  return reader.end();
}

/** `fetch failed` alone says nothing: the reason is in its cause. */
function describe(failure: unknown): string {
  if (!(failure instanceof Error)) return String(failure);
  return failure.cause instanceof Error ? failure.cause.message : failure.message;
}
