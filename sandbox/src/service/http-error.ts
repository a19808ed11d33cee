// An answer that is not a yes, in the contract's form.
import { z } from 'zod';
import { ERROR_CODES, type ErrorCode } from '../names.js';

/** Thrown by routes; the HTTP service answers its status and code. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly code: ErrorCode;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.status = status;
    this.code = code;
    this.headers = options.headers ?? {};
  }
}

/** 503 with `Retry-After`: something that the call needs is away. */
export function unavailable(message: string, cause?: unknown): HttpError {
  return new HttpError(503, 'unavailable', message, { cause, headers: { 'retry-after': '1' } });
}

/** The contract's error body, as OpenAPI describes it. */
export const errorAnswer = z.object({
  error: z.object({ code: z.enum(ERROR_CODES), message: z.string() }),
});

/** The contract's error body. */
export function errorBody(code: ErrorCode, message: string) {
  return { error: { code, message } };
}
