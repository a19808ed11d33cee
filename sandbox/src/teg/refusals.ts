// How a TEG says no: every code it answers with, and its status (platform contract, "TEG").
import type { ErrorCode } from '../names.js';
import { HttpError } from '../service/http-error.js';

const STATUS_OF_REFUSAL = {
  malformed_request: 400,
  malformed_amount: 400,
  unknown_backend: 400,
  wrong_topology: 400,
  missing_idempotency_key: 400,
  unauthenticated: 401,
  insufficient_funds: 402,
  forbidden: 403,
  agent_revoked: 403,
  unknown_agent: 404,
  unknown_account: 404,
  unknown_transfer: 404,
  unknown_a2a_token: 404,
  already_exists: 409,
  illegal_transition: 409,
  stake_locked: 409,
  idempotency_conflict: 409,
  idempotency_in_progress: 409,
  refused: 422,
  peer_refused: 424,
  too_many_requests: 429,
} as const satisfies Partial<Record<ErrorCode, number>>;

export type RefusalCode = keyof typeof STATUS_OF_REFUSAL;

/** The error to throw: it rolls back the transaction it is thrown in, and nothing has moved. */
export function refusal(code: RefusalCode, message: string): HttpError {
  const headers: Record<string, string> =
    code === 'too_many_requests' ? { 'retry-after': '1' } : {};
  return new HttpError(STATUS_OF_REFUSAL[code], code, message, { headers });
}
