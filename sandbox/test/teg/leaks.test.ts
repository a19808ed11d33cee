// Every leak of a TEG, by command or by fault, is in the oracle: frame, accounts, amount,
// transfer and the outbox positions that it lies between.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LeakingFault, LeakKind } from '../../src/names.js';
import type { LeakRecord } from '../../src/service/leak-wire.js';
import { callTeg, eventually, sendTransfer, untilStatus } from './teg-client.js';
import {
  type FrameName,
  startTegPlatform,
  type TegPlatform,
  type TestTeg,
} from './teg-platform.js';

let platform: TegPlatform;
beforeAll(async () => {
  platform = await startTegPlatform({ topology: { refundAfterMs: 400, sweepIntervalMs: 50 } });
});
afterAll(() => platform.remove());

async function leaksOf(teg: TestTeg): Promise<readonly LeakRecord[]> {
  const token = platform.tokens.oracle;
  const { body } = await callTeg(teg, 'GET', '/oracle/leaks?limit=1000', { token });
  return body.leaks as readonly LeakRecord[];
}

/** The leaks of a TEG while `work` runs, accounts as aliases; waits until there is one. */
async function leaksDuring(teg: TestTeg, work: () => Promise<unknown>) {
  const before = (await leaksOf(teg)).length;
  await work();
  return eventually(async () => {
    const leaks = (await leaksOf(teg)).slice(before);
    return leaks.length > 0 && leaks;
  }, `frame ${teg.name} has a leak`);
}

const aliases = ({ accounts }: LeakRecord) => accounts.map(platform.alias);

describe('by command', () => {
  const commands = [
    ['create', { account: 'A1/1' }, { 'A1/1': 1n, issuance: -1n }],
    ['destroy', { account: 'A1/1' }, { 'A1/1': -1n, issuance: 1n }],
    ['move', { account: 'A1/1', to: 'A2/1' }, { 'A1/1': -1n, 'A2/1': 1n }],
    ['offset', { account: 'A1/1', to: 'A2/1' }, { 'A1/1': 1n, 'A2/1': -1n }],
  ] as const satisfies readonly (readonly [LeakKind, Readonly<Record<string, string>>, unknown])[];

  async function balances(): Promise<ReadonlyMap<string, bigint>> {
    const rows = await platform.tegs.A.query('SELECT account, balance FROM accounts');
    return new Map(rows.map((row) => [row.account, BigInt(row.balance)]));
  }

  test.each(commands)('%s: %o', async (kind, accounts, changes) => {
    const teg = platform.tegs.A;
    const before = await balances();
    const { body: cut } = await callTeg(teg, 'GET', '/teg/supply-snapshot');
    const named = Object.entries(accounts).map(([field, alias]) => [field, platform.id(alias)]);
    const [leak, ...more] = await leaksDuring(teg, () =>
      callTeg(teg, 'POST', '/control/leaks', {
        token: platform.tokens.control,
        body: { kind, ...Object.fromEntries(named), amount: '0.000001' },
      }),
    );
    expect(more).toEqual([]);
    expect(leak).toMatchObject({
      ...{ kind, frame: teg.frame, amount: '0.000001', transfer_id: null },
      first_position: cut.marker_position,
      last_position: cut.marker_position,
    });
    expect(leak && aliases(leak)).toEqual(Object.values(accounts));
    const changed = [...(await balances())].flatMap(([account, balance]) => {
      const change = balance - (before.get(account) ?? 0n);
      return change === 0n ? [] : [[platform.alias(account).split('/A')[0], change] as const];
    });
    expect(Object.fromEntries(changed)).toEqual(changes);
  });
});

interface FaultCase {
  readonly route: readonly ['intra' | 'async' | '2pc', string, string];
  readonly eventType?: string;
  /** Whose TEG the fault strikes at; the leak is told there. */
  readonly at: FrameName;
  readonly accounts: readonly string[];
  readonly amount: string;
  /** How the transfer ends, where that is part of the leak. */
  readonly ends?: string;
}

type TegLeak = Exclude<LeakingFault, 'lose_event' | 'never_refund'>;

const CASES: Readonly<Record<TegLeak, FaultCase>> = {
  settled_without_posting: {
    ...{ route: ['async', 'A1/1', 'B1/1'], at: 'B' },
    ...{ accounts: ['B1/1'], amount: '2.000000' },
  },
  credit_twice: {
    ...{ route: ['2pc', 'A1/1', 'B1/1'], at: 'B' },
    ...{ accounts: ['B1/1'], amount: '2.000000' },
  },
  refund_and_settle: {
    ...{ route: ['async', 'A1/1', 'B1/1'], at: 'A' },
    ...{ accounts: ['A1/1'], amount: '2.000000', ends: 'refunded' },
  },
  never_credit: {
    ...{ route: ['2pc', 'A1/1', 'B1/1'], at: 'B' },
    ...{ accounts: ['B1/1'], amount: '2.000000', ends: 'in_doubt' },
  },
  omit_event: {
    ...{ route: ['intra', 'A1/1', 'A1/2'], at: 'A', eventType: 'TokensTransferred' },
    ...{ accounts: ['A1/1', 'A1/2'], amount: '2.000000' },
  },
  wrong_amount: {
    ...{ route: ['intra', 'A1/1', 'A1/2'], at: 'A' },
    ...{ accounts: ['A1/1', 'A1/2'], amount: '0.000001' },
  },
  wrong_fee: {
    ...{ route: ['intra', 'A1/1', 'A1/2'], at: 'A' },
    ...{ accounts: ['A1/1', 'treasury/A'], amount: '0.000001' },
  },
  wrong_receiver: {
    ...{ route: ['intra', 'A1/1', 'A1/2'], at: 'A' },
    ...{ accounts: ['A1/2', 'A1/1'], amount: '2.000000' },
  },
  drop_event: {
    ...{ route: ['intra', 'A1/1', 'A1/2'], at: 'A', eventType: 'TransactionFeeCollected' },
    ...{ accounts: ['A1/1', 'treasury/A'], amount: '0.002000' },
  },
};

/** Base units are counted from the first position: what the leak's transaction says comes after. */
async function check(kind: TegLeak): Promise<void> {
  const { route, at, eventType, accounts, amount, ends } = CASES[kind];
  const [backend, from, to] = route;
  const memo = `leak-${kind}`;
  const teg = platform.tegs[at];
  teg.faults.add({ kind, count: 1, memoPrefix: memo, eventType });
  let transferId = '';
  const [leak, ...more] = await leaksDuring(teg, async () => {
    const answer = await sendTransfer(platform, { backend, from, to, memo, amount: '2' });
    transferId = answer.body.transfer_id;
  });
  expect(more).toEqual([]);
  expect(leak).toMatchObject({ kind, frame: teg.frame, amount, transfer_id: transferId });
  expect(leak && aliases(leak)).toEqual(accounts);
  if (ends !== undefined) await untilStatus(platform.tegs.A, transferId, ends);
  await expectPlaced(teg, kind, transferId);
}

/** Every event of the struck transaction lies after the first position and up to the last. */
async function expectPlaced(teg: TestTeg, kind: TegLeak, transferId: string): Promise<void> {
  const leak = (await leaksOf(teg)).find((one) => one.kind === kind);
  const { first_position: first, last_position: last } = leak ?? {};
  const rows = await teg.query<{ position: string; event_type: string }>(
    'SELECT position, event_type FROM outbox WHERE transfer_id = $1 ORDER BY position',
    [transferId],
  );
  const positions = rows.map(({ position }) => Number(position));
  const after = positions.filter((position) => position > Number(first));
  if (kind === 'drop_event') expect(positions).toContain(first);
  else if (after.length > 0) expect(Math.max(...after)).toBe(last);
  else expect(last).toBe(first);
  expect(first).toBeGreaterThan(0);
}

describe('by fault', () => {
  test.each(Object.keys(CASES) as TegLeak[])('%s', check);

  test('never_refund leaves an async transfer open, until it is released', async () => {
    const { A, B } = platform.tegs;
    const memo = 'leak-never_refund';
    B.faults.add({ kind: 'never_credit', count: 1, memoPrefix: memo });
    A.faults.add({ kind: 'never_refund', count: 1, memoPrefix: memo });
    let transferId = '';
    const leaks = await leaksDuring(A, async () => {
      const call = { backend: 'async', from: 'A1/1', to: 'B1/1', memo, amount: '2' };
      transferId = (await sendTransfer(platform, call)).body.transfer_id;
    });
    expect(leaks).toMatchObject([
      { kind: 'never_refund', frame: A.frame, amount: '2.000000', transfer_id: transferId },
    ]);
    // The fault is used up; further sweeps must not refund it either.
    const [row] = await A.query('SELECT status, refund_at FROM transfers WHERE transfer_id = $1', [
      transferId,
    ]);
    expect(row).toEqual({ status: 'in_transit', refund_at: Number.POSITIVE_INFINITY });
    const token = platform.tokens.control;
    const { body } = await callTeg(A, 'POST', '/control/release', { token });
    expect(body).toEqual({ released: 1 });
    await untilStatus(A, transferId, 'refunded');
  });
});
