// Broadcasts: own Initiated and Settled reach every other frame once, over its pipe.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isToBroadcast } from '../../src/event-store/broadcast.js';
import { startEventStore } from '../../src/event-store/event-store.js';
import { FIRST_PREVIOUS_HASH } from '../../src/event-store/hash-chain.js';
import { readRecord } from '../../src/event-store/incoming-event.js';
import { chainAfter } from '../../src/event-store/stored-event.js';
import { createEventPipe } from '../../src/pipe/create-event-pipe.js';
import type { EventPipe } from '../../src/pipe/event-pipe.js';
import type { RunningService } from '../../src/service/context.js';
import {
  createTestPlatform,
  eventually,
  hasKafka,
  LONG_TEST_MS,
  type TestPlatform,
} from '../service/test-platform.js';
import { record } from './events.js';
import { createStoreClient, type StoreClient } from './store-client.js';

const INITIATED = 'CrossFrameTransferInitiated';
const SETTLED = 'CrossFrameTransferSettled';
const KINDS = hasKafka ? (['kafka', 'direct'] as const) : (['direct'] as const);

describe.each(KINDS)('over the %s pipe', { timeout: LONG_TEST_MS }, (kind) => {
  let platform: TestPlatform;
  let sender: EventPipe;
  let stores: Map<string, RunningService>;
  let frames: readonly [string, string, string];

  beforeEach(async () => {
    platform = await createTestPlatform({ pipe: kind, frames: 3 });
    const [one = '', two = '', three = ''] = platform.frameIds;
    frames = [one, two, three];
    stores = new Map();
    sender = createEventPipe(platform.context);
    await Promise.all(frames.map(start));
  });

  afterEach(async () => {
    await sender.close();
    await Promise.all([...stores.keys()].map(stop));
    await platform.remove();
  });

  async function start(frame: string): Promise<void> {
    stores.set(frame, await startEventStore(platform.context, frame));
  }

  async function stop(frame: string): Promise<void> {
    await stores.get(frame)?.close();
    stores.delete(frame);
  }

  const clientOf = (frame: string): StoreClient => createStoreClient(platform, frame);
  const emit = (frame: string, position: number, event_type: string, data = {}) =>
    sender.publish(frame, [record({ producer: `teg-${frame}`, position, event_type, data })]);

  /** `producer:position` of the foreign events of a frame, once it has that many. */
  async function foreign(frame: string, count: number): Promise<readonly string[]> {
    const events = await eventually(async () => {
      const all = (await clientOf(frame).readAll()).filter((each) => each.foreign_from !== null);
      return all.length >= count ? all : undefined;
    });
    return events.map((each) => `${each.foreign_from}:${each.producer}:${each.position}`);
  }

  const named = (from: string, positions: readonly number[]) =>
    positions.map((position) => `${from}:teg-${from}:${position}`);

  test('each goes to each other frame once, unchanged, and no further', async () => {
    const [a, b, c] = frames;
    await emit(a, 1, 'TokensTransferred');
    await emit(a, 2, INITIATED);
    await emit(a, 3, 'CrossFrameTransferRefunded');
    await emit(a, 4, SETTLED);
    await emit(b, 1, INITIATED);
    expect(await foreign(b, 2)).toEqual(named(a, [2, 4]));
    expect(await foreign(c, 3)).toEqual(
      expect.arrayContaining([...named(a, [2, 4]), ...named(b, [1])]),
    );
    expect(await foreign(a, 1)).toEqual(named(b, [1]));
    // One more round trip of an own event proves that nothing else was under way.
    await emit(c, 1, INITIATED);
    expect(await foreign(a, 2)).toEqual([...named(b, [1]), ...named(c, [1])]);
    expect((await foreign(b, 3)).length).toBe(3);
    for (const frame of frames) {
      const metrics = await clientOf(frame).metrics();
      expect(metrics).toContain('eventstore_events_ingested_total{outcome="duplicate"} 0\n');
    }
    const [own] = (await clientOf(a).poll(`types=${INITIATED}&limit=1`)).events;
    const [copy] = (await clientOf(b).poll(`types=${INITIATED}&limit=5`)).events.filter(
      (event) => event.producer === `teg-${a}`,
    );
    expect(envelopeOf(copy)).toEqual(envelopeOf(own));
  });

  test('a peer that was away gets what it missed, once, in order', async () => {
    const [a, b, c] = frames;
    await emit(a, 1, INITIATED);
    await foreign(b, 1);
    await stop(b);
    for (let position = 2; position <= 20; position += 1) await emit(a, position, SETTLED);
    expect((await foreign(c, 20)).length).toBe(20);
    await stop(a);
    await start(a);
    await start(b);
    const positions = Array.from({ length: 20 }, (_, index) => index + 1);
    expect(await foreign(b, 20)).toEqual(named(a, positions));
    await emit(a, 21, INITIATED);
    expect(await foreign(b, 21)).toEqual(named(a, [...positions, 21]));
    expect(await foreign(c, 21)).toEqual(named(a, [...positions, 21]));
  });

  test('cut_broadcast: what is cut never arrives there, and arrives elsewhere', async () => {
    const [a, b, c] = frames;
    const cut = { kind: 'cut_broadcast', event_type: SETTLED, params: { to: b } };
    const id = await clientOf(a).fault(cut);
    await emit(a, 1, SETTLED);
    await emit(a, 2, INITIATED);
    expect(await foreign(b, 1)).toEqual(named(a, [2]));
    expect(await foreign(c, 2)).toEqual(named(a, [1, 2]));
    expect(await clientOf(a).strikesOf(id)).toEqual(['cut_broadcast']);
    await clientOf(a).clearFaults();
    await emit(a, 3, SETTLED);
    expect(await foreign(b, 2)).toEqual(named(a, [2, 3]));
  });

  test('cut_broadcast with mode hold: everything waits until the link is back', async () => {
    const [a, b, c] = frames;
    const params = { to: b, mode: 'hold' };
    await clientOf(a).fault({ kind: 'cut_broadcast', params });
    await emit(a, 1, SETTLED);
    await emit(a, 2, INITIATED);
    expect(await foreign(c, 2)).toEqual(named(a, [1, 2]));
    expect(await foreign(b, 0)).toEqual([]);
    await clientOf(a).clearFaults();
    expect(await foreign(b, 2)).toEqual(named(a, [1, 2]));
  });

  test('the door asks for the peer token and a known sender', async () => {
    const [a, b] = frames;
    const { url, tokens } = clientOf(b);
    const post = async (token: string, from: string, path = 'broadcast') => {
      const answer = await fetch(`${url}/api/v1/${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ from, events: [] }),
      });
      return answer.status;
    };
    expect(await post(tokens.peer, a)).toBe(200);
    expect(await post(tokens.peer, b)).toBe(400);
    expect(await post(tokens.peer, 'NOBODY')).toBe(400);
    expect(await post(tokens.control, a)).toBe(403);
    expect(await post(tokens.control, a, 'ingest')).toBe(kind === 'direct' ? 403 : 404);
  });
});

test.each([
  [INITIATED, undefined, true],
  [SETTLED, undefined, true],
  [SETTLED, 'B', false],
  ['TokensTransferred', undefined, false],
  ['CrossFrameTransferRefunded', undefined, false],
])('%s, foreign from %s: wakes the broadcast: %s', (event_type, foreignFrom, wakes) => {
  const read = readRecord(
    { ...record({ position: 1, event_type }), ...(foreignFrom && { foreignFrom }) },
    ['B'],
  );
  if (!read.ok) throw new Error(read.reason);
  const [stored] = chainAfter({ sequence: 0, hash: FIRST_PREVIOUS_HASH }, [read.event], 0);
  expect(stored && isToBroadcast(stored)).toBe(wakes);
});

function envelopeOf(event: Record<string, unknown> | undefined) {
  const {
    sequence: _s,
    stored_at: _t,
    foreign_from: _f,
    prev_hash: _p,
    hash: _h,
    ...own
  } = event ?? {};
  return own;
}
