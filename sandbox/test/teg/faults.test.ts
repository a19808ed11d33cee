// Every fault of the TEG bites, and the oracle knows each that struck.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FAULT_KINDS, FaultKind } from '../../src/names.js';
import type { FaultSpec } from '../../src/service/faults.js';
import { sumOf } from './fold.js';
import { callTeg, eventsOfTransfer, sendTransfer, untilQuiet, untilStatus } from './teg-client.js';
import {
  type FrameName,
  startTegPlatform,
  type TegPlatform,
  type TestTeg,
} from './teg-platform.js';

type TegFault = {
  [K in FaultKind]: 'teg' extends (typeof FAULT_KINDS)[K]['services'][number] ? K : never;
}[FaultKind];

/** Faults that no transfer meets have their cases where what they break has its own. */
type TransferFault = Exclude<TegFault, 'unlock_early' | 'illegal_a2a_step' | 'never_refund'>;

/** What is seen of one transfer under a fault. */
const POLL = { timeout: 15_000 };

interface Seen {
  readonly status: number;
  readonly ends: string;
  /** Event types in the order they were published, first the sender's frame. */
  readonly events: readonly string[];
  /** Whether the transfer's events say exactly what its postings did, in each frame. */
  readonly explained: boolean;
  /** The data of an event by its type, with aliases. */
  readonly data: (eventType: string) => Readonly<Record<string, string>>;
  readonly sources: readonly string[];
}

interface Bite {
  readonly route?: readonly ['intra' | 'async' | '2pc', string, string];
  readonly fault?: Omit<FaultSpec, 'kind'>;
  /** Whose TEG the fault is added to. */
  readonly at?: FrameName;
  readonly seen: (seen: Seen) => void;
}

const INTRA = ['intra', 'A1/1', 'A1/2'] as const;
const ASYNC = ['async', 'A1/1', 'B1/1'] as const;
const INTRA_EVENTS = ['TokensTransferred', 'TransactionFeeCollected'];
const ASYNC_EVENTS = [
  'TokensTransferred',
  'CrossFrameTransferInitiated',
  'TransactionFeeCollected',
  'CrossFrameTransferSettled',
];

/** A fault kind of transfers without a row here does not compile. */
const BITES: Readonly<Record<TransferFault, Bite>> = {
  refuse_transfer: {
    seen: ({ status, ends, events }) => {
      expect([status, ends, events]).toEqual([422, 'nothing', []]);
    },
  },
  hang_transfer: {
    fault: { params: { when: 'after' } },
    seen: ({ status, ends }) => expect([status, ends]).toEqual([0, 'settled']),
  },
  slow_transfer: {
    fault: { params: { delay_ms: 1_500 } },
    // The client gives up after a second; the transfer is made all the same.
    seen: ({ status, ends }) => expect([status, ends]).toEqual([0, 'settled']),
  },
  unavailable: {
    seen: ({ status, ends }) => expect([status, ends]).toEqual([503, 'nothing']),
  },
  never_credit: {
    route: ASYNC,
    at: 'B',
    seen: ({ ends, events }) => {
      expect(ends).toBe('refunded');
      expect(events).not.toContain('CrossFrameTransferSettled');
    },
  },
  credit_twice: {
    route: ASYNC,
    at: 'B',
    seen: ({ ends, events, explained }) => {
      expect(events).toEqual([...ASYNC_EVENTS, 'CrossFrameTransferSettled']);
      expect([ends, explained]).toEqual(['settled', true]);
    },
  },
  refund_and_settle: {
    route: ASYNC,
    seen: ({ ends, events, explained }) => {
      expect(events).toContain('CrossFrameTransferSettled');
      expect(events).toContain('CrossFrameTransferRefunded');
      expect([ends, explained]).toEqual(['refunded', true]);
    },
  },
  wrong_fee: {
    seen: ({ events, explained, data }) => {
      expect(data('TransactionFeeCollected').amount).toBe('0.001001');
      expect(data('TokensTransferred').amount).toBe('1.000000');
      expect([events, explained]).toEqual([INTRA_EVENTS, false]);
    },
  },
  wrong_amount: {
    seen: ({ explained, data }) => {
      expect(data('TokensTransferred').amount).toBe('1.000001');
      expect(data('TransactionFeeCollected').amount).toBe('0.001000');
      expect(explained).toBe(false);
    },
  },
  wrong_receiver: {
    seen: ({ explained, data }) => {
      expect(data('TokensTransferred').receiver).toBe('A1/1');
      expect(explained).toBe(false);
    },
  },
  wrong_source_frame: {
    seen: ({ explained, sources }) => {
      expect(sources).toEqual(['B', 'B']);
      expect(explained).toBe(true);
    },
    fault: { count: 2 },
  },
  settled_without_posting: {
    route: ASYNC,
    at: 'B',
    seen: ({ events, explained }) => {
      expect([events, explained]).toEqual([ASYNC_EVENTS, false]);
    },
  },
  omit_event: {
    fault: { eventType: 'TransactionFeeCollected' },
    seen: ({ events, explained }) => {
      expect([events, explained]).toEqual([['TokensTransferred'], false]);
    },
  },
  drop_event: {
    fault: { at: 'before_store', eventType: 'TokensTransferred' },
    seen: ({ events }) => expect(events).toEqual(['TransactionFeeCollected']),
  },
  duplicate_event: {
    fault: { eventType: 'TokensTransferred' },
    seen: ({ events }) => expect(events).toEqual(['TokensTransferred', ...INTRA_EVENTS]),
  },
  delay_event: {
    fault: { eventType: 'TokensTransferred', params: { delay_ms: 300 } },
    seen: ({ events }) => expect(events).toEqual([...INTRA_EVENTS].reverse()),
  },
  reorder_event: {
    fault: { eventType: 'TokensTransferred' },
    seen: ({ events }) => expect(events).toEqual([...INTRA_EVENTS].reverse()),
  },
  crash: {
    route: ASYNC,
    fault: { params: { step: 'saga_after_debit' } },
    seen: ({ status, ends }) => expect([status, ends]).toEqual([0, 'settled']),
  },
};

let platform: TegPlatform;
beforeAll(async () => {
  platform = await startTegPlatform({ topology: { sweepIntervalMs: 50 } });
});
afterAll(() => platform.remove());

async function check(kind: TransferFault): Promise<void> {
  const { route = INTRA, fault = {}, at = 'A', seen } = BITES[kind];
  const [backend, from, to] = route;
  const memo = `bite-${kind}`;
  const teg = platform.tegs[at];
  // Scoped by memo: background events of other cases do not use it up.
  teg.faults.add({ kind, count: 1, memoPrefix: memo, ...fault });
  const timeoutMs = kind === 'slow_transfer' || kind === 'hang_transfer' ? 1_000 : 20_000;
  const answer = await sendTransfer(platform, { backend, from, to, memo, timeoutMs }).catch(
    () => undefined,
  );
  if (kind === 'crash') {
    await teg.crashed();
    await teg.start();
  }
  if (timeoutMs === 1_000) await untilFound(memo);
  if (kind === 'never_credit') {
    // A refund that comes before the credit was tried would leave nothing for the fault to strike.
    await expect.poll(async () => (await strikesOf(teg, kind)).length, POLL).toBe(1);
    platform.advance(platform.topology.refundAfterMs);
  }
  await untilQuiet(platform);
  seen(await look(memo, answer?.status ?? 0));
  await expectStrike(teg.name, kind, memo);
  teg.faults.clear();
}

describe('the fault', () => {
  test.each(Object.keys(BITES) as TransferFault[])('%s bites', check);

  test('hang_transfer before the commit moves nothing', async () => {
    platform.tegs.A.faults.add({ kind: 'hang_transfer', count: 1 });
    const call = { backend: 'intra', from: 'A1/1', to: 'A1/2', key: randomUUID() };
    await expect(sendTransfer(platform, { ...call, timeoutMs: 500 })).rejects.toThrow();
    expect((await sendTransfer(platform, call)).status).toBe(201);
  });

  test('unavailable reaches the calls that are no transfers, but not health', async () => {
    const { A } = platform.tegs;
    A.faults.add({ kind: 'unavailable', count: 1 });
    expect((await callTeg(A, 'GET', '/healthz')).status).toBe(200);
    const answer = await callTeg(A, 'GET', '/teg/info');
    expect([answer.status, answer.body.error?.code]).toEqual([503, 'unavailable']);
    expect((await callTeg(A, 'GET', '/teg/info')).status).toBe(200);
  });

  test('of another backend, sender or memo does not bite', async () => {
    const { A } = platform.tegs;
    A.faults.add({ kind: 'refuse_transfer', backend: '2pc' });
    A.faults.add({ kind: 'refuse_transfer', sender: platform.id('A1/2') });
    A.faults.add({ kind: 'refuse_transfer', memoPrefix: 'canary-' });
    const call = { backend: 'intra', from: 'A1/1', to: 'A1/2' };
    expect((await sendTransfer(platform, call)).status).toBe(201);
    expect((await sendTransfer(platform, { ...call, memo: 'canary-1' })).status).toBe(422);
    A.faults.clear();
  });

  test('comes by the control door, too', async () => {
    const { A } = platform.tegs;
    const token = platform.tokens.control;
    const body = { kind: 'refuse_transfer', backend: 'intra', count: 1 };
    expect((await callTeg(A, 'POST', '/control/faults', { token, body })).status).toBe(201);
    const call = { backend: 'intra', from: 'A1/1', to: 'A1/2' };
    expect((await sendTransfer(platform, call)).status).toBe(422);
    expect((await sendTransfer(platform, call)).status).toBe(201);
  });
});

async function untilFound(memo: string): Promise<void> {
  const found = () => platform.tegs.A.query('SELECT FROM transfers WHERE memo = $1', [memo]);
  await expect.poll(async () => (await found()).length, POLL).toBe(1);
}

async function look(memo: string, status: number): Promise<Seen> {
  const { A, B } = platform.tegs;
  const [row] = await A.query('SELECT transfer_id, status FROM transfers WHERE memo = $1', [memo]);
  if (row?.status === 'in_transit') await untilStatus(A, row.transfer_id, 'refunded');
  const events = row === undefined ? [] : eventsOfTransfer(platform, row.transfer_id);
  const byType = new Map(events.map((event) => [event.event_type as string, event.data]));
  const explained = await Promise.all([A, B].map((teg) => isExplained(teg, row?.transfer_id)));
  return {
    status,
    ends: row?.status ?? 'nothing',
    events: events.map((event) => event.event_type),
    explained: explained.every(Boolean),
    data: (eventType) => JSON.parse(platform.alias(JSON.stringify(byType.get(eventType) ?? {}))),
    sources: events.map((event) => platform.alias(event.source_frame)),
  };
}

/** Compares what a frame's postings of a transfer did, by its oracle, with what its events say. */
async function isExplained(teg: TestTeg, transferId: unknown): Promise<boolean> {
  const token = platform.tokens.oracle;
  const { body } = await callTeg(teg, 'GET', `/oracle/transfers/${transferId}`, { token });
  const entries = (body.entries ?? []) as readonly { readonly postings: readonly Posting[] }[];
  const done = new Map<string, bigint>();
  for (const { account, amount } of entries.flatMap((entry) => entry.postings)) {
    if (account.startsWith('in-transit')) continue;
    done.set(account, (done.get(account) ?? 0n) + BigInt(amount.replace('.', '')));
  }
  const events = teg.published.filter((event) => event.transfer_id === transferId);
  return asText(done) === asText(sumOf(events).balances);
}

interface Posting {
  readonly account: string;
  readonly amount: string;
}

function asText(sums: ReadonlyMap<string, bigint>): string {
  return [...sums]
    .filter(([, sum]) => sum !== 0n)
    .map(String)
    .sort()
    .join(' ');
}

type Strike = Readonly<Record<string, unknown>>;

async function strikesOf(teg: TestTeg, kind: TransferFault): Promise<readonly Strike[]> {
  const token = platform.tokens.oracle;
  const { body } = await callTeg(teg, 'GET', '/oracle/faults?limit=1000', { token });
  return (body.faults as readonly Strike[]).filter((strike) => strike.kind === kind);
}

/** The oracle has exactly one strike of that kind with that transfer's memo or id. */
async function expectStrike(frame: FrameName, kind: TransferFault, memo: string): Promise<void> {
  const mine = await strikesOf(platform.tegs[frame], kind);
  const [row] = await platform.tegs.A.query('SELECT transfer_id FROM transfers WHERE memo = $1', [
    memo,
  ]);
  expect(mine.length).toBe(BITES[kind].fault?.count ?? 1);
  for (const strike of mine) {
    expect(strike.fault_id).toMatch(/^[0-9a-f-]{36}$/);
    if (row !== undefined) expect(strike.transfer_id).toBe(row.transfer_id);
  }
}
