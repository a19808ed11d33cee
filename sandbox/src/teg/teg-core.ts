// What every part of a TEG works with.
import type pg from 'pg';
import type { Clock } from '../service/clock.js';
import type { FaultEngine } from '../service/faults.js';
import type { Logger } from '../service/logger.js';
import type { Topology } from '../topology.js';
import type { AgentBook } from './agent-book.js';
import type { CrashPoint } from './crash-steps.js';
import type { Ledger } from './ledger-transaction.js';
import type { TegMetrics } from './metrics.js';

export interface TegCore {
  readonly frame: string;
  readonly topology: Topology;
  readonly pool: pg.Pool;
  readonly ledger: Ledger;
  readonly agents: AgentBook;
  readonly clock: Clock;
  readonly faults: FaultEngine;
  readonly crashPoint: CrashPoint;
  readonly metrics: TegMetrics;
  readonly logger: Logger;
}

/** The time of the next attempt after so many failed ones: 100 ms doubling up to 10 s. */
export function nextAttemptAt(nowMs: number, attempts: number): Date {
  return new Date(nowMs + Math.min(100 * 2 ** Math.min(attempts, 10), 10_000));
}
