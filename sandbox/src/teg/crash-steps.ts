// The places where a TEG can be made to die: between any two steps of the saga and of 2pc.
import type pg from 'pg';
import type { Clock } from '../service/clock.js';
import type { FaultEngine } from '../service/faults.js';
import { recordStrikes, strikeOn } from './strikes.js';
import { faultScopeOf, type TransferFacts } from './transfer.js';

/** The steps that the fault `crash` takes as its parameter `step`, and what is durable there. */
export const CRASH_STEPS = {
  saga_after_debit: 'async, sender: the debit is durable, the credit has not been asked for',
  saga_after_credit: 'async, sender: the receiver has credited, the sender has not noted it',
  saga_after_refusal: 'async, sender: the receiver will never credit, nothing is refunded yet',
  '2pc_before_begin': 'coordinator: nothing is durable',
  '2pc_after_begin': 'coordinator: log "begun" and the hold are durable, no prepare is sent',
  '2pc_after_prepare': 'coordinator: the participant has answered prepare, nothing is decided',
  '2pc_after_commit': 'coordinator: the commit is durable, the participant does not know it',
  '2pc_after_peer_commit': 'coordinator: the participant has committed, Completed is not written',
  '2pc_after_completion': 'coordinator: all is durable, the sender has no answer',
  '2pc_after_abort': 'coordinator: the abort is durable, the participant does not know it',
  participant_after_prepare: 'participant: the prepare is durable, the coordinator has no answer',
  participant_after_commit: 'participant: the credit is durable, the coordinator has no answer',
} as const satisfies Readonly<Record<string, string>>;

export type CrashStep = keyof typeof CRASH_STEPS;

/** Ends the process if a fault says so; otherwise resolves and the transfer goes on. */
export type CrashPoint = (step: CrashStep, transfer: TransferFacts) => Promise<void>;

/** How a process ends; a test puts something in its place that never resolves. */
export type Exit = (code: number) => Promise<never>;

/** What a shell reports of a process that was killed with SIGKILL. */
const KILLED_EXIT_CODE = 137;

export function createCrashPoint(deps: {
  readonly frame: string;
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly faults: FaultEngine;
  readonly exit: Exit;
}): CrashPoint {
  return async (step, transfer) => {
    const scope = faultScopeOf(deps.frame, transfer);
    const fault = deps.faults.hit('crash', scope, (crash) => crash.params?.step === step);
    if (fault === undefined) return;
    const strike = strikeOn(fault, transfer.transferId, { step });
    await recordStrikes(deps.pool, [strike], new Date(deps.clock.nowMs()));
    await deps.exit(KILLED_EXIT_CODE);
  };
}
