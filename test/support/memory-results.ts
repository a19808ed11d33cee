// The result store in memory, for tests of what stands on it; held to the same contract suite.
import { UnknownRecordError } from '../../src/adapters/store-unavailable-error.js';
import type { Acknowledgement } from '../../src/domain/attention.js';
import type { Correction } from '../../src/domain/correction.js';
import type { Finding } from '../../src/domain/finding.js';
import type { Closing, Result } from '../../src/domain/result.js';
import {
  MISSED_SLOT_TALLY,
  type Tally,
  talliesOfCycle,
  talliesOfFinding,
  tallyOfCorrection,
} from '../../src/domain/tally.js';
import type { TestId } from '../../src/domain/test.js';
import type { WarmUp } from '../../src/domain/warm-up.js';
import type {
  CyclePlace,
  News,
  ResultQuery,
  ResultStore,
  StoredCycle,
  StoredResult,
  WholeResult,
} from '../../src/ports.js';
import { attentionCallsOf, newestFirst } from './memory-attention.js';
import { pathCallsOf } from './memory-paths.js';

interface Tables {
  readonly words: Map<TestId, Acknowledgement>;
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
    words: new Map(),
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
    ...attentionCallsOf(tables.words, () =>
      [...tables.results.values()].map((result) => storedResultOf(tables, result)),
    ),
    ...pathCallsOf(() =>
      [...tables.results.values()].map((result) => storedResultOf(tables, result)),
    ),
    corrections: async (testId) => ofTest(tables.corrections.values(), testId),
    findings: async (testId) => ofTest(tables.findings.values(), testId),
    tallies: async () => [...tables.tallies.values()],
    ping: async () => undefined,
  };
}

function resultCalls(tables: Tables) {
  const { results, closings } = tables;
  const stored = (result: Result) => storedResultOf(tables, result);
  const listed = (result: Result): StoredResult => {
    const { stamps: _, ...shown } = stored(result);
    return shown;
  };
  return {
    async record(result: Result, tallies: readonly Tally[]) {
      const known = results.get(result.testId);
      if (known !== undefined) return { stored: stored(known), first: false };
      results.set(result.testId, result);
      if (result.outcome !== 'passed') inherit(tables, result);
      count(tables, tallies);
      return { stored: result, first: true };
    },
    append: async (testId: TestId, news: News) => append(tables, testId, news),
    async close(testId: TestId, closing: Closing, tallies: readonly Tally[]) {
      if (!results.has(testId)) throw new UnknownRecordError('result', testId);
      if (closings.has(testId)) return;
      closings.set(testId, closing);
      const closed = results.get(testId);
      if (closing.degraded && closed !== undefined) inherit(tables, closed);
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
        .map(listed),
    recent: async (query: ResultQuery) =>
      [...results.values()]
        .map(listed)
        .filter((result) => matches(result, query))
        .sort(newestFirst)
        .slice(0, query.limit),
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
      count(tables, talliesOfCycle(scoreboard));
    },
    cycle: async (cycleId) => cycles.get(cycleId),
    cycles: async (limit, after) =>
      [...cycles.values()]
        .sort(newestCycleFirst)
        .filter((one) => after === undefined || newestCycleFirst(after, one) < 0)
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

function newestCycleFirst(one: CyclePlace, other: CyclePlace): number {
  return other.startedAtMs - one.startedAtMs || compare(one.cycleId, other.cycleId);
}

/** What goes on failing alike is covered by the word about what failed before it. */
function inherit(tables: Tables, result: Result): void {
  const [before] = [...tables.results.values()]
    .filter(
      ({ decidedAtMs, pathId }) => pathId === result.pathId && decidedAtMs < result.decidedAtMs,
    )
    .sort(newestFirst)
    .map((one) => storedResultOf(tables, one));
  const word = before?.acknowledgement;
  if (before === undefined || word === undefined || before.clean) return;
  const alike = before.outcome === result.outcome && before.failureSignal === result.failureSignal;
  if (alike && !tables.words.has(result.testId)) tables.words.set(result.testId, word);
}

function storedResultOf(tables: Tables, result: Result): WholeResult {
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
    clean:
      result.outcome === 'passed' &&
      closing?.degraded !== true &&
      (closing?.unaskedFrames ?? []).length === 0 &&
      ofTest(tables.findings.values(), testId).length === 0,
    acknowledgement: tables.words.get(testId),
  };
}

function matches(result: StoredResult, query: ResultQuery): boolean {
  const { after, backend, clean, outcome, pathId } = query;
  const { sinceMs = Number.NEGATIVE_INFINITY, untilMs = Number.POSITIVE_INFINITY } = query;
  return (
    (pathId === undefined || result.pathId === pathId) &&
    (backend === undefined || result.backend === backend) &&
    (outcome === undefined || result.outcome === outcome) &&
    (clean === undefined || result.clean === clean) &&
    result.decidedAtMs >= sinceMs &&
    result.decidedAtMs < untilMs &&
    (after === undefined || newestFirst(after, result) < 0)
  );
}

function ofTest<T extends { readonly testId: TestId }>(rows: Iterable<T>, testId: TestId): T[] {
  return [...rows].filter((row) => row.testId === testId);
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
