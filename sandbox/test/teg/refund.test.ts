// The async saga's ways to end: settled, refunded, never both.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatAmount } from '../../src/money.js';
import { expectBooksClosed } from './books.js';
import {
  availableIn,
  callTeg,
  eventsOfTransfer,
  eventually,
  sendTransfer,
  transferStatus,
  untilQuiet,
  untilStatus,
} from './teg-client.js';
import { type FrameName, startTegPlatform, type TegPlatform } from './teg-platform.js';

/** The topology's default. */
const REFUND_AFTER_MS = 300_000;

let platform: TegPlatform;
beforeAll(async () => {
  platform = await startTegPlatform({ topology: { sweepIntervalMs: 50 } });
});
afterAll(() => platform.remove());

describe('a transfer that is never credited', () => {
  test.each([
    ['B1/1', 'B'],
    ['A2/1', 'A'],
  ] as const)('to %s is refunded, the fee is kept', async (to, receiverTeg) => {
    platform.tegs[receiverTeg].faults.add({ kind: 'never_credit', count: 1 });
    const before = await availableIn(platform, 'A1/1');
    const { body } = await sendTransfer(platform, { backend: 'async', from: 'A1/1', to });
    expect(before - (await availableIn(platform, 'A1/1'))).toBe(1_001_000n);
    await untilStranded(receiverTeg, body.transfer_id);
    expect(await transferStatus(platform.tegs.A, body.transfer_id)).toBe('in_transit');
    platform.advance(REFUND_AFTER_MS);
    await untilStatus(platform.tegs.A, body.transfer_id, 'refunded');
    expect(before - (await availableIn(platform, 'A1/1'))).toBe(1_000n);
    await untilQuiet(platform);
    const events = eventsOfTransfer(platform, body.transfer_id);
    expect(events.map((event) => event.event_type)).toEqual([
      'TokensTransferred',
      'CrossFrameTransferInitiated',
      'TransactionFeeCollected',
      'CrossFrameTransferRefunded',
    ]);
    const refund = events.at(-1);
    expect(refund?.data).toMatchObject({ amount: '1.000000', memo: 'memo' });
    expect(refund?.data.reason).toBe('not credited within 300000 ms');
    const late = await peerCall('credits', body.transfer_id, to);
    expect(late.body.outcome).toBe('refused');
  });

  test('because there is no such receiver is refunded at once', async () => {
    const call = { backend: 'async', from: 'A1/1', to: 'B1/nobody' };
    const { body } = await sendTransfer(platform, call);
    await untilStatus(platform.tegs.A, body.transfer_id, 'refunded');
    await untilQuiet(platform);
    const refund = eventsOfTransfer(platform, body.transfer_id).at(-1);
    expect(refund?.data.reason).toContain('nobody');
  });
});

describe("while the receiver's TEG is away", () => {
  test('the transfer waits, and is settled when it comes back in time', async () => {
    await platform.tegs.B.kill();
    const call = { backend: 'async', from: 'A1/1', to: 'B1/1' };
    const { body } = await sendTransfer(platform, call);
    await platform.tegs.B.start();
    await untilStatus(platform.tegs.A, body.transfer_id, 'settled');
  });

  test('nothing is refunded, for it may have credited; after its refusal it is', async () => {
    await platform.tegs.B.kill();
    const call = { backend: 'async', from: 'A1/1', to: 'B1/1' };
    const { body } = await sendTransfer(platform, call);
    platform.advance(REFUND_AFTER_MS);
    const overdue = () =>
      platform.tegs.A.query('SELECT FROM transfers WHERE transfer_id = $1 AND attempts > 3', [
        body.transfer_id,
      ]);
    await expect.poll(async () => (await overdue()).length, { timeout: 15_000 }).toBe(1);
    expect(await transferStatus(platform.tegs.A, body.transfer_id)).toBe('in_transit');
    await platform.tegs.B.start();
    await untilStatus(platform.tegs.A, body.transfer_id, 'refunded');
  });
});

test('a credit and a refusal that race decide one way, for both', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 40 }, async (_, index) => {
      const id = randomUUID();
      // Whoever asks first has the better chance; both orders are tried.
      const calls = index % 2 === 0 ? ['credits', 'refusals'] : ['refusals', 'credits'];
      const answers = await Promise.all(calls.map((call) => peerCall(call, id, 'B1/2')));
      const byCall = new Map(calls.map((call, place) => [call, answers[place]?.body.outcome]));
      const again = await peerCall('credits', id, 'B1/2');
      expect(again.body.outcome).toBe(byCall.get('credits'));
      return `${byCall.get('credits')} ${byCall.get('refusals')}`;
    }),
  );
  const allowed = ['credited already_credited', 'refused refused'];
  expect(outcomes.filter((outcome) => !allowed.includes(outcome))).toEqual([]);
  const credited = outcomes.filter((outcome) => outcome.startsWith('credited')).length;
  const [sum] = await platform.tegs.B.query<{ sum: string }>(
    `SELECT coalesce(sum(amount), 0) AS sum FROM postings WHERE account = $1 AND amount > 0
       AND entry_id IN (SELECT entry_id FROM entries WHERE kind = 'credit')`,
    [platform.id('B1/2')],
  );
  expect(sum?.sum).toBe(String(credited * 7));
  // These ids have no sender: take the credits back so that the books can be closed.
  await platform.tegs.B.query(
    `WITH mine AS (SELECT account, amount FROM postings JOIN entries USING (entry_id)
       WHERE kind = 'credit' AND abs(amount) = 7)
     UPDATE accounts SET balance = balance - moved.amount
     FROM (SELECT account, sum(amount) AS amount FROM mine GROUP BY account) AS moved
     WHERE accounts.account = moved.account`,
  );
});

test('refunds that race with credits lose nothing and pay nothing twice', async () => {
  const own = await startTegPlatform({ topology: { refundAfterMs: 1, sweepIntervalMs: 5 } });
  try {
    const routes = [
      ['A1/1', 'B1/1'],
      ['B1/1', 'A1/1'],
      ['A1/2', 'A2/2'],
    ] as const;
    await Promise.all(
      Array.from({ length: 30 }, async (_, index) => {
        const [from, to] = routes[index % 3] ?? routes[0];
        const answer = await sendTransfer(own, { backend: 'async', from, to, amount: '0.5' });
        expect(answer.status).toBe(202);
      }),
    );
    await expectBooksClosed(own);
  } finally {
    await own.remove();
  }
});

/** Waits until the receiver's TEG was asked, and a fault kept it from crediting. */
async function untilStranded(frame: FrameName, transferId: string): Promise<void> {
  const sql = "SELECT FROM incoming_transfers WHERE transfer_id = $1 AND state = 'stranded'";
  const stranded = () => platform.tegs[frame].query(sql, [transferId]);
  await eventually(async () => (await stranded()).length === 1, 'the transfer is stranded');
}

/** A call of A's TEG to the receiver's, with an amount of 7 base units unless it is known. */
async function peerCall(call: string, transferId: string, to: string) {
  const { A, B } = platform.tegs;
  const [known] = await A.query('SELECT * FROM transfers WHERE transfer_id = $1', [transferId]);
  const receiver = to.startsWith('B') ? B : A;
  return callTeg(receiver, 'POST', `/teg/peer/${call}`, {
    token: platform.tokens.peer,
    body: {
      transfer_id: transferId,
      backend: 'async',
      sender: platform.id('A1/1'),
      receiver: platform.id(to),
      sender_frame: A.frame,
      receiver_frame: receiver.frame,
      amount: formatAmount(BigInt(known?.amount ?? 7)),
      memo: 'memo',
    },
  });
}
