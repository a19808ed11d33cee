// Closed results, for the tests of what is counted and shown of them.
import type { ClosedResult } from '../../src/domain/scoreboard.js';
import { FIRED_AT_MS } from './builders.js';

/** A result that passed and closed without a blemish, unless told otherwise. */
export function closedResult(overrides: Partial<ClosedResult> = {}): ClosedResult {
  return {
    testId: 'cycle-1-A1.1-A1.2-intra',
    cycleId: 'cycle-1',
    pathId: 'A1.1-A1.2-intra',
    backend: 'intra',
    amount: '10000',
    outcome: 'passed',
    failureSignal: undefined,
    phase: undefined,
    missing: [],
    reason: '',
    transferId: 'transfer-1',
    firedAtMs: FIRED_AT_MS,
    totalLatencyMs: 100,
    late: false,
    warmUp: false,
    maintenance: false,
    decidedAtMs: FIRED_AT_MS + 120,
    closedAtMs: FIRED_AT_MS + 10_000,
    unaskedFrames: [],
    degraded: false,
    absent: [],
    absentEvents: [],
    unobserved: [],
    latencies: { totalMs: 100, committedMs: 90, observerShareMs: 10 },
    findingCount: 0,
    ...overrides,
  };
}
