// The result store in memory, for tests of what stands on it; held to the same contract suite.
import { UnknownRecordError } from '../../src/adapters/store-unavailable-error.js';
import type { Correction } from '../../src/domain/correction.js';
import type { Finding } from '../../src/domain/finding.js';
import { quantile } from '../../src/domain/quantile.js';
import type { Closing, Result } from '../../src/domain/result.js';
import {
  MISSED_SLOT_TALLY,
  type Tally,
  talliesOfFinding,
  tallyOfCorrection,
  tallyOfCycle,
} from '../../src/domain/tally.js';
import type { TestId } from '../../src/domain/test.js';
import type { WarmUp } from '../../src/domain/warm-up.js';
import type {
  News,
  PathVerdict,
  ResultQuery,
  ResultStore,
  StoredCycle,
  StoredResult,
} from '../../src/ports.js';

interface Tables {
  readonly results: Map<TestId, Result>;
  readonly closings: Map<TestId, Closing>;
  readonly findings: Map<string, Finding>;
  readonly corrections: Map<string, Correction>;
  readonly cycles: Map<string, StoredCycle>;
  readonly missedSlots: Set<number>;
  readonly tallies: Map<string, Tally>;
  readonly warmUps: WarmUp[];
}

export function createMemoryResults(): ResultStore {
  const tables: Tables = {
    results: new Map(),
    closings: new Map(),
    findings: new Map(),
    corrections: new Map(),
    cycles: new Map(),
    missedSlots: new Set(),
    tallies: new Map(),
    warmUps: [],
  };
  return {
    ...resultCalls(tables),
    ...cycleCalls(tables),
    ...warmUpCalls(tables),
    ...pathCalls(tables),
    corrections: async (testId) => ofTest(tables.corrections.values(), testId),
    findings: async (testId) => ofTest(tables.findings.values(), testId),
    tallies: async () => [...tables.tallies.values()],
    ping: async () => undefined,
  };
}

function resultCalls(tables: Tables) {
  const { results, closings } = tables;
  const stored = (result: Result) => storedResultOf(tables, result);
  return {
    async record(result: Result, tallies: readonly Tally[]) {
      const known = results.get(result.testId);
      if (known !== undefined) return { stored: stored(known), first: false };
      results.set(result.testId, result);
      count(tables, tallies);
      return { stored: result, first: true };
    },
    append: async (testId: TestId, news: News) => append(tables, testId, news),
    async close(testId: TestId, closing: Closing, tallies: readonly Tally[]) {
      if (!results.has(testId)) throw new UnknownRecordError('result', testId);
      if (closings.has(testId)) return;
      closings.set(testId, closing);
      count(tables, tallies);
      append(tables, testId, { findings: closing.findings, corrections: [] });
    },
    async result(testId: TestId) {
      const result = results.get(testId);
      return result === undefined ? undefined : stored(result);
    },
    resultsOfCycle: async (cycleId: string) =>
      [...results.values()]
        .filter((result) => result.cycleId === cycleId)
        .sort((one, other) => compare(one.testId, other.testId))
        .map(stored),
    recent: async (query: ResultQuery) =>
      [...results.values()]
        .filter((result) => matches(result, query))
        .sort(
          (one, other) => other.decidedAtMs - one.decidedAtMs || compare(one.testId, other.testId),
        )
        .slice(0, query.limit)
        .map(stored),
    async lastPasses() {
      const last = new Map<string, number>();
      for (const { outcome, pathId, decidedAtMs } of results.values()) {
        if (outcome !== 'passed') continue;
        last.set(pathId, Math.max(last.get(pathId) ?? 0, decidedAtMs));
      }
      return [...last].map(([pathId, decidedAtMs]) => ({ pathId, decidedAtMs }));
    },
  } satisfies Partial<ResultStore>;
}

function pathCalls(tables: Tables) {
  const newestFirst = (pathId: string) =>
    [...tables.results.values()]
      .filter((result) => result.pathId === pathId)
      .sort(
        (one, other) => other.decidedAtMs - one.decidedAtMs || compare(one.testId, other.testId),
      );
  return {
    async pathTotals(sinceMs) {
      const since = [...tables.results.values()].filter((one) => one.decidedAtMs >= sinceMs);
      return [...new Set(since.map(({ pathId }) => pathId))].map((pathId) => {
        const ofPath = since.filter((one) => one.pathId === pathId);
        const passed = ofPath.filter((one) => one.outcome === 'passed');
        const failed = ofPath.filter((one) => one.outcome === 'failed');
        const latencies = passed.flatMap((one) => one.totalLatencyMs ?? []);
        return {
          pathId,
          passed: passed.length,
          failed: failed.length,
          undecided: ofPath.length - passed.length - failed.length,
          p50Ms: quantile(latencies, 0.5),
          p95Ms: quantile(latencies, 0.95),
        };
      });
    },
    newestOfPaths: async (pathIds, each) =>
      pathIds.flatMap((pathId) =>
        newestFirst(pathId)
          .slice(0, each)
          .map((result) => verdictOf(storedResultOf(tables, result))),
      ),
    unpassedSince: async (pathIds) =>
      pathIds.flatMap((pathId) => {
        const newest = newestFirst(pathId);
        const pass = newest.findIndex(({ outcome }) => outcome === 'passed');
        const after = newest.slice(0, pass === -1 ? newest.length : pass).at(-1);
        return after === undefined ? [] : [{ pathId, sinceMs: after.decidedAtMs }];
      }),
  } satisfies Partial<ResultStore>;
}

function verdictOf(stored: StoredResult): PathVerdict {
  const { testId, cycleId, pathId, outcome, failureSignal, late, degraded } = stored;
  const { phase, reason, absent } = stored;
  const { unaskedFrames, findingCount, correctionCount, warmUp, latencies } = stored;
  const { firedAtMs, decidedAtMs, totalLatencyMs } = stored;
  return {
    ...{ testId, cycleId, pathId, outcome, failureSignal, late, degraded },
    ...{ unaskedFrames, findingCount, correctionCount, warmUp, latencies },
    ...{ firedAtMs, decidedAtMs, totalLatencyMs, phase, reason, absent },
  };
}

function cycleCalls(tables: Tables) {
  const { cycles, missedSlots } = tables;
  return {
    async openCycle(cycle) {
      if (!cycles.has(cycle.cycleId)) {
        cycles.set(cycle.cycleId, { ...cycle, closedAtMs: undefined, scoreboard: undefined });
      }
      const earlier = [...cycles.values()].flatMap(({ slotMs }) =>
        slotMs !== undefined && cycle.slotMs !== undefined && slotMs < cycle.slotMs ? [slotMs] : [],
      );
      return { previousSlotMs: earlier.length === 0 ? undefined : Math.max(...earlier) };
    },
    async recordMissedSlots(slotsMs) {
      for (const slotMs of slotsMs) {
        if (missedSlots.has(slotMs)) continue;
        missedSlots.add(slotMs);
        count(tables, [MISSED_SLOT_TALLY]);
      }
    },
    async closeCycle(scoreboard, closedAtMs) {
      const cycle = cycles.get(scoreboard.cycleId);
      if (cycle === undefined) throw new UnknownRecordError('cycle', scoreboard.cycleId);
      if (cycle.closedAtMs !== undefined) return;
      cycles.set(scoreboard.cycleId, { ...cycle, scoreboard, closedAtMs });
      count(tables, [tallyOfCycle(scoreboard)]);
    },
    cycles: async (limit) =>
      [...cycles.values()]
        .sort(
          (one, other) =>
            other.startedAtMs - one.startedAtMs || compare(one.cycleId, other.cycleId),
        )
        .slice(0, limit),
    lastClosedCycle: async () =>
      [...cycles.values()]
        .filter(({ closedAtMs }) => closedAtMs !== undefined)
        .sort((one, other) => (other.closedAtMs ?? 0) - (one.closedAtMs ?? 0))[0],
  } satisfies Partial<ResultStore>;
}

function warmUpCalls({ warmUps }: Tables) {
  return {
    async beginWarmUp(atMs) {
      const running = warmUps.find(({ endedAtMs }) => endedAtMs === undefined);
      if (running !== undefined) return running;
      const begun = { startedAtMs: atMs, endedAtMs: undefined };
      warmUps.push(begun);
      return begun;
    },
    async endWarmUp(_end, atMs) {
      const last = warmUps.pop();
      if (last !== undefined) warmUps.push({ ...last, endedAtMs: last.endedAtMs ?? atMs });
    },
    warmUp: async () => warmUps.at(-1),
  } satisfies Partial<ResultStore>;
}

function append(tables: Tables, testId: TestId, { findings, corrections }: News): void {
  for (const finding of findings) {
    const key = `${testId} ${finding.kind} ${finding.subject}`;
    if (tables.findings.has(key)) continue;
    tables.findings.set(key, finding);
    count(tables, talliesOfFinding(finding));
  }
  for (const correction of corrections) {
    const key = `${testId} ${correction.kind}`;
    if (tables.corrections.has(key)) continue;
    tables.corrections.set(key, correction);
    count(tables, [tallyOfCorrection(correction)]);
  }
}

function count({ tallies }: Tables, news: readonly Tally[]): void {
  for (const { tally, labels, add } of news) {
    const sorted = Object.fromEntries(Object.entries(labels).sort());
    const key = `${tally} ${JSON.stringify(sorted)}`;
    tallies.set(key, { tally, labels: sorted, add: (tallies.get(key)?.add ?? 0) + add });
  }
}

function storedResultOf(tables: Tables, result: Result): StoredResult {
  const closing = tables.closings.get(result.testId);
  const { testId } = result;
  return {
    ...result,
    closedAtMs: closing?.closedAtMs,
    unaskedFrames: closing?.unaskedFrames ?? [],
    degraded: closing?.degraded ?? false,
    absent: closing?.absent ?? [],
    absentEvents: closing?.absentEvents ?? [],
    unobserved: closing?.unobserved ?? [],
    stamps: closing?.stamps ?? [],
    latencies: closing?.latencies ?? {
      totalMs: undefined,
      committedMs: undefined,
      observerShareMs: undefined,
    },
    findingCount: ofTest(tables.findings.values(), testId).length,
    correctionCount: ofTest(tables.corrections.values(), testId).length,
  };
}

function matches(result: Result, { pathId, backend, outcome }: ResultQuery): boolean {
  return (
    (pathId === undefined || result.pathId === pathId) &&
    (backend === undefined || result.backend === backend) &&
    (outcome === undefined || result.outcome === outcome)
  );
}

function ofTest<T extends { readonly testId: TestId }>(rows: Iterable<T>, testId: TestId): T[] {
  return [...rows].filter((row) => row.testId === testId);
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
