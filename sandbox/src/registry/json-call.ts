// One HTTP call with a JSON answer and a hard time limit; failures are values.
import { withSignal } from '../service/with-signal.js';

export interface JsonCall {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly timeoutMs: number;
}

export type JsonAnswer =
  | { readonly kind: 'answer'; readonly status: number; readonly body: unknown }
  | { readonly kind: 'no_answer'; readonly reason: 'timeout' | 'unreachable'; message: string };

/** Calls once, never again. An answer that is no JSON has the body undefined. */
export async function callJson(call: JsonCall): Promise<JsonAnswer> {
  try {
    return await withSignal({ limitMs: call.timeoutMs }, async (signal) => {
      const response = await fetch(call.url, { ...requestOf(call), signal });
      return { kind: 'answer', status: response.status, body: parseJson(await response.text()) };
    });
  } catch (error) {
    return noAnswer(call, error);
  }
}

function requestOf(call: JsonCall): RequestInit {
  return {
    method: call.method ?? 'GET',
    headers: {
      ...(call.token !== undefined && { authorization: `Bearer ${call.token}` }),
      ...(call.body !== undefined && { 'content-type': 'application/json' }),
      ...call.headers,
    },
    ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
  };
}

/** The contract's error code and message of an answer, or its bare status. */
export function errorTextOf(answer: JsonAnswer): string {
  if (answer.kind === 'no_answer') return answer.message;
  const { code, message } = errorOf(answer.body);
  return `${answer.status} ${code ?? ''} ${message ?? ''}`.trim();
}

/** The contract's error code of an answer, if it has one. */
export function errorCodeOf(answer: JsonAnswer): string | undefined {
  return answer.kind === 'answer' ? errorOf(answer.body).code : undefined;
}

function noAnswer(call: JsonCall, error: unknown): JsonAnswer {
  if (error instanceof Error && error.name === 'TimeoutError') {
    const message = `no answer from ${call.url} within ${call.timeoutMs} ms`;
    return { kind: 'no_answer', reason: 'timeout', message };
  }
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const text = cause instanceof Error ? cause.message || cause.name : String(cause);
  return {
    kind: 'no_answer',
    reason: 'unreachable',
    message: `no answer from ${call.url}: ${text}`,
  };
}

function errorOf(body: unknown): { code?: string; message?: string } {
  if (typeof body !== 'object' || body === null || !('error' in body)) return {};
  const error: unknown = body.error;
  if (typeof error !== 'object' || error === null) return {};
  return {
    ...('code' in error && { code: String(error.code) }),
    ...('message' in error && { message: String(error.message) }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
