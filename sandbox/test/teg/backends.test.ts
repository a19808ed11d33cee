// Each backend in each topology: what it answers, which balances it moves, and exactly which
// events it leaves behind (platform contract, "Events").
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  availableIn,
  eventsOfTransfer,
  sendTransfer,
  tegOf,
  untilQuiet,
  untilStatus,
} from './teg-client.js';
import { startTegPlatform, type TegPlatform } from './teg-platform.js';

interface Case {
  readonly backend: 'intra' | 'async' | '2pc';
  readonly from: string;
  readonly to: string;
  readonly answers: readonly [number, string];
  /** `<producer> <event type> <memo or -> <source frame>` in the order of each producer. */
  readonly events: readonly string[];
}

const CASES: readonly Case[] = [
  {
    backend: 'intra',
    from: 'A1/1',
    to: 'A1/2',
    answers: [201, 'settled'],
    events: ['A TokensTransferred m A', 'A TransactionFeeCollected - A'],
  },
  {
    backend: 'async',
    from: 'A1/1',
    to: 'A2/1',
    answers: [202, 'in_transit'],
    events: [
      'A TokensTransferred m A',
      'A CrossFrameTransferInitiated m A',
      'A TransactionFeeCollected - A',
      'A CrossFrameTransferSettled m A',
    ],
  },
  {
    backend: 'async',
    from: 'A1/1',
    to: 'B1/1',
    answers: [202, 'in_transit'],
    events: [
      'A TokensTransferred m A',
      'A CrossFrameTransferInitiated m A',
      'A TransactionFeeCollected - A',
      'B CrossFrameTransferSettled m B',
    ],
  },
  {
    backend: '2pc',
    from: 'A1/1',
    to: 'A2/1',
    answers: [201, 'settled'],
    events: [
      'A TokensTransferred cross_registry:m A',
      'A TransactionFeeCollected - A',
      'A CrossRegistryTransferCompleted cross_registry:m A',
    ],
  },
  {
    backend: '2pc',
    from: 'B1/2',
    to: 'A2/2',
    answers: [201, 'settled'],
    events: [
      'A CrossFrameTransferSettled cross_registry:m A',
      'B TokensTransferred cross_registry:m B',
      'B TransactionFeeCollected - B',
      'B CrossRegistryTransferCompleted cross_registry:m B',
    ],
  },
];

let platform: TegPlatform;
beforeAll(async () => {
  platform = await startTegPlatform();
});
afterAll(() => platform.remove());

/** Sends 1.5 AVT and checks answer, balances and events. The fee is 0.0015. */
async function check({ backend, from, to, answers, events }: Case): Promise<void> {
  const before = [await availableIn(platform, from), await availableIn(platform, to)];
  const answer = await sendTransfer(platform, { backend, from, to, amount: '1.5', memo: 'm' });
  expect([answer.status, answer.body.status]).toEqual(answers);
  const id = answer.body.transfer_id;
  await untilStatus(tegOf(platform, from), id, 'settled');
  await untilQuiet(platform);
  expect(await availableIn(platform, from)).toBe((before[0] ?? 0n) - 1_501_500n);
  expect(await availableIn(platform, to)).toBe((before[1] ?? 0n) + 1_500_000n);
  const seen = eventsOfTransfer(platform, id);
  const told = seen.map(
    ({ producer, event_type, data, source_frame }) =>
      `${producer.slice(4)} ${event_type} ${data.memo ?? '-'} ${source_frame}`,
  );
  expect(told.map((line) => platform.alias(line.charAt(0).toUpperCase() + line.slice(1)))).toEqual(
    events,
  );
  const frames = { sender_frame: from.slice(0, 1), receiver_frame: to.slice(0, 1) };
  const parties = { sender: from, receiver: to, ...frames, amount: '1.500000' };
  for (const event of seen) {
    const { memo: _memo, ...data } = event.data;
    const aliased = JSON.parse(platform.alias(JSON.stringify(data)));
    const fee = { payer: from, treasury: `treasury/${frames.sender_frame}`, amount: '0.001500' };
    expect(aliased).toEqual(event.event_type === 'TransactionFeeCollected' ? fee : parties);
    expect(event.backend).toBe(backend);
  }
}

describe('a transfer leaves exactly the events of its backend', () => {
  test.each(CASES)('$backend $from -> $to', check);
});

test('the answer has the fields of the contract', async () => {
  const call = { backend: 'intra', from: 'A1/1', to: 'A1/2', amount: '0.01', memo: 'canary-x' };
  const { body } = await sendTransfer(platform, call);
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(JSON.parse(platform.alias(JSON.stringify(body)))).toEqual({
    transfer_id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
    status: 'settled',
    backend: 'intra',
    sender: 'A1/1',
    receiver: 'A1/2',
    sender_frame: 'A',
    receiver_frame: 'A',
    amount: '0.010000',
    fee: '0.000010',
    memo: 'canary-x',
    created_at: time,
    updated_at: time,
  });
});

test('positions are gapless and times follow them, in each frame', async () => {
  await untilQuiet(platform);
  for (const teg of Object.values(platform.tegs)) {
    const events = teg.published;
    expect(events.map((event) => event.position)).toEqual(events.map((_, index) => index + 1));
    const times = events.map((event) => event.committed_at);
    expect(times).toEqual([...times].sort());
    expect(new Set(events.map((event) => event.producer))).toEqual(
      new Set([`teg-${teg.frame.toLowerCase()}`]),
    );
  }
});
