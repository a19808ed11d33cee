// 2pc across frames: the coordinator dies at every step of its table and recovers from its own
// log; participants in doubt ask; nothing is ever half done.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CRASH_STEPS, type CrashStep } from '../../src/teg/crash-steps.js';
import { expectBooksClosed } from './books.js';
import {
  callTeg,
  eventsOfTransfer,
  sendTransfer,
  transferStatus,
  untilQuiet,
  untilStatus,
} from './teg-client.js';
import { type FrameName, startTegPlatform, type TegPlatform } from './teg-platform.js';

interface Death {
  readonly backend: 'async' | '2pc';
  /** Whose TEG dies. */
  readonly frame: FrameName;
  readonly to?: string;
  /** What the sender's row says when it is dead: its log, read from outside. */
  readonly left: 'nothing' | 'preparing' | 'in_doubt' | 'in_transit' | 'settled' | 'aborted';
  /** What it comes to once the dead TEG runs again. */
  readonly ends: 'nothing' | 'settled' | 'refunded' | 'aborted';
  /** Keeps the receiver from crediting, so that the step is reached. */
  readonly strand?: boolean;
}

/** Every step of the table; a step without a row here does not compile. */
const DEATHS: Readonly<Record<CrashStep, Death>> = {
  saga_after_debit: { backend: 'async', frame: 'A', left: 'in_transit', ends: 'settled' },
  saga_after_credit: { backend: 'async', frame: 'A', left: 'in_transit', ends: 'settled' },
  saga_after_refusal: {
    backend: 'async',
    frame: 'A',
    left: 'in_transit',
    ends: 'refunded',
    strand: true,
  },
  '2pc_before_begin': { backend: '2pc', frame: 'A', left: 'nothing', ends: 'nothing' },
  '2pc_after_begin': { backend: '2pc', frame: 'A', left: 'preparing', ends: 'aborted' },
  '2pc_after_prepare': { backend: '2pc', frame: 'A', left: 'preparing', ends: 'aborted' },
  '2pc_after_commit': { backend: '2pc', frame: 'A', left: 'in_doubt', ends: 'settled' },
  '2pc_after_peer_commit': { backend: '2pc', frame: 'A', left: 'in_doubt', ends: 'settled' },
  '2pc_after_completion': { backend: '2pc', frame: 'A', left: 'settled', ends: 'settled' },
  '2pc_after_abort': {
    backend: '2pc',
    frame: 'A',
    to: 'B1/nobody',
    left: 'aborted',
    ends: 'aborted',
  },
  participant_after_prepare: { backend: '2pc', frame: 'B', left: 'aborted', ends: 'aborted' },
  participant_after_commit: { backend: '2pc', frame: 'B', left: 'in_doubt', ends: 'settled' },
};

/** What the sender has, counted in multiples: what it ends with is what the status says. */
const EVENTS_OF_END = {
  nothing: [],
  aborted: [],
  settled: {
    async: [
      'TokensTransferred',
      'CrossFrameTransferInitiated',
      'TransactionFeeCollected',
      'CrossFrameTransferSettled',
    ],
    '2pc': [
      'TokensTransferred',
      'TransactionFeeCollected',
      'CrossRegistryTransferCompleted',
      'CrossFrameTransferSettled',
    ],
  },
  refunded: [
    'TokensTransferred',
    'CrossFrameTransferInitiated',
    'TransactionFeeCollected',
    'CrossFrameTransferRefunded',
  ],
} as const;

let platform: TegPlatform;
beforeAll(async () => {
  platform = await startTegPlatform({ topology: { sweepIntervalMs: 50 } });
});
afterAll(() => platform.remove());

async function check(step: CrashStep): Promise<void> {
  const { backend, frame, left, ends, to = 'B1/1', strand = false } = DEATHS[step];
  const dying = platform.tegs[frame];
  if (strand) platform.tegs.B.faults.add({ kind: 'never_credit', count: 1 });
  dying.faults.add({ kind: 'crash', count: 1, params: { step } });
  const call = { backend, from: 'A1/1', to, key: randomUUID(), memo: step };
  const first = await sendTransfer(platform, call).catch(() => undefined);
  if (ends === 'refunded') platform.advance(platform.topology.refundAfterMs);
  await dying.crashed();
  expect(await outgoing(step)).toMatchObject(left === 'nothing' ? [] : [{ status: left }]);
  await dying.start();
  await untilQuiet(platform);
  const [transfer] = await outgoing(step);
  expect(transfer?.status ?? 'nothing').toBe(ends);
  const end = EVENTS_OF_END[ends];
  const told = eventsOfTransfer(platform, String(transfer?.transfer_id)).map((e) => e.event_type);
  expect(told).toEqual('async' in end ? end[backend] : end);
  await expectBooksClosed(platform);
  // The sender asks again under the same key: it gets this transfer, or its first real one.
  const again = await sendTransfer(platform, call);
  const isNew = ends === 'nothing' || (ends === 'aborted' && to === 'B1/1');
  expect(again.status).toBe(isNew ? 201 : 200);
  if (!isNew && first?.body.transfer_id) {
    expect(again.body.transfer_id).toBe(first.body.transfer_id);
  }
  const strikes = await dying.query('SELECT FROM oracle_faults WHERE detail->>$1 = $2', [
    'step',
    step,
  ]);
  expect(strikes).toHaveLength(1);
}

describe('a TEG that dies between two steps goes on where it stopped', () => {
  test.each(Object.keys(CRASH_STEPS) as CrashStep[])('%s', check);
});

describe('a prepared transfer', () => {
  const prepare = (transferId: string, call = 'prepares') =>
    callTeg(platform.tegs.B, 'POST', `/teg/peer/${call}`, {
      token: platform.tokens.peer,
      body: {
        transfer_id: transferId,
        backend: '2pc',
        sender: platform.id('A1/1'),
        receiver: platform.id('B1/1'),
        sender_frame: platform.tegs.A.frame,
        receiver_frame: platform.tegs.B.frame,
        amount: '1.000000',
        memo: 'forged',
      },
    });
  const state = async (transferId: string) =>
    (
      await platform.tegs.B.query('SELECT state FROM incoming_transfers WHERE transfer_id = $1', [
        transferId,
      ])
    )[0]?.state;

  test('that its coordinator does not know is aborted, and can never be committed', async () => {
    const id = randomUUID();
    expect((await prepare(id)).body.outcome).toBe('prepared');
    await expect.poll(() => state(id), { timeout: 15_000 }).toBe('aborted');
    const log = await platform.tegs.A.query(
      'SELECT state FROM two_phase_log WHERE transfer_id = $1',
      [id],
    );
    expect(log).toEqual([{ state: 'aborted' }]);
    const begin = platform.tegs.A.query(
      "INSERT INTO two_phase_log (transfer_id, state, begun_at) VALUES ($1, 'begun', now())",
      [id],
    );
    await expect(begin).rejects.toThrow('duplicate key');
    expect((await prepare(id)).body.outcome).toBe('refused');
    expect((await prepare(id, 'commits')).status).toBe(409);
  });

  test('whose abort came first is refused', async () => {
    const id = randomUUID();
    expect((await prepare(id, 'aborts')).body.outcome).toBe('aborted');
    expect((await prepare(id)).body.outcome).toBe('refused');
  });

  test('holds no posting and emits no event before the commit', async () => {
    const id = randomUUID();
    await platform.tegs.A.kill();
    await prepare(id);
    const entries = await platform.tegs.B.query('SELECT FROM entries WHERE transfer_id = $1', [id]);
    expect(entries).toEqual([]);
    expect(await state(id)).toBe('prepared');
    await platform.tegs.A.start();
    await expect.poll(() => state(id), { timeout: 15_000 }).toBe('aborted');
  });
});

describe('a transfer whose commit is never acknowledged', () => {
  test('stays in doubt until it is released, then is settled', async () => {
    const { A, B } = platform.tegs;
    B.faults.add({ kind: 'never_credit', count: 1 });
    const { status, body } = await sendTransfer(platform, {
      backend: '2pc',
      from: 'A1/1',
      to: 'B1/1',
    });
    expect([status, body.status]).toEqual([202, 'in_doubt']);
    const attempts = () =>
      A.query('SELECT attempts FROM transfers WHERE transfer_id = $1', [body.transfer_id]);
    await expect
      .poll(async () => (await attempts())[0]?.attempts, { timeout: 15_000 })
      .toBeGreaterThan(2);
    expect(await transferStatus(A, body.transfer_id)).toBe('in_doubt');
    const told = eventsOfTransfer(platform, body.transfer_id).map((event) => event.event_type);
    expect(told).toEqual(['TokensTransferred', 'TransactionFeeCollected']);
    const token = platform.tokens.control;
    const released = await callTeg(B, 'POST', '/control/release', { token });
    expect(released.body).toEqual({ released: 1 });
    await untilStatus(A, body.transfer_id, 'settled');
    await expectBooksClosed(platform);
  });
});

test('while the participant has not answered the transfer is undecided, for everyone', async () => {
  const own = await startTegPlatform({ start: ['A'], teg: { peerTimeoutMs: 60_000 } });
  const participant = await holdRequests(new URL(own.tegs.B.url));
  try {
    const call = { backend: '2pc', from: 'A1/1', to: 'B1/1', key: 'undecided' };
    const first = sendTransfer(own, call);
    const { body, refuse } = await participant.nextRequest;
    const ask = () =>
      callTeg(own.tegs.A, 'POST', '/teg/peer/outcomes', { token: own.tokens.peer, body });
    expect((await ask()).body.outcome).toBe('undecided');
    const second = await sendTransfer(own, call);
    expect([second.status, second.body.error?.code]).toEqual([409, 'idempotency_in_progress']);
    const other = await sendTransfer(own, { ...call, amount: '2' });
    expect([other.status, other.body.error?.code]).toEqual([409, 'idempotency_conflict']);
    const byKey = `idempotency_key=${call.key}&sender=${own.id('A1/1')}`;
    expect((await callTeg(own.tegs.A, 'GET', `/teg/transfers?${byKey}`)).body.transfers).toEqual(
      [],
    );
    const { body: balance } = await callTeg(
      own.tegs.A,
      'GET',
      `/teg/agents/${own.id('A1/1')}/balance`,
    );
    expect(balance).toMatchObject({ available: '998.999000', held: '1.001000' });
    refuse();
    expect((await first).status).toBe(503);
    expect((await ask()).body.outcome).toBe('aborted');
  } finally {
    await participant.close();
    await own.remove();
  }
});

/** Stands in for a TEG that takes its time: keeps the first request, refuses all others. */
async function holdRequests(url: URL) {
  let seen: (request: { body: unknown; refuse: () => void }) => void = () => undefined;
  const nextRequest = new Promise<{ body: unknown; refuse: () => void }>((resolve) => {
    seen = resolve;
  });
  let isFirst = true;
  const server = createServer(async (request, response) => {
    const body: unknown = JSON.parse(await text(request));
    const refuse = () => void response.writeHead(503).end();
    if (!isFirst) return refuse();
    isFirst = false;
    seen({ body, refuse });
  });
  await new Promise<void>((resolve) => server.listen(Number(url.port), url.hostname, resolve));
  return {
    nextRequest,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function outgoing(memo: string) {
  return platform.tegs.A.query('SELECT transfer_id, status FROM transfers WHERE memo = $1', [memo]);
}
