// What every result store must do, whatever it is made of.
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UnknownRecordError } from '../../src/adapters/store-unavailable-error.js';
import type { Correction } from '../../src/domain/correction.js';
import type { Finding } from '../../src/domain/finding.js';
import type { Closing, Result } from '../../src/domain/result.js';
import type { Stamp } from '../../src/domain/stamp.js';
import { talliesOfClosing, talliesOfResult } from '../../src/domain/tally.js';
import type { ResultStore } from '../../src/ports.js';
import { anyClosing, anyResult } from '../support/result-samples.js';
import { pathCases } from './path-reads.contract.js';
import { addedBetween } from './tally-difference.js';

export const NOW_MS = Date.parse('2026-11-23T18:30:00.000Z');

export type Store = () => ResultStore;

/** Runs the suite on one store; `result-store-races.contract.ts` runs several clients at once. */
export function resultStoreContract(name: string, store: Store): void {
  describe(`result store: ${name}`, () => {
    recordCases(store);
    appendCases(store);
    closeCases(store);
    readCases(store);
    pathCases(store);
  });
}

/** A passed result that no other case has met. */
export function newResult(changes: Partial<Result> = {}): Result {
  return {
    testId: randomUUID(),
    cycleId: randomUUID(),
    pathId: 'A1.1-B1.1-async',
    backend: 'async',
    amount: '10000',
    outcome: 'passed',
    failureSignal: undefined,
    phase: undefined,
    missing: [],
    reason: '',
    transferId: 't-1',
    firedAtMs: NOW_MS,
    totalLatencyMs: 120,
    late: false,
    warmUp: false,
    maintenance: false,
    decidedAtMs: NOW_MS + 125,
    ...changes,
  };
}

export function newClosing(changes: Partial<Closing> = {}): Closing {
  return {
    unaskedFrames: [],
    absent: [],
    absentEvents: [],
    unobserved: [],
    degraded: false,
    latencies: { totalMs: 120, committedMs: 100.5, observerShareMs: 19.5 },
    stamps: [],
    findings: [],
    closedAtMs: NOW_MS + 10_000,
    ...changes,
  };
}

const STAMP: Stamp = {
  name: 'tokens_xfer',
  frame: 'A',
  transferId: 't-1',
  eventId: { producer: 'teg-a', position: 7 },
  sourceFrame: 'A',
  originCommittedAtMs: NOW_MS + 20,
  storedAtMs: NOW_MS + 30,
  seenAtMs: NOW_MS + 41,
};

const OPEN = {
  closedAtMs: undefined,
  unaskedFrames: [],
  degraded: false,
  absent: [],
  absentEvents: [],
  unobserved: [],
  stamps: [],
  latencies: { totalMs: undefined, committedMs: undefined, observerShareMs: undefined },
  findingCount: 0,
  correctionCount: 0,
  acknowledgement: undefined,
};

function finding(testId: string, subject: string, evidence = 'seen'): Finding {
  return { kind: 'second_event', testId, subject, evidence };
}

function correction(testId: string, evidence = 'refunded'): Correction {
  return { kind: 'refund', testId, evidence };
}

function recordCases(store: Store): void {
  test('the first verdict is stored and counted, every later one answers it', async () => {
    const first = newResult();
    const before = await store().tallies();
    expect(await store().record(first, talliesOfResult(first))).toEqual({
      stored: first,
      first: true,
    });
    const second = newResult({ ...first, outcome: 'failed', failureSignal: 'timeout' });
    const repeated = await store().record(second, talliesOfResult(second));
    expect(repeated).toMatchObject({ stored: first, first: false });
    expect(await store().result(first.testId)).toEqual({ ...first, ...OPEN, clean: true });
    expect(addedBetween(before, await store().tallies())).toEqual(
      addedBetween([], talliesOfResult(first)),
    );
  });

  test('a result of any shape comes back as it was stored', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uuid().chain((testId) => fc.tuple(anyResult(testId), anyClosing(testId))),
        async ([result, closing]) => {
          await store().record(result, []);
          const passed = result.outcome === 'passed';
          const open = { ...result, ...OPEN, clean: passed };
          expect(await store().result(result.testId)).toEqual(open);
          await store().close(result.testId, closing, []);
          const { findings, ...closed } = closing;
          const keys = new Set(findings.map(({ kind, subject }) => `${kind} ${subject}`));
          expect(await store().result(result.testId)).toEqual({
            ...result,
            ...closed,
            findingCount: keys.size,
            correctionCount: 0,
            clean: passed && !closed.degraded && keys.size + closed.unaskedFrames.length === 0,
            acknowledgement: undefined,
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  test('an unknown test has no result', async () => {
    expect(await store().result(randomUUID())).toBeUndefined();
    expect(await store().resultsOfCycle(randomUUID())).toEqual([]);
  });
}

function appendCases(store: Store): void {
  test('findings and corrections are stored and counted once each', async () => {
    const { testId } = newResult();
    const before = await store().tallies();
    const [one, other] = [finding(testId, 'A/cf_initiated/teg-a/1'), finding(testId, 'B/x')];
    await store().append(testId, { findings: [one, one], corrections: [] });
    const news = { findings: [finding(testId, one.subject, 'again'), other], corrections: [] };
    await store().append(testId, news);
    const kinds = [correction(testId), correction(testId, 'again')];
    await store().append(testId, { findings: [one], corrections: kinds });
    await store().append(testId, { findings: [], corrections: kinds });
    expect(await store().findings(testId)).toEqual([one, other]);
    expect(await store().corrections(testId)).toEqual([correction(testId)]);
    expect(addedBetween(before, await store().tallies())).toEqual({
      'findings {"kind":"second_event"}': 2,
      'corrections {"kind":"refund"}': 1,
    });
  });

  test('findings may come before the verdict and are counted with it', async () => {
    const result = newResult();
    const news = { findings: [finding(result.testId, 'A/x')], corrections: [] };
    await store().append(result.testId, news);
    await store().record(result, []);
    await store().append(result.testId, { findings: [], corrections: [correction(result.testId)] });
    expect(await store().result(result.testId)).toMatchObject({
      findingCount: 1,
      correctionCount: 1,
    });
  });
}

function closeCases(store: Store): void {
  test('the first close is stored and counted with its findings, and no later one', async () => {
    const result = newResult();
    const { testId } = result;
    await store().record(result, []);
    await store().append(testId, { findings: [finding(testId, 'known')], corrections: [] });
    const before = await store().tallies();
    const closing = newClosing({
      degraded: true,
      absent: [{ frame: 'B', stamp: 'cf_initiated' }],
      findings: [finding(testId, 'known'), finding(testId, 'new')],
    });
    await store().close(testId, closing, talliesOfClosing(result, closing));
    const later = newClosing({ findings: [finding(testId, 'later')], closedAtMs: NOW_MS + 99_999 });
    await store().close(testId, later, talliesOfClosing(result, later));
    expect(await store().result(testId)).toMatchObject({
      closedAtMs: closing.closedAtMs,
      degraded: true,
      absent: closing.absent,
      findingCount: 2,
    });
    expect(addedBetween(before, await store().tallies())).toEqual({
      ...addedBetween([], talliesOfClosing(result, closing)),
      'findings {"kind":"second_event"}': 1,
    });
  });

  test('a test without a verdict cannot be closed, and nothing of it is stored', async () => {
    const testId = randomUUID();
    const before = await store().tallies();
    const closing = newClosing({ findings: [finding(testId, 'x')] });
    const closed = store().close(testId, closing, talliesOfClosing(newResult(), closing));
    await expect(closed).rejects.toThrow(UnknownRecordError);
    expect(await store().findings(testId)).toEqual([]);
    expect(await store().tallies()).toEqual(before);
  });
}

function readCases(store: Store): void {
  test('recent results come newest first, filtered and bounded', async () => {
    // Later than all other cases, so that these five are the newest of the store.
    const lateMs = Date.UTC(2030, 0);
    const results = [
      newResult({ decidedAtMs: lateMs + 1, testId: `b-${randomUUID()}` }),
      newResult({ decidedAtMs: lateMs + 3, outcome: 'failed', failureSignal: 'timeout' }),
      newResult({ decidedAtMs: lateMs + 2, pathId: 'A1.1-A1.2-intra', backend: 'intra' }),
      newResult({ decidedAtMs: lateMs + 1, testId: `a-${randomUUID()}` }),
      newResult({ decidedAtMs: lateMs, outcome: 'unpaid' }),
    ] as const;
    for (const result of results) await store().record(result, []);
    const [b, failed, intra, a, unpaid] = results.map(({ testId }) => testId);
    const table = [
      { query: { limit: 5 }, expected: [failed, intra, a, b, unpaid] },
      { query: { limit: 2 }, expected: [failed, intra] },
      { query: { limit: 1, outcome: 'failed' }, expected: [failed] },
      { query: { limit: 1, pathId: 'A1.1-A1.2-intra' }, expected: [intra] },
      { query: { limit: 3, backend: 'async' }, expected: [failed, a, b] },
      { query: { limit: 2, backend: 'async', outcome: 'passed' }, expected: [a, b] },
      { query: { limit: 0 }, expected: [] },
    ] as const;
    for (const { query, expected } of table) {
      const found = (await store().recent(query)).map(({ testId }) => testId);
      expect(found, JSON.stringify(query)).toEqual(expected);
    }
  });

  test('a cycle has its results by test id', async () => {
    const cycleId = randomUUID();
    const [one, two] = ['2', '1'].map((end) => newResult({ cycleId, testId: `${cycleId}-${end}` }));
    for (const result of [one, two, newResult()]) {
      if (result !== undefined) await store().record(result, []);
    }
    const found = await store().resultsOfCycle(cycleId);
    expect(found.map(({ testId }) => testId)).toEqual([two?.testId, one?.testId]);
  });

  test('lists show all of a result but its stamps', async () => {
    const result = newResult({ decidedAtMs: Date.UTC(2031, 0) });
    await store().record(result, []);
    await store().close(result.testId, newClosing({ stamps: [STAMP] }), []);
    const { stamps, ...listed } = (await store().result(result.testId)) ?? {};
    expect(stamps).toEqual([STAMP]);
    expect(await store().recent({ limit: 1 })).toEqual([listed]);
    expect(await store().resultsOfCycle(result.cycleId)).toEqual([listed]);
  });

  test('the last pass of each path is the newest of its passed verdicts', async () => {
    const [often, never] = [randomUUID(), randomUUID()];
    const verdicts = [
      newResult({ pathId: often, decidedAtMs: NOW_MS + 2 }),
      newResult({ pathId: often, decidedAtMs: NOW_MS + 7 }),
      newResult({ pathId: often, decidedAtMs: NOW_MS + 9, outcome: 'failed' }),
      newResult({ pathId: often, decidedAtMs: NOW_MS + 5 }),
      newResult({ pathId: never, outcome: 'observer' }),
    ];
    for (const result of verdicts) await store().record(result, []);
    const passes = await store().lastPasses();
    expect(passes.filter(({ pathId }) => pathId === often || pathId === never)).toEqual([
      { pathId: often, decidedAtMs: NOW_MS + 7 },
    ]);
  });
}
