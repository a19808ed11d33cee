// The supply projection: what each event changes, and that the totals are the sum of own events.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { envelopeSchema } from '../../src/event-store/envelope.js';
import { startEventStore } from '../../src/event-store/event-store.js';
import { supplyChange, supplyDelta } from '../../src/event-store/supply-fold.js';
import { EVENT_TYPES } from '../../src/names.js';
import { createEventPipe } from '../../src/pipe/create-event-pipe.js';
import type { EventPipe } from '../../src/pipe/event-pipe.js';
import type { RunningService } from '../../src/service/context.js';
import { createTestPlatform, type TestPlatform } from '../service/test-platform.js';
import { envelope, record } from './events.js';
import { createStoreClient } from './store-client.js';

const SEED = Number(process.env.PROPERTY_SEED ?? Date.now() % 1_000_000);
const INSIDE = { sender_frame: 'A', receiver_frame: 'A' };
const ACROSS = { sender_frame: 'A', receiver_frame: 'B' };

/** Type, backend, frames; how often the amount counts: issued, destroyed, transit, circulating. */
const TABLE = [
  ['TokensIssued', null, {}, [1, 0, 0, 1]],
  ['TokensDestroyed', null, {}, [0, 1, 0, -1]],
  ['TokensTransferred', 'intra', INSIDE, [0, 0, 0, 0]],
  ['TokensTransferred', '2pc', INSIDE, [0, 0, 0, 0]],
  ['TokensTransferred', '2pc', ACROSS, [0, 0, -1, -1]],
  ['TokensTransferred', 'async', ACROSS, [0, 0, 0, 0]],
  ['TokensTransferred', 'async', INSIDE, [0, 0, 0, 0]],
  ['TransactionFeeCollected', '2pc', ACROSS, [0, 0, 0, 0]],
  ['CrossFrameTransferInitiated', 'async', ACROSS, [0, 0, -1, -1]],
  ['CrossFrameTransferInitiated', 'async', INSIDE, [0, 0, -1, -1]],
  ['CrossFrameTransferSettled', 'async', ACROSS, [0, 0, 1, 1]],
  ['CrossFrameTransferSettled', '2pc', ACROSS, [0, 0, 1, 1]],
  ['CrossFrameTransferRefunded', 'async', ACROSS, [0, 0, 1, 1]],
  ['CrossRegistryTransferCompleted', '2pc', ACROSS, [0, 0, 0, 0]],
  ['SupplyMarker', null, {}, [0, 0, 0, 0]],
  ['StakeMoved', null, {}, [0, 0, 0, 0]],
] as const;

test.each(TABLE)('%s, %s, %j changes %j amounts', (event_type, backend, frames, counts) => {
  const data = { ...frames, amount: '0.010001' };
  const event = envelopeSchema.parse(envelope({ position: 1, event_type, backend, data }));
  const change = supplyChange(event);
  const { issued, destroyed, transitNet, circulating } = change;
  expect([issued, destroyed, transitNet, circulating]).toEqual(
    counts.map((count) => BigInt(count) * 10_001n),
  );
  expect(supplyDelta(change)).toBe(0n);
});

test('an event without an amount above zero changes nothing', () => {
  const zero = envelope({ position: 1, event_type: 'TokensIssued', data: { amount: '0.000000' } });
  expect(supplyChange(envelopeSchema.parse(zero)).issued).toBe(0n);
});

let platform: TestPlatform;
let store: RunningService;
let sender: EventPipe;

beforeAll(async () => {
  platform = await createTestPlatform({ pipe: 'direct', frames: 2 });
  store = await startEventStore(platform.context, platform.frameIds[0] ?? '');
  sender = createEventPipe(platform.context);
});

afterAll(async () => {
  await sender.close();
  await store.close();
  await platform.remove();
});

test(`the projection is the sum over own events, each once (seed ${SEED})`, async () => {
  const [frame = '', peer = ''] = platform.frameIds;
  const { json } = createStoreClient(platform, frame);
  const audit = () => json('/api/v1/projections/supply-audit');
  expect(await audit()).toMatchObject({ frame, sequence: 0, position: 0, delta: '0.000000' });
  const eventOf = fc.record({
    row: fc.constantFrom(...TABLE.filter(([type]) => EVENT_TYPES.some((known) => known === type))),
    baseUnits: fc.bigInt({ min: 1n, max: 10n ** 24n }),
    foreign: fc.boolean(),
    twice: fc.boolean(),
  });
  const events = fc.sample(eventOf, { numRuns: 200, seed: SEED });
  const totals = [0n, 0n, 0n, 0n];
  let lastOwn = 0;
  const batch = events.flatMap(({ row, baseUnits, foreign, twice }, index) => {
    const [event_type, backend, frames, counts] = row;
    const amount = `${baseUnits / 1_000_000n}.${String(baseUnits % 1_000_000n).padStart(6, '0')}`;
    const fields = { position: index + 1, event_type, backend, data: { ...frames, amount } };
    if (!foreign) {
      lastOwn = index + 1;
      for (const [place, count] of counts.entries()) {
        totals[place] = (totals[place] ?? 0n) + BigInt(count) * baseUnits;
      }
    }
    const one = record(fields, foreign ? peer : undefined);
    return twice ? [one, one] : [one];
  });
  for (let start = 0; start < batch.length; start += 30) {
    await sender.publish(frame, batch.slice(start, start + 30));
  }
  const [issued, destroyed, transit, circulating] = totals.map(decimal);
  expect(await audit()).toEqual({
    ...{ frame, sequence: lastOwn, producer: 'teg-t', position: lastOwn },
    tokens_issued: issued,
    tokens_destroyed: destroyed,
    transit_net: transit,
    tokens_circulating: circulating,
    delta: '0.000000',
    as_of: '2026-11-23T18:30:36.123Z',
  });
});

function decimal(baseUnits: bigint): string {
  const digits = String(baseUnits < 0n ? -baseUnits : baseUnits).padStart(7, '0');
  return `${baseUnits < 0n ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}`;
}
