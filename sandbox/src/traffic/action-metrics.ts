// What traffic did and what came of it, as one counter with closed label sets.
import { Counter, type Registry } from 'prom-client';
import type { JsonAnswer } from '../registry/json-call.js';

/** `transfer` and `look` are turns that ended before it was clear what would be done. */
export const ACTIONS = [
  'transfer',
  'transfer_intra',
  'transfer_async',
  'transfer_2pc',
  'propose',
  'vote',
  'open_dispute',
  'move_dispute',
  'enrol_guest',
  'fund_guest',
  'pay_by_guest',
  'pay_while_revoked',
  'revoke_guest',
  'restore_guest',
  'opa_check',
  'stake',
  'unstake',
  'offer_a2a',
  'accept_a2a',
  'redeem_a2a',
  'cancel_a2a',
  'look',
] as const;

export type Action = (typeof ACTIONS)[number];

/** `skipped`: too much was under way, or there was nothing to do. */
export const RESULTS = ['ok', 'refused', 'unavailable', 'no_answer', 'skipped'] as const;

export type Result = (typeof RESULTS)[number];

export type ActionCounter = (action: Action, result: Result) => void;

export function createActionCounter(registry: Registry): ActionCounter {
  const counter = new Counter({
    name: 'traffic_requests_total',
    help: 'Actions of the background traffic and what came of them',
    labelNames: ['action', 'result'],
    registers: [registry],
  });
  for (const action of ACTIONS) {
    for (const result of RESULTS) counter.inc({ action, result }, 0);
  }
  return (action, result) => counter.inc({ action, result });
}

export function resultOf(answer: JsonAnswer): Result {
  if (answer.kind === 'no_answer') return 'no_answer';
  if (answer.status >= 200 && answer.status < 300) return 'ok';
  return answer.status >= 500 ? 'unavailable' : 'refused';
}
