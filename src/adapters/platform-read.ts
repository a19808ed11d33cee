// A read of the platform that must succeed: checked against the contract, or a named error.
import type { z } from 'zod';
import type { FrameId } from '../domain/frame.js';
import { ask, parseJson } from './platform-http.js';
import { PlatformUnavailableError } from './platform-unavailable-error.js';

export interface ReadRequest {
  readonly frame: FrameId;
  readonly url: string;
  readonly timeoutMs: number;
  readonly accept?: string;
}

/** The text of a 200 answer. Throws `PlatformUnavailableError`; never retries. */
export async function readText(request: ReadRequest): Promise<string> {
  const { frame, url, timeoutMs, accept = 'application/json' } = request;
  const answer = await ask({ method: 'GET', url, headers: { accept }, timeoutMs });
  if (answer.kind === 'unanswered') {
    throw new PlatformUnavailableError(frame, url, answer.message, { cause: answer.cause });
  }
  if (answer.status === 200) return answer.text;
  throw new PlatformUnavailableError(frame, url, `answered ${answer.status}`);
}

/** The JSON of a 200 answer in the contract's form. Throws `PlatformUnavailableError`. */
export async function readJson<T>(request: ReadRequest, schema: z.ZodType<T>): Promise<T> {
  return checkedAnswer(request, await readText(request), schema);
}

/** A text as JSON of the contract's form. Throws `PlatformUnavailableError`. */
export function checkedAnswer<T>(request: ReadRequest, text: string, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const why = `the answer is not in the contract’s form: ${parsed.error.issues[0]?.message ?? ''}`;
  throw new PlatformUnavailableError(request.frame, request.url, why, { cause: parsed.error });
}

/** An address without its trailing slash, so that paths can be put behind it. */
export function baseUrl(url: string): string {
  return url.endsWith('/') ? url.slice(0, -1) : url;
}
