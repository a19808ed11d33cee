// What every result store must do with what needs a person, and with pages.
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Result } from '../../src/domain/result.js';
import type { ResultPlace, ResultStore } from '../../src/ports.js';
import { NOW_MS, newClosing, newResult } from './result-store.contract.js';

const WORD = { by: 'a person', atMs: NOW_MS, reason: 'the receiver moves' };
const FAILED: Partial<Result> = { outcome: 'failed', failureSignal: 'timeout' };

type Store = () => ResultStore;

export function attentionContract(name: string, store: Store): void {
  describe(`attention: ${name}`, () => {
    troubleCases(store);
    wordCases(store);
    pageCases(store);
  });
}

/** Stores results of one path, a second apart; answers their ids. */
async function storePath(
  store: Store,
  pathId: string,
  results: readonly Partial<Result>[],
): Promise<readonly string[]> {
  const stored = results.map((over, index) =>
    newResult({ pathId, decidedAtMs: NOW_MS + index * 1_000, ...over }),
  );
  for (const result of stored) await store().record(result, []);
  return stored.map(({ testId }) => testId);
}

const at = (index: number) => NOW_MS + index * 1_000;

function troubleCases(store: Store): void {
  const cases: readonly {
    readonly what: string;
    readonly results: readonly Partial<Result>[];
    readonly expected: object | undefined;
  }[] = [
    { what: 'a path that passes is no trouble', results: [{}, {}], expected: undefined },
    {
      what: 'a path that fails is, since its last pass',
      results: [FAILED, {}, FAILED, FAILED],
      expected: { openCount: 3, openSinceMs: at(0), failingCount: 2, failingSinceMs: at(2) },
    },
    {
      what: 'a path that is well again is, until somebody has seen it',
      results: [FAILED, FAILED, {}],
      expected: { openCount: 2, openSinceMs: at(0), failingCount: 0, failingSinceMs: undefined },
    },
    {
      what: 'what a warm-up or a maintenance brought is not',
      results: [
        { ...FAILED, warmUp: true },
        { ...FAILED, maintenance: true },
      ],
      expected: undefined,
    },
  ];
  test.each(cases)('$what', async ({ results, expected }) => {
    const pathId = randomUUID();
    await storePath(store, pathId, results);
    const [trouble] = await store().troubles([pathId]);
    if (expected === undefined) expect(trouble).toBeUndefined();
    else expect(trouble).toMatchObject({ pathId, ...expected });
  });

  test('what was degraded, or has a finding, is trouble as well', async () => {
    const pathId = randomUUID();
    const [degraded = '', found = ''] = await storePath(store, pathId, [{}, {}]);
    await store().close(degraded, newClosing({ degraded: true }), []);
    const finding = { kind: 'wrong_fee', testId: found, subject: 's', evidence: 'e' } as const;
    await store().append(found, { findings: [finding], corrections: [] });
    expect(await store().troubles([pathId])).toMatchObject([
      { openCount: 2, failingCount: 2, last: { testId: found, clean: false } },
    ]);
    await store().close(found, newClosing(), []);
    expect((await store().result(found))?.clean).toBe(false);
  });
}

function wordCases(store: Store): void {
  test('a word about a test is kept, once, and about nothing that is well', async () => {
    const [failed = '', passed = ''] = await storePath(store, randomUUID(), [FAILED, {}]);
    expect(await store().acknowledge({ testId: failed }, WORD)).toEqual([failed]);
    expect(await store().acknowledge({ testId: failed }, WORD)).toEqual([]);
    expect(await store().acknowledge({ testId: passed }, WORD)).toEqual([]);
    expect((await store().result(failed))?.acknowledgement).toEqual(WORD);
    expect((await store().result(passed))?.acknowledgement).toBeUndefined();
  });

  test('a word about a path covers what is open, and what goes on failing alike', async () => {
    const pathId = randomUUID();
    const tests = await storePath(store, pathId, [FAILED, FAILED]);
    expect(await store().acknowledge({ pathId }, WORD)).toEqual([...tests].sort());
    await storePath(store, pathId, [{ ...FAILED, decidedAtMs: at(2) }]);
    expect(await store().troubles([pathId])).toMatchObject([
      { openCount: 0, failingCount: 3, last: { acknowledgement: WORD } },
    ]);
    // Another way to fail, and a failure after a pass, are news.
    const news = { outcome: 'failed', failureSignal: 'refunded', decidedAtMs: at(3) } as const;
    await storePath(store, pathId, [news, { decidedAtMs: at(4) }]);
    await storePath(store, pathId, [{ ...FAILED, decidedAtMs: at(5) }]);
    expect(await store().troubles([pathId])).toMatchObject([{ openCount: 2, failingCount: 1 }]);
  });
}

function pageCases(store: Store): void {
  test('pages follow each other without a gap, also where many are of one moment', async () => {
    const pathId = randomUUID();
    const all = await storePath(
      store,
      pathId,
      Array.from({ length: 9 }, (_, index) => ({ decidedAtMs: at(Math.floor(index / 4)) })),
    );
    const seen: string[] = [];
    let after: ResultPlace | undefined;
    for (;;) {
      const page = await store().recent({
        pathId,
        limit: 2,
        ...(after === undefined ? {} : { after }),
      });
      seen.push(...page.map(({ testId }) => testId));
      after = page.at(-1);
      // What comes in meanwhile moves no page.
      await storePath(store, pathId, [{ decidedAtMs: at(60) }]);
      if (page.length < 2) break;
    }
    expect(seen).toHaveLength(all.length);
    expect([...seen].sort()).toEqual([...all].sort());
  });

  test('filters by clean and by time', async () => {
    const pathId = randomUUID();
    const [one, failed, three] = await storePath(store, pathId, [{}, FAILED, {}]);
    const table = [
      { query: { clean: false }, expected: [failed] },
      { query: { clean: true }, expected: [three, one] },
      { query: { sinceMs: at(1) }, expected: [three, failed] },
      { query: { untilMs: at(1) }, expected: [one] },
      { query: { sinceMs: at(1), untilMs: at(2), clean: true }, expected: [] },
    ];
    for (const { expected, query } of table) {
      const found = await store().recent({ pathId, limit: 9, ...query });
      expect(
        found.map(({ testId }) => testId),
        JSON.stringify(query),
      ).toEqual(expected);
    }
  });

  test('cycles page and are found by their id', async () => {
    const startMs = Date.UTC(2099, 0);
    const ids = ['c', 'a', 'b'].map((end) => `${randomUUID()}-${end}`);
    for (const cycleId of ids) {
      const cycle = { cycleId, slotMs: undefined, planned: 1, startedAtMs: startMs };
      await store().openCycle(cycle);
    }
    const [first] = await store().cycles(1);
    const others = await store().cycles(2, first);
    const found = [first, ...others].map((one) => one?.cycleId);
    expect(found).toEqual([...ids].sort());
    expect((await store().cycle(ids[1] ?? ''))?.cycleId).toBe(ids[1]);
    expect(await store().cycle('none')).toBeUndefined();
  });
}
