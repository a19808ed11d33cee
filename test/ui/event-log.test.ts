// The live log: distinct outcomes, 200 at most, failures kept longer, nothing moves under a reader.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ResultView } from '../../src/admin/views/result-view.js';
import {
  counted,
  EMPTY_LOG,
  ENTRIES_MAX,
  type EventLog,
  NEWEST_KEPT,
  release,
  seen,
  setFilter,
  setFolded,
  setTail,
  visible,
} from '../../ui/src/event-log.js';
import { at, FAILED, resultView } from './views.js';

function passed(secondsAgo: number): ResultView {
  return resultView({ testId: `passed ${secondsAgo}`, decidedAt: at(secondsAgo) });
}

function failed(secondsAgo: number): ResultView {
  return resultView({ ...FAILED, testId: `failed ${secondsAgo}`, decidedAt: at(secondsAgo) });
}

const keys = ({ entries }: EventLog) => entries.map(({ key }) => key);

describe('what is an entry', () => {
  const cases: readonly [what: string, results: readonly ResultView[], keys: readonly string[]][] =
    [
      ['a test read twice is one', [passed(1), passed(1)], ['passed 1 passed']],
      [
        'a close that finds more is another',
        [passed(1), { ...passed(1), degraded: true, closedAt: at(0) }],
        ['passed 1 degraded', 'passed 1 passed'],
      ],
      [
        'a correction is one beside the verdict',
        [{ ...failed(5), correctionCount: 1, closedAt: at(2) }],
        ['failed 5 correction 1', 'failed 5 timeout'],
      ],
      [
        'the newest stands first',
        [passed(9), passed(3), passed(6)],
        ['passed 3 passed', 'passed 6 passed', 'passed 9 passed'],
      ],
    ];
  test.each(cases)('%s', (_, results, expected) => {
    expect(keys(seen(EMPTY_LOG, results))).toEqual(expected);
  });
});

describe('what is kept', () => {
  test('a failure outlives every pass that came after it', () => {
    const flood = Array.from({ length: 500 }, (_, index) => passed(500 - index));
    const log = seen(seen(EMPTY_LOG, [failed(9_000)]), flood);
    expect(keys(log)).toContain('failed 9000 timeout');
    expect(log.entries).toHaveLength(ENTRIES_MAX);
    expect(log.dropped).toBe(true);
  });

  test('a flood of failures hides no news', () => {
    const flood = Array.from({ length: 300 }, (_, index) => failed(1_000 + index));
    const log = seen(seen(EMPTY_LOG, flood), [passed(1)]);
    expect(log.entries[0]?.key).toBe('passed 1 passed');
    expect(log.entries).toHaveLength(ENTRIES_MAX);
  });

  test('what went over the cap is no news when it is read again', () => {
    const passes = Array.from({ length: 300 }, (_, index) => passed(1_000 + index));
    const full = setFolded(seen(EMPTY_LOG, passes), true);
    expect(seen(full, passes)).toBe(full);
    expect(seen(full, [passed(1), ...passes]).unseen).toBe(1);
  });

  const anyResults = fc.array(fc.record({ age: fc.nat(5_000), fails: fc.boolean() }), {
    minLength: 1,
    maxLength: 600,
  });

  test('never more than the cap, always the newest, and no pass while a failure had to go', () => {
    fc.assert(
      fc.property(anyResults, fc.nat(10), (facts, pieces) => {
        const results = facts.map(({ age, fails }) => (fails ? failed(age) : passed(age)));
        const size = Math.ceil(results.length / (pieces + 1));
        let log = EMPTY_LOG;
        for (let from = 0; from < results.length; from += size) {
          log = seen(log, results.slice(from, from + size));
        }
        const all = keys(seen({ ...EMPTY_LOG }, results));
        expect(log.entries.length).toBeLessThanOrEqual(ENTRIES_MAX);
        const sorted = [...log.entries].sort((one, other) => (one.at < other.at ? 1 : -1));
        expect(log.entries.map(({ at: time }) => time)).toEqual(sorted.map((one) => one.at));
        expect(keys(log).slice(0, NEWEST_KEPT)).toEqual(all.slice(0, NEWEST_KEPT));
        const failures = new Set(
          results.flatMap((one) => (one.outcome === 'failed' ? one.testId : [])),
        );
        const keptFailures = log.entries.filter(({ look }) => look === 'timeout').length;
        const oldPasses = log.entries.slice(NEWEST_KEPT).filter(({ look }) => look === 'passed');
        if (oldPasses.length > 0) expect(keptFailures).toBe(failures.size);
      }),
      { numRuns: 150 },
    );
  });
});

describe('auto-tail', () => {
  const begun = seen(EMPTY_LOG, [passed(10)]);

  test('off, what is newer waits and what was missed finds its place', () => {
    const log = seen(setTail(begun, false), [passed(5), passed(20)]);
    expect(keys(log)).toEqual(['passed 10 passed', 'passed 20 passed']);
    expect(log.waiting.map(({ key }) => key)).toEqual(['passed 5 passed']);
    expect(keys(release(log))[0]).toBe('passed 5 passed');
    expect(setTail(log, true).waiting).toEqual([]);
  });

  test('waits while a reader holds the log', () => {
    expect(seen(begun, [passed(5)], true).waiting).toHaveLength(1);
    expect(seen(begun, [passed(5)], false).waiting).toHaveLength(0);
  });

  test('what waits is not counted twice', () => {
    const once = seen(setTail(begun, false), [passed(5)]);
    expect(seen(once, [passed(5)])).toBe(once);
  });
});

describe('folded and filtered', () => {
  test('counts what comes while folded, and forgets it once open', () => {
    const folded = setFolded(seen(EMPTY_LOG, [passed(9)]), true);
    const log = seen(seen(folded, [passed(5), failed(4)]), [passed(5)]);
    expect(log.unseen).toBe(2);
    expect(setFolded(log, false).unseen).toBe(0);
    expect(seen(setFolded(log, false), [passed(1)]).unseen).toBe(0);
  });

  test('shows one outcome, and how many there are of each', () => {
    const log = seen(EMPTY_LOG, [passed(3), failed(2), failed(1)]);
    expect(visible(setFilter(log, 'timeout')).map(({ key }) => key)).toEqual([
      'failed 1 timeout',
      'failed 2 timeout',
    ]);
    expect(visible(setFilter(log, 'observer'))).toEqual([]);
    expect([...counted(log)]).toEqual([
      ['timeout', 2],
      ['passed', 1],
    ]);
  });
});
