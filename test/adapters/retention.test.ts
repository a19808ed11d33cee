// Pruning, on PostgreSQL: what outlives its cut goes with all that belongs to it, nothing else
// does, and no counter of results bends.
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pruneOld } from '../../src/activities/prune-results.js';
import { openPostgres, type Postgres } from '../../src/adapters/postgres-connection.js';
import { migratePostgres } from '../../src/adapters/postgres-migrations.js';
import { createPostgresResults } from '../../src/adapters/postgres-results.js';
import { createPostgresRetention } from '../../src/adapters/postgres-retention.js';
import type { Closing, Result } from '../../src/domain/result.js';
import { scoreboardOf } from '../../src/domain/scoreboard.js';
import { talliesOfResult } from '../../src/domain/tally.js';
import type { ResultStore, RetentionStore } from '../../src/ports.js';
import { createOwnDatabase, type OwnDatabase } from '../support/own-database.js';
import { NOW_MS, newClosing, newResult } from './result-store.contract.js';

const DAY_MS = 86_400_000;
const SETTINGS = { passedMs: 30 * DAY_MS, failedMs: 400 * DAY_MS, unacknowledgedMs: 800 * DAY_MS };
const FAILED = { outcome: 'failed', failureSignal: 'timeout' } as const;
const WORD = { by: 'a person', atMs: NOW_MS, reason: 'seen' };
const logger = pino({ level: 'silent' });

let database: OwnDatabase;
let postgres: Postgres;
let results: ResultStore;
let retention: RetentionStore;

beforeAll(async () => {
  database = await createOwnDatabase('retention');
  await migratePostgres(database.url, logger);
  postgres = openPostgres({
    url: database.url,
    connectionsMax: 2,
    connectTimeoutMs: 5_000,
    statementTimeoutMs: 30_000,
    logger,
  });
  results = createPostgresResults(postgres);
  retention = createPostgresRetention(postgres);
});

beforeEach(async () => {
  const text = 'truncate canary_test_results, canary_cycles, canary_findings, canary_corrections';
  await postgres.query({ name: 'empty', text });
});

afterAll(async () => {
  await postgres.close();
  await database.drop();
});

const prune = () =>
  pruneOld({ clock: { nowMs: () => NOW_MS }, retention, settings: SETTINGS }, () => undefined);

async function store(ageDays: number, over: Partial<Result> = {}, closing?: Partial<Closing>) {
  const result = newResult({ ...over, decidedAtMs: NOW_MS - ageDays * DAY_MS });
  await results.record(result, talliesOfResult(result));
  await results.close(result.testId, newClosing(closing), []);
  return result.testId;
}

describe('a result', () => {
  test.each<readonly [string, number, Partial<Result>, 'seen' | 'unseen', boolean]>([
    ['that is clean is kept for a month', 29.9, {}, 'unseen', true],
    ['that is clean goes after it', 30.1, {}, 'unseen', false],
    ['that failed is kept longer', 399.9, FAILED, 'seen', true],
    ['that failed goes later', 400.1, FAILED, 'seen', false],
    ['that failed in a warm-up needs nobody', 400.1, { ...FAILED, warmUp: true }, 'unseen', false],
    ['that nobody has seen is kept the longest', 799.9, FAILED, 'unseen', true],
    ['that nobody has seen goes as well', 800.1, FAILED, 'unseen', false],
  ])('%s', async (_, ageDays, over, seen, kept) => {
    const testId = await store(ageDays, over);
    if (seen === 'seen') await results.acknowledge({ testId }, WORD);
    expect((await prune()).results).toBe(kept ? 0 : 1);
    expect((await results.result(testId)) !== undefined).toBe(kept);
  });

  test('keeps what belongs to it, and takes it along', async () => {
    const evidence = { subject: 's', evidence: 'e' };
    const append = async (testId: string) =>
      results.append(testId, {
        findings: [{ kind: 'wrong_fee', testId, ...evidence }],
        corrections: [{ kind: 'refund', testId, evidence: 'e' }],
      });
    const [kept, gone] = [await store(399), await store(801)];
    for (const testId of [kept, gone]) await append(testId);
    const corrected = await store(399);
    const correction = { kind: 'refund', testId: corrected, evidence: 'e' } as const;
    await results.append(corrected, { findings: [], corrections: [correction] });
    expect((await prune()).results).toBe(1);
    expect(await results.findings(kept)).toHaveLength(1);
    expect(await results.corrections(corrected)).toHaveLength(1);
    expect([await results.findings(gone), await results.corrections(gone)]).toEqual([[], []]);
  });
});

test('many go in batches, past what is kept, and the counters of results stay', async () => {
  await postgres.query(
    {
      name: 'fill',
      text: `insert into canary_test_results (test_id, cycle_id, path_id, backend,
          amount_base_units, outcome, missing, reason, late, warm_up, decided_at, clean)
        select 'test-' || n, 'c', 'p', 'intra', 1, 'passed', '{}', '', false, false,
          $1::timestamptz - (40 + n % 7) * interval '1 day', n % 4 <> 0
        from generate_series(1, 4400) as n`,
    },
    [new Date(NOW_MS).toISOString()],
  );
  const counted = async () => (await results.tallies()).filter(({ tally }) => tally !== 'pruned');
  const before = await counted();
  const pruned = async () =>
    (await results.tallies()).find(
      ({ labels, tally }) => tally === 'pruned' && labels.what === 'results',
    )?.add ?? 0;
  const prunedBefore = await pruned();
  expect((await prune()).results).toBe(3_300);
  expect((await prune()).results).toBe(0);
  expect(await counted()).toEqual(before);
  expect((await pruned()) - prunedBefore).toBe(3_300);
  expect(await retention.oldestMs()).toBe(NOW_MS - 46 * DAY_MS);
});

describe('a cycle', () => {
  test.each<readonly [string, number, Partial<Result>, boolean]>([
    ['goes with the last of its results', 31, {}, false],
    ['stays with a failure', 31, FAILED, true],
    ['stays while it is young', 29, {}, true],
  ])('%s', async (_, ageDays, over, kept) => {
    const cycleId = randomUUID();
    const startedAtMs = NOW_MS - ageDays * DAY_MS;
    await results.openCycle({ cycleId, slotMs: undefined, planned: 1, startedAtMs });
    await store(ageDays, { ...over, cycleId });
    const board = scoreboardOf(cycleId, 1, await results.resultsOfCycle(cycleId));
    await results.closeCycle(board, startedAtMs);
    expect((await prune()).cycles).toBe(kept ? 0 : 1);
    expect((await results.cycle(cycleId)) !== undefined).toBe(kept);
  });

  test('that lost its tests stays as failures do', async () => {
    const cycleId = randomUUID();
    const startedAtMs = NOW_MS - 399 * DAY_MS;
    await results.openCycle({ cycleId, slotMs: undefined, planned: 1, startedAtMs });
    await results.closeCycle(scoreboardOf(cycleId, 1, []), startedAtMs);
    expect((await prune()).cycles).toBe(0);
  });
});
