// End to end on the reference set-up: two frames, thirty paths, every way a test can end.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { StoredResult } from '../../src/ports.js';
import type { FaultOrder } from './platform-doors.js';
import { type Reactor, startReactor } from './reactor.js';

let reactor: Reactor;

beforeAll(async () => {
  reactor = await startReactor({ registries: ['A1', 'A2', 'B1'] });
});
afterEach(() => reactor.clearFaults());
afterAll(() => reactor.stop());

test('a healthy platform: 30/30 passed and clean', async () => {
  const scoreboard = await reactor.cycle();
  expect(scoreboard).toMatchObject({
    planned: 30,
    outcomes: { passed: 30, failed: 0, observer: 0, inconclusive: 0, unpaid: 0 },
    degraded: 0,
    findings: 0,
    lost: 0,
    clean: true,
  });
  expect(scoreboard.latency).toMatchObject({
    intra: { count: 6 },
    async: { count: 12 },
    '2pc': { count: 12 },
  });
});

interface FailureCase {
  readonly path: string;
  /** Where a fault strikes only this path, though the others are fired in the same cycle. */
  readonly only: { readonly sender: string; readonly backend: string };
  readonly faults: readonly FaultOrder[];
  readonly expected: Partial<StoredResult>;
}

const drop = (frame: string, eventType: string): FaultOrder => ({
  at: 'teg',
  frame,
  kind: 'drop_event',
  scope: { event_type: eventType, at: 'before_store' },
});
const teg = (frame: string, kind: string, scope = {}): FaultOrder => ({
  at: 'teg',
  frame,
  kind,
  scope,
});
const rejected = { outcome: 'failed', failureSignal: 'rejected', phase: 'fire' } as const;
const timeout = { outcome: 'failed', failureSignal: 'timeout' } as const;

/** Each of its own sender and backend, so that one cycle shows them all. */
const FAILURES: Readonly<Record<string, FailureCase>> = {
  'intra refused': {
    path: 'A1.1-A1.2-intra',
    only: { sender: 'A1:canary-1', backend: 'intra' },
    faults: [teg('A', 'refuse_transfer')],
    expected: rejected,
  },
  'async refused': {
    path: 'A1.1-B1.1-async',
    only: { sender: 'A1:canary-1', backend: 'async' },
    faults: [teg('A', 'refuse_transfer')],
    expected: rejected,
  },
  '2pc refused': {
    path: 'B1.1-A1.1-2pc',
    only: { sender: 'B1:canary-1', backend: '2pc' },
    faults: [teg('B', 'refuse_transfer')],
    expected: rejected,
  },
  'intra event lost before the store': {
    path: 'A1.2-A1.1-intra',
    only: { sender: 'A1:canary-2', backend: 'intra' },
    faults: [drop('A', 'TokensTransferred')],
    expected: { ...timeout, phase: 'debit', missing: ['tokens_xfer'] },
  },
  'async Initiated lost before the store': {
    path: 'A2.1-B1.1-async',
    only: { sender: 'A2:canary-1', backend: 'async' },
    faults: [drop('A', 'CrossFrameTransferInitiated')],
    expected: { ...timeout, phase: 'initiation', missing: ['cf_initiated'] },
  },
  '2pc without any of its events': {
    path: 'A1.2-B1.2-2pc',
    only: { sender: 'A1:canary-2', backend: '2pc' },
    faults: [drop('A', 'TokensTransferred'), drop('B', 'CrossFrameTransferSettled')],
    expected: { ...timeout, phase: 'debit' },
  },
  'never credited, so refunded': {
    path: 'A1.2-B1.2-async',
    only: { sender: 'A1:canary-2', backend: 'async' },
    faults: [teg('B', 'never_credit')],
    expected: { outcome: 'failed', failureSignal: 'refunded', phase: 'settlement' },
  },
  'no answer and no event': {
    path: 'A2.2-A2.1-intra',
    only: { sender: 'A2:canary-2', backend: 'intra' },
    faults: [teg('A', 'unavailable')],
    expected: { outcome: 'failed', failureSignal: 'unreachable', phase: 'fire' },
  },
};

describe('a broken transfer fails with its reason and phase', () => {
  let results: readonly StoredResult[] = [];
  beforeAll(async () => {
    const cases = Object.values(FAILURES);
    for (const { faults, only } of cases) {
      for (const order of faults) {
        await reactor.fault({ ...order, scope: { ...order.scope, ...only } });
      }
    }
    const { cycleId } = await reactor.cycle(cases.map(({ path }) => path));
    results = await reactor.admin.results.resultsOfCycle(cycleId);
  });

  test.each(Object.entries(FAILURES))('%s', (_name, { path, expected }) => {
    expect(results.find(({ pathId }) => pathId === path)).toMatchObject(expected);
  });
});

test('an answer that never comes does not hide a transfer that happened', async () => {
  await reactor.fault(teg('A', 'hang_transfer', { params: { when: 'after' }, count: 1 }));
  expect(await reactor.fire('A1.1-A1.2-intra')).toMatchObject({ outcome: 'passed' });
});

const onBoth = (kind: string, scope = {}) => ['A', 'B'].map((frame) => teg(frame, kind, scope));

/** How many of the thirty paths a platform-wide defect degrades (design, table 4a). */
const DEGRADING: Readonly<Record<string, readonly [FaultOrder[], number]>> = {
  'the broadcast from A to B is cut': [
    [{ at: 'event-store', frame: 'A', kind: 'cut_broadcast', scope: { params: { to: 'B' } } }],
    16,
  ],
  'the receiver of a 2pc across frames is never credited': [
    onBoth('never_credit', { backend: '2pc' }),
    8,
  ],
  'no fee event reaches a store': [
    ['A', 'B'].map((frame) => drop(frame, 'TransactionFeeCollected')),
    30,
  ],
  'Settled names a frame that did not emit it': [
    onBoth('wrong_source_frame', { event_type: 'CrossFrameTransferSettled' }),
    20,
  ],
};

describe('a defect that no required stamp shows degrades, and the cycle is not clean', () => {
  for (const [name, [faults, degraded]] of Object.entries(DEGRADING)) {
    test(name, async () => {
      for (const order of faults) await reactor.fault(order);
      const scoreboard = await reactor.cycle();
      expect(scoreboard).toMatchObject({ outcomes: { passed: 30 }, degraded, clean: false });
    });
  }
});

test('a stalled stream costs latency, never a verdict', async () => {
  for (const frame of ['A', 'B']) {
    await reactor.fault({ at: 'event-store', frame, kind: 'stall_stream' });
  }
  const scoreboard = await reactor.cycle();
  expect(scoreboard).toMatchObject({ outcomes: { passed: 30 }, degraded: 0, clean: true });
});

test('a wrong source frame degrades, is found, and does not fail', async () => {
  await reactor.fault(
    teg('B', 'wrong_source_frame', { event_type: 'CrossFrameTransferSettled', backend: 'async' }),
  );
  const result = await reactor.fire('A1.1-B1.1-async');
  expect(result).toMatchObject({ outcome: 'passed', degraded: true });
  const findings = await reactor.admin.results.findings(result.testId);
  expect(new Set(findings.map(({ kind }) => kind))).toEqual(new Set(['impossible_stamp']));
});
