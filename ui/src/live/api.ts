// The HTTP API as the page asks it: every way a request can end is a value.
export type Reply<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'problem'; readonly problem: Problem }
  /** No answer, or none that can be read. */
  | { readonly kind: 'lost'; readonly reason: string };

export interface Problem {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly errors: readonly { readonly pointer: string; readonly detail: string }[];
}

const BASE = '/api/v1';
const TIMEOUT_MS = 12_000;
/** A cycle waits for nothing here: it is started, and the stream tells how it goes. */
const ACTION_TIMEOUT_MS = 30_000;
/** An audit, or the recount of all, may read the whole log; the server waits ten minutes. */
export const LONG_TIMEOUT_MS = 11 * 60_000;

export function read<T>(path: string, timeoutMs = TIMEOUT_MS): Promise<Reply<T>> {
  return request<T>(path, { signal: AbortSignal.timeout(timeoutMs) });
}

/** An action; under one key it is done once, however often it is sent. */
export function act<T>(
  path: string,
  body: object,
  key: string,
  timeoutMs = ACTION_TIMEOUT_MS,
): Promise<Reply<T>> {
  return request<T>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(timeoutMs),
  });
}

export function address(path: string): string {
  return `${BASE}${path}`;
}

async function request<T>(path: string, init: RequestInit): Promise<Reply<T>> {
  try {
    const response = await fetch(address(path), { ...init, cache: 'no-store' });
    const body: unknown = await response.json().catch(() => undefined);
    if (!response.ok) return { kind: 'problem', problem: problemOf(response, body) };
    // The server checks its answers by the very schema that this type comes from.
    return { kind: 'ok', value: body as T };
  } catch (error) {
    return { kind: 'lost', reason: error instanceof Error ? error.message : String(error) };
  }
}

function problemOf(response: Response, body: unknown): Problem {
  const fields = isRecord(body) ? body : {};
  const text = (value: unknown, fallback: string) => (typeof value === 'string' ? value : fallback);
  const errors = Array.isArray(fields.errors) ? fields.errors.filter(isRecord) : [];
  return {
    status: response.status,
    title: text(fields.title, response.statusText || `HTTP ${response.status}`),
    detail: text(fields.detail, ''),
    errors: errors.map((one) => ({
      pointer: text(one.pointer, ''),
      detail: text(one.detail, ''),
    })),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** One line for people: what the problem says, and of which field. */
export function describe(problem: Problem): string {
  const fields = problem.errors.map(({ detail, pointer }) =>
    `${pointer.replace(/^\//, '')} ${detail}`.trim(),
  );
  const lines = fields.length > 0 ? fields : [problem.detail].filter((line) => line !== '');
  return lines.length > 0 ? lines.join('; ') : problem.title;
}
