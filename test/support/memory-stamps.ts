// The stamp store in memory, for tests of what stands on it; held to the same contract suite.

import { UnknownRecordError } from '../../src/adapters/store-unavailable-error.js';
import type { Stamp } from '../../src/domain/stamp.js';
import type { CanaryTest, TestId } from '../../src/domain/test.js';
import type { Outcome } from '../../src/domain/verdict.js';
import type { Clock, OpenTest, StampStore, StoredTest } from '../../src/ports.js';

interface Entry {
  readonly test: CanaryTest;
  firedAtMs: number | undefined;
  acceptedAtMs: number | undefined;
  transferId: string | undefined;
  outcome: Outcome | undefined;
  softDeadlineAtMs: number;
  readonly stamps: Map<string, Stamp>;
}

export function createMemoryStamps(clock: Clock): StampStore {
  const entries = new Map<TestId, Entry>();
  const transfers = new Map<string, TestId>();

  function entryOf(testId: TestId): Entry {
    const entry = entries.get(testId);
    if (entry === undefined) throw new UnknownRecordError('test', testId);
    return entry;
  }

  function index(transferId: string, testId: TestId): void {
    if (!transfers.has(transferId)) transfers.set(transferId, testId);
  }

  return {
    async register(test) {
      const known = entries.get(test.testId);
      if (known !== undefined) return { ...known.test, firedAtMs: known.firedAtMs };
      entries.set(test.testId, {
        test,
        firedAtMs: undefined,
        acceptedAtMs: undefined,
        transferId: undefined,
        outcome: undefined,
        softDeadlineAtMs: clock.nowMs() + test.deadlines.softMs,
        stamps: new Map(),
      });
      return { ...test, firedAtMs: undefined };
    },
    async markFired(testId, atMs) {
      const entry = entryOf(testId);
      if (entry.firedAtMs !== undefined) return entry.firedAtMs;
      entry.firedAtMs = atMs;
      entry.softDeadlineAtMs = atMs + entry.test.deadlines.softMs;
      return atMs;
    },
    async markAccepted(testId, transferId, atMs) {
      const entry = entryOf(testId);
      entry.acceptedAtMs ??= atMs;
      entry.transferId ??= transferId;
      index(transferId, testId);
    },
    async markDecided(testId, outcome) {
      const entry = entries.get(testId);
      if (entry !== undefined) entry.outcome ??= outcome;
    },
    async test(testId) {
      const entry = entries.get(testId);
      return entry === undefined ? undefined : storedTestOf(entry);
    },
    testIdOfTransfer: async (transferId) => transfers.get(transferId),
    indexTransfer: async (transferId, testId) => index(transferId, testId),
    async stamp(testId, stamp) {
      const { stamps } = entryOf(testId);
      const field = `${stamp.name}@${stamp.frame}`;
      const kept = stamps.get(field) ?? stamp;
      stamps.set(field, kept);
      return kept;
    },
    stamps: async (testId) => [...(entries.get(testId)?.stamps.values() ?? [])],
    openTests: async () =>
      [...entries.values()]
        .filter(({ outcome }) => outcome === undefined)
        .map(openTestOf)
        .sort((one, other) => one.softDeadlineAtMs - other.softDeadlineAtMs),
    ping: async () => undefined,
  };
}

function storedTestOf(entry: Entry): StoredTest {
  const { test, firedAtMs, acceptedAtMs, transferId, outcome } = entry;
  return { ...test, firedAtMs, acceptedAtMs, transferId, outcome };
}

function openTestOf({ test, softDeadlineAtMs }: Entry): OpenTest {
  return {
    testId: test.testId,
    pathId: test.path.id,
    backend: test.path.backend,
    softDeadlineAtMs,
  };
}
