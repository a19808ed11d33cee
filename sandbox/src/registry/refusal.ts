// A refusal of a state machine as a value, and its HTTP status.
import type { ErrorCode } from '../names.js';
import { HttpError } from '../service/http-error.js';

/** Why a state machine did not move, in the contract's words. */
export interface Refusal {
  readonly ok: false;
  readonly code: RefusalCode;
  readonly message: string;
}

export type RefusalCode = keyof typeof REFUSAL_STATUS;

/** Every code that a refusal of the registry may carry, with its HTTP status. */
export const REFUSAL_STATUS = {
  illegal_transition: 409,
  already_voted: 409,
  already_exists: 409,
  forbidden: 403,
  agent_revoked: 403,
  unknown_agent: 404,
  wrong_topology: 400,
} as const satisfies Partial<Record<ErrorCode, number>>;

export function refuse(code: RefusalCode, message: string): Refusal {
  return { ok: false, code, message };
}

/** The error that a route throws for a refusal. */
export function refusalError(refusal: Refusal): HttpError {
  return new HttpError(REFUSAL_STATUS[refusal.code], refusal.code, refusal.message);
}
