// What every event feed must do, whatever brings it: polls prove, streams only hint, and both tell
// the same events.
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type StoredEvent, VALIDATED_EVENT_TYPES } from '../../src/domain/event.js';
import type { EventFeed, FeedSubscription, RawEvent, StreamState } from '../../src/ports.js';
import { until } from '../support/until.js';
import {
  COMMITTED_AT_MS,
  feeEnvelope,
  markerEnvelope,
  refundEnvelope,
  transferEnvelope,
  type WireEnvelope,
} from '../support/wire-events.js';

export interface FeedUnderTest {
  readonly feed: EventFeed;
  /** Appends to the frame's log, in order, and returns when all of it is stored. */
  publish(events: readonly Publication[]): Promise<void>;
  close(): Promise<void>;
}

export interface Publication {
  readonly envelope: WireEnvelope;
  /** A frame that the platform knows beside its own. */
  readonly foreign?: boolean;
}

const FOLLOWED = 'CrossFrameTransferInitiated';

/** Runs the suite on a feed of an empty log. */
export function eventFeedContract(name: string, open: () => Promise<FeedUnderTest>): void {
  describe(`event feed: ${name}`, () => {
    let opened: FeedUnderTest | undefined;
    const current = () => {
      if (opened === undefined) throw new Error('the feed is not open');
      return opened;
    };
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened?.close());

    emptyLogCases(current);
    parseCases(current);
    pollCases(current);
    streamCases(current);
    positionCases(current);
  });
}

export interface Listener {
  readonly subscription: FeedSubscription;
  readonly heard: RawEvent[];
  readonly states: StreamState[];
}

/** Subscribes and waits until the stream is open. */
export async function listen(feed: EventFeed, after: number): Promise<Listener> {
  const heard: RawEvent[] = [];
  const states: StreamState[] = [];
  const subscription = await feed.subscribe({
    eventTypes: [FOLLOWED],
    after,
    onEvent: (raw) => heard.push(raw),
    onState: (state) => states.push(state),
  });
  await until(() => expect(states.at(-1)).toBe('open'));
  return { subscription, heard, states };
}

/**
 * Everything after a place, page by page, until the proof has reached an end that is known to be
 * stored. The head of a page is no such end: a feed may learn of it a little later.
 */
export async function pollAll(
  subscription: FeedSubscription,
  after: number,
  end: number,
  limit = 1_000,
): Promise<readonly RawEvent[]> {
  const found: RawEvent[] = [];
  let place = after;
  await until(async () => {
    const page = await subscription.poll(place, limit);
    expect(page.events.length).toBeLessThanOrEqual(limit);
    expect(page.through).toBeGreaterThanOrEqual(place);
    found.push(...page.events);
    place = page.through;
    expect(place).toBe(end);
    expect(page.head).toBe(end);
  });
  return found;
}

function idsOf(feed: EventFeed, raws: readonly RawEvent[]): readonly string[] {
  return storedOf(feed, raws).map(({ event }) => `${event.id.producer}/${event.id.position}`);
}

function storedOf(feed: EventFeed, raws: readonly RawEvent[]): readonly StoredEvent[] {
  return raws.map((raw) => {
    const parsed = feed.parse(raw);
    if (parsed.kind !== 'event') throw new Error(`not an event: ${JSON.stringify(parsed)}`);
    return parsed.stored;
  });
}

function emptyLogCases(current: () => FeedUnderTest): void {
  test('an empty log is proved empty', async () => {
    const { feed } = current();
    const start = await feed.positionBefore(Date.now());
    const { subscription } = await listen(feed, start);
    expect(await pollAll(subscription, start, start)).toEqual([]);
    expect(await subscription.poll(start, 10)).toEqual({ events: [], through: start, head: start });
    await subscription.close();
  });
}

function parseCases(current: () => FeedUnderTest): void {
  test('an event carries all that its envelope and its place in the log say', async () => {
    const { feed, publish } = current();
    const own = transferEnvelope();
    const foreign = transferEnvelope({ producer: 'teg-b', source_frame: 'B' });
    const start = await endOf(feed);
    const before = Date.now();
    await publish([{ envelope: own }, { envelope: foreign, foreign: true }]);
    const { subscription } = await listen(feed, start);
    const [first, second] = storedOf(feed, await pollAll(subscription, start, start + 2));
    await subscription.close();
    expect(first).toEqual({
      event: {
        id: { producer: 'teg-a', position: own.position },
        eventType: FOLLOWED,
        sourceFrame: 'A',
        committedAtMs: COMMITTED_AT_MS,
        transferId: own.transfer_id,
        backend: 'async',
        memo: own.data.memo,
        sender: 'A1:canary-1',
        receiver: 'B1:canary-1',
        payer: undefined,
        amountBaseUnits: 10_000n,
      },
      sequence: start + 1,
      storedAtMs: expect.any(Number),
      foreignFrom: undefined,
    });
    expect(Math.abs((first?.storedAtMs ?? 0) - before)).toBeLessThan(60_000);
    expect(second).toMatchObject({ sequence: start + 2, foreignFrom: expect.any(String) });
  });
}

function pollCases(current: () => FeedUnderTest): void {
  const anyPublication = fc.record({
    envelope: fc.constantFrom(...VALIDATED_EVENT_TYPES, 'SupplyMarker').map((type) => () => {
      if (type === 'SupplyMarker') return markerEnvelope();
      if (type === 'TransactionFeeCollected') return feeEnvelope();
      if (type === 'CrossFrameTransferRefunded') return refundEnvelope();
      return transferEnvelope({ event_type: type });
    }),
    foreign: fc.boolean(),
  });

  test('pages of any size from any place bring every event of a type once, in order', async () => {
    const { feed, publish } = current();
    const { subscription, heard } = await listen(feed, await endOf(feed));
    const runs = fc.record({
      drawn: fc.array(anyPublication, { maxLength: 30 }),
      limit: fc.integer({ min: 1, max: 8 }),
      skip: fc.nat({ max: 30 }),
    });
    await fc.assert(
      fc.asyncProperty(runs, async ({ drawn, limit, skip }) => {
        const start = await endOf(feed);
        const events = drawn.map(({ envelope, foreign }) => ({ envelope: envelope(), foreign }));
        await publish(events);
        const wanted = (from: number) =>
          events
            .slice(from)
            .filter(({ envelope }) => envelope.event_type === FOLLOWED)
            .map(({ envelope }) => `${envelope.producer}/${envelope.position}`);
        const end = start + events.length;
        const all = await pollAll(subscription, start, end, limit);
        expect(idsOf(feed, all)).toEqual(wanted(0));
        // A watermark that was put back is read again from there.
        const skipped = Math.min(skip, events.length);
        const again = await pollAll(subscription, start + skipped, end, limit);
        expect(idsOf(feed, again)).toEqual(wanted(skipped));
        // Where nothing is lost, the stream brings exactly what the polls prove.
        const streamed = () => storedOf(feed, heard).filter(({ sequence }) => sequence > start);
        await until(() =>
          expect(new Set(streamed().map(text))).toEqual(new Set(storedOf(feed, all).map(text))),
        );
      }),
      { numRuns: 15 },
    );
    await subscription.close();
  });
}

/** The place of the last event, whatever its type. */
function endOf(feed: EventFeed): Promise<number> {
  return feed.positionBefore(Date.now() + 60_000);
}

/** A stored event as text, for sets. */
function text(stored: StoredEvent): string {
  return JSON.stringify(stored, (_key, value) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
}

function streamCases(current: () => FeedUnderTest): void {
  test('a closed subscription tells nothing more', async () => {
    const { feed, publish } = current();
    const start = await endOf(feed);
    const closed = await listen(feed, start);
    const open = await listen(feed, start);
    await closed.subscription.close();
    const statesBefore = [...closed.states];
    await publish([{ envelope: transferEnvelope() }]);
    await until(() => expect(open.heard).toHaveLength(1));
    expect(closed.heard).toEqual([]);
    expect(closed.states).toEqual(statesBefore);
    await open.subscription.close();
  });
}

function positionCases(current: () => FeedUnderTest): void {
  test('the place before a moment has every earlier event below it and no later one', async () => {
    const { feed, publish } = current();
    const envelopes = Array.from({ length: 6 }, () => transferEnvelope({ producer: randomUUID() }));
    for (const envelope of envelopes) {
      await publish([{ envelope }, { envelope: markerEnvelope() }]);
    }
    const { subscription } = await listen(feed, 0);
    const polled = await pollAll(subscription, 0, await endOf(feed));
    const stored = storedOf(feed, polled).slice(-envelopes.length);
    await subscription.close();
    expect(stored).toHaveLength(envelopes.length);
    for (const timeMs of stored.flatMap(({ storedAtMs }) => [storedAtMs, storedAtMs + 1])) {
      const place = await feed.positionBefore(timeMs);
      for (const { sequence, storedAtMs } of stored) {
        expect(sequence <= place, `${sequence} at ${storedAtMs} for ${timeMs}`).toBe(
          storedAtMs < timeMs,
        );
      }
    }
    expect(await feed.positionBefore(0)).toBeLessThanOrEqual(0);
  });
}
