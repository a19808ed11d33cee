// Fires, stamps and a short form of verdicts, for the tests of what a test's facts amount to.
import type { FireOutcome } from '../../src/domain/fire.js';
import type { Verdict } from '../../src/domain/verdict.js';
import { FIRED_AT_MS, stampAt } from './builders.js';

export const PENDING: FireOutcome = { kind: 'pending' };
export const UNANSWERED: FireOutcome = { kind: 'unanswered', message: 'connection reset' };
export const refused = (afterDoubt: boolean): FireOutcome => ({
  kind: 'refused',
  code: 'agent_revoked',
  message: 'A1:canary-1 is revoked',
  afterDoubt,
});
export const unpaid = (afterDoubt: boolean): FireOutcome => ({
  kind: 'unpaid',
  message: 'needs 0.010010, has 0.000000',
  afterDoubt,
});

export const FINAL_MS = 60_000;
/** Committed so long after the final deadline, the clock error not counted. */
export const committed = (pastDeadlineMs: number) => ({
  originCommittedAtMs: FIRED_AT_MS + FINAL_MS + pastDeadlineMs,
});

export const SENT = stampAt('tokens_xfer');
export const FEE = stampAt('fee_collected');
export const INITIATED = stampAt('cf_initiated');
export const LOCAL = stampAt('cf_settled_local', 'B');
export const REMOTE = stampAt('cf_settled_remote');
export const REFUNDED = stampAt('cf_refunded', 'A', {
  eventId: { producer: 'teg-a', position: 9 },
});

/** A verdict in words: its kind, and for a failure its signal, phase and what is missing. */
export function brief(verdict: Verdict): string {
  if (verdict.kind === 'observer') return ['observer', ...verdict.missing].join(' ');
  if (verdict.kind !== 'failed') return verdict.kind;
  return [verdict.signal, verdict.phase, ...verdict.missing].join(' ');
}

/** What an async test misses of which nothing came, and one that was only initiated. */
export const ASYNC_MISSING = 'cf_initiated cf_settled_local cf_settled_remote';
export const SETTLED_MISSING = 'cf_settled_local cf_settled_remote';
