// The event feed and the look-ups against the sandbox's real EventStore, over the wire.
import { expect, test } from 'vitest';
import { createEventStoreFeed } from '../../src/adapters/event-store-feed.js';
import { createEventStoreLookup } from '../../src/adapters/event-store-lookup.js';
import { prepareSandbox } from '../support/sandbox-service.js';
import { until } from '../support/until.js';
import { transferEnvelope, type WireEnvelope } from '../support/wire-events.js';
import { eventFeedContract, type Publication } from './event-feed.contract.js';

const REQUEST_TIMEOUT_MS = 5_000;

/** An EventStore whose log a test writes, by the door that the sandbox has for its own outbox. */
async function openSandboxEventStore() {
  const platform = await prepareSandbox();
  const [frame, other] = platform.frames;
  await platform.start('event-store', frame);
  const head = async (): Promise<number> => {
    const answer = await fetch(`${frame.eventStoreUrl}/api/v1/head`);
    return ((await answer.json()) as { head: number }).head;
  };
  return {
    frame,
    feed: createEventStoreFeed({
      frame: frame.id,
      url: frame.eventStoreUrl,
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      silentAfterMs: 5_000,
      backOff: { firstMs: 50, maxMs: 500, random: Math.random },
    }),
    async publish(events: readonly Publication[]) {
      const before = await head();
      const records = events.map(({ envelope, foreign }) => ({
        key: envelope.transfer_id ?? '',
        value: JSON.stringify(envelope),
        ...(foreign === true ? { foreign_from: other.id } : {}),
      }));
      const answer = await fetch(`${frame.eventStoreUrl}/api/v1/ingest`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${platform.token('peer')}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ records }),
      });
      expect(answer.status, await answer.text()).toBe(200);
      await until(async () => expect(await head()).toBe(before + events.length));
    },
    close: () => platform.close(),
  };
}

eventFeedContract('the sandbox’s EventStore', openSandboxEventStore);

test('look-ups find own and foreign events by memo, as stored, and by transfer id', async () => {
  const store = await openSandboxEventStore();
  const lookup = createEventStoreLookup({
    urls: { [store.frame.id]: store.frame.eventStoreUrl },
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    onMalformed: (_frame, problem) => expect.unreachable(problem),
  });
  const sent = transferEnvelope();
  const wrapped: WireEnvelope = {
    ...transferEnvelope({ transfer_id: sent.transfer_id, backend: '2pc' }),
    data: { ...sent.data, memo: `cross_registry:${sent.data.memo}` },
  };
  await store.publish([{ envelope: sent }, { envelope: wrapped, foreign: true }]);
  const ids = (events: readonly { event: { id: { position: number } } }[]) =>
    events.map(({ event }) => event.id.position);
  const frame = store.frame.id;
  const byMemo = (memo: string) => lookup.byMemo(frame, memo);
  expect(ids(await byMemo(String(sent.data.memo)))).toEqual([sent.position]);
  expect(ids(await byMemo(String(wrapped.data.memo)))).toEqual([wrapped.position]);
  expect(await byMemo('canary-nobody')).toEqual([]);
  const both = await lookup.byTransferId(frame, sent.transfer_id ?? '');
  expect(ids(both)).toEqual([sent.position, wrapped.position]);
  expect(both.map(({ foreignFrom }) => foreignFrom !== undefined)).toEqual([false, true]);
  await store.close();
});
