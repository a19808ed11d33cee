// What people see, as it stands on the terminal.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { formatMs } from '../../src/admin/format.js';
import { plain } from '../../src/admin/paint.js';
import { renderDoctor, renderPaths } from '../../src/admin/render-lists.js';
import { renderScoreboard } from '../../src/admin/render-scoreboard.js';
import { renderStatus } from '../../src/admin/render-status.js';
import { renderTest } from '../../src/admin/render-test.js';
import { renderTable } from '../../src/admin/table.js';
import { scoreboardOfView, scoreboardView } from '../../src/admin/views/scoreboard-view.js';
import { testView } from '../../src/admin/views/test-view.js';
import { type ClosedResult, scoreboardOf } from '../../src/domain/scoreboard.js';
import type { Stamp, StampName } from '../../src/domain/stamp.js';
import { testOf } from '../support/samples.js';
import { closingOf, exampleConfig, NOW_MS, resultOf, TIMED_OUT } from './world.js';

const ASYNC = 'A1.1-B1.1-async';

const EMPTY_STATUS = {
  at: '2026-11-23T18:30:00.000Z',
  running: [],
  validators: [],
  workers: [],
  missedSlots: { total: 0, recent: [] },
  openTests: 0,
};

/** What must stand on the terminal, as a file. */
function screen(name: string): string {
  return readFileSync(new URL(`screens/${name}.txt`, import.meta.url), 'utf8');
}

function closed(pathId: string, over: object = {}, closing: object = {}): ClosedResult {
  return {
    ...resultOf(pathId, { cycleId: '20261123T183000Z', ...over }),
    ...closingOf(),
    findingCount: 0,
    ...closing,
  };
}

function everyPath(): readonly ClosedResult[] {
  return exampleConfig().paths.map(({ id }, index) => closed(id, { totalLatencyMs: 30 + index }));
}

describe('the scoreboard', () => {
  test('of a clean cycle', () => {
    const board = scoreboardOf('20261123T183000Z', 30, everyPath());
    expect(`${renderScoreboard(board)}\n`).toBe(screen('scoreboard-clean'));
  });

  test('of a cycle that is not clean: failures before blemishes', () => {
    const observer = {
      outcome: 'observer',
      phase: 'observation',
      reason: 'no validator brought it',
    };
    const results = [
      closed(
        'A1.1-A1.2-intra',
        { late: true, warmUp: true },
        { degraded: true, absent: [{ frame: 'A', stamp: 'fee_collected' }] },
      ),
      closed('A1.2-A1.1-intra', { ...observer, totalLatencyMs: undefined }),
      closed(ASYNC, TIMED_OUT),
    ];
    expect(`${renderScoreboard(scoreboardOf('20261123T183000Z', 4, results))}\n`).toBe(
      screen('scoreboard-unclean'),
    );
  });

  test('is the same after its way through JSON', () => {
    const results = [closed('A1.1-A1.2-intra', { late: true }), closed(ASYNC, TIMED_OUT)];
    const board = scoreboardOf('20261123T183000Z', 4, results);
    expect(scoreboardOfView(JSON.parse(JSON.stringify(scoreboardView(board))))).toEqual(board);
  });
});

describe('a test', () => {
  const planned = testOf(ASYNC);
  const { testId } = planned;

  function stampOf(name: StampName, frame: string, position: number, committedMs: number): Stamp {
    const producer = name.startsWith('cf_settled') ? 'teg-b' : 'teg-a';
    return {
      name,
      frame,
      eventId: { producer, position },
      transferId: 'transfer-1',
      sourceFrame: producer === 'teg-b' ? 'B' : 'A',
      originCommittedAtMs: NOW_MS + committedMs,
      storedAtMs: NOW_MS + committedMs + 4,
      seenAtMs: NOW_MS + committedMs + 6,
    };
  }

  const stored = {
    ...planned,
    firedAtMs: NOW_MS,
    acceptedAtMs: NOW_MS + 14,
    transferId: 'transfer-1',
    outcome: undefined,
  };

  test('that passed, with its waterfall', () => {
    const stamps = [
      stampOf('cf_settled_local', 'B', 77, 31),
      stampOf('tokens_xfer', 'A', 1041, 9),
      stampOf('cf_initiated', 'A', 1042, 9),
    ];
    const result = {
      ...closed(ASYNC, { firedAtMs: NOW_MS, decidedAtMs: NOW_MS + 40, totalLatencyMs: 37 }),
      ...closingOf({ latencies: { totalMs: 37, committedMs: 31, observerShareMs: 6 }, stamps }),
      findingCount: 0,
      correctionCount: 0,
      clean: true,
      acknowledgement: undefined,
    };
    const facts = {
      ...{ testId, test: stored, result, stamps },
      ...{ expected: [], findings: [], corrections: [] },
    };
    expect(`${renderTest(testView(facts), plain)}\n`).toBe(screen('test-passed'));
  });

  test('that failed, with findings, corrections and what never came', () => {
    const result = {
      ...closed(ASYNC, { ...TIMED_OUT, firedAtMs: NOW_MS }),
      ...closingOf({
        degraded: true,
        absent: [{ frame: 'B', stamp: 'cf_initiated' }],
        absentEvents: [{ frame: 'B', eventType: 'CrossFrameTransferSettled' }],
        unobserved: [{ frame: 'A', stamp: 'fee_collected' }],
        latencies: { totalMs: undefined, committedMs: undefined, observerShareMs: undefined },
      }),
      findingCount: 1,
      correctionCount: 1,
      clean: false,
      acknowledgement: undefined,
    };
    const evidence = 'TransactionFeeCollected: found 0.000011, registered 0.000010';
    const view = testView({
      testId,
      test: undefined,
      result,
      stamps: [],
      expected: [],
      findings: [{ kind: 'wrong_fee', testId, subject: 'teg-a/3', evidence }],
      corrections: [{ kind: 'completion', testId, evidence: 'completed after the verdict' }],
    });
    expect(`${renderTest(view, plain)}\n`).toBe(screen('test-failed'));
  });
});

describe('lists', () => {
  test('of checks stand worst first', () => {
    const row = (state: 'ok' | 'wrong' | 'unreachable') => ({
      check: 'teg',
      subject: state,
      state,
      detail: 'detail',
      ...(state === 'ok' ? {} : { advice: 'advice' }),
    });
    const text = renderDoctor(
      { ok: false, checks: [row('ok'), row('wrong'), row('unreachable')] },
      plain,
    );
    expect(text.split('\n').slice(1)).toEqual([
      'unreachable  teg    unreachable  detail',
      '  -> advice',
      'wrong        teg    wrong        detail',
      '  -> advice',
      'ok           teg    ok           detail',
    ]);
  });

  test('of paths name those that were never fired', () => {
    const never = {
      pathId: 'P',
      backend: 'intra',
      sender: 'S',
      receiver: 'R',
      passed: 0,
      of: 0,
    } as const;
    expect(renderPaths({ last: 20, paths: [never] }, plain).split('\n')[1]).toBe(
      'P     never fired            0/0    -    -  -',
    );
  });

  test('have cells of their own width, painted or not', () => {
    const columns = [{ title: 'a' }, { title: 'n', align: 'right' as const }, { title: 'z' }];
    const rows = [
      [{ text: 'red', colour: 'red' as const }, '1', 'end'],
      ['x', '1000', ''],
    ];
    const painted = renderTable(columns, rows, (text, colour) => `<${colour}>${text}</>`);
    expect(painted.replaceAll(/<[^>]*>/g, '')).toBe('a       n  z\nred     1  end\nx    1000');
  });
});

describe('a table that is wider than the terminal', () => {
  const columns = [{ title: 'path' }, { title: 'why' }];
  const rows = [
    ['A1', 'no cf_settled_local before the final deadline of the test'],
    ['A2', '-'],
  ];
  const at = (width: number) =>
    renderTable(columns, rows, Object.assign(cells, { columns: width }));
  const cells = (text: string) => text;

  test('has its last column in lines', () => {
    expect(at(40)).toBe(
      'path  why\nA1    no cf_settled_local before the\n      final deadline of the test\nA2    -',
    );
  });

  test('has its last column below where there is too little room', () => {
    expect(at(30)).toBe(
      'path\nA1\n    no cf_settled_local before\n    the final deadline of the\n    test\nA2',
    );
  });
});

test('the status names each red thing once, and not thirty of a kind', () => {
  const missing = ['TokensTransferred', 'TransactionFeeCollected'].map((eventType) => ({
    what: 'validator' as const,
    subject: `A/${eventType}`,
    reason: 'missing',
  }));
  const open = Array.from({ length: 30 }, (_, index) => ({
    what: 'test' as const,
    subject: `t${index}`,
    reason: `open ${index} s past its soft deadline`,
  }));
  const status = { ...EMPTY_STATUS, red: [...missing, ...open] };
  const lines = renderStatus(status, plain).split('\n');
  expect(lines[0]).toMatch(/^32 red/);
  expect(lines[4]).toBe('validator  A/TokensTransferred and 1 more  missing');
  expect(lines.filter((line) => line.startsWith('test '))).toHaveLength(11);
  expect(lines[15]).toBe('test       20 more                         see --json');
});

test('the status of a reactor that never ran', () => {
  const red = [{ what: 'worker' as const, subject: 'all', reason: 'no worker is alive' }];
  const status = { ...EMPTY_STATUS, red };
  expect(`${renderStatus(status, plain)}\n`).toBe(screen('status-never-ran'));
});

test('a status tells the newest audit, since when audits say so, and its age', () => {
  const supply = {
    outcome: 'violated' as const,
    certificate: 41,
    decidedAt: '2026-11-23T18:29:18.000Z',
    since: '2026-11-23T17:12:00.000Z',
    headline: 'violated (1 standing)',
  };
  const lines = renderStatus({ ...EMPTY_STATUS, supply, red: [] }, plain).split('\n');
  expect(lines).toContain(
    'supply       violated (1 standing) since 2026-11-23 17:12:00; certificate 41, 42 s ago',
  );
});

test.each([
  [undefined, '-'],
  [0, '0 ms'],
  [0.4, '0 ms'],
  [999, '999 ms'],
  [1_000, '1.00 s'],
  [59_994, '59.99 s'],
  [60_000, '1 min 00 s'],
  [123_499, '2 min 03 s'],
  [-5, '-5 ms'],
] as const)('%s ms are shown as %s', (ms, text) => {
  expect(formatMs(ms)).toBe(text);
});
