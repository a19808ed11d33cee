// The event feed's contract in memory and over an EventStore; and what a platform does to a feed:
// wrong answers, slow ones, streams that break, stall or talk nonsense.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEventStoreFeed } from '../../src/adapters/event-store-feed.js';
import { PlatformUnavailableError } from '../../src/adapters/platform-unavailable-error.js';
import type { EventFeed } from '../../src/ports.js';
import { createMemoryFeed } from '../support/memory-feed.js';
import {
  type Answer,
  type SmallEventStore,
  startSmallEventStore,
} from '../support/small-event-store.js';
import { until } from '../support/until.js';
import { transferEnvelope } from '../support/wire-events.js';
import { eventFeedContract, listen, pollAll } from './event-feed.contract.js';

const SILENT_AFTER_MS = 300;
/** Long for a busy machine; short where a case waits for it to end. */
const PATIENT_MS = 10_000;
const IMPATIENT_MS = 500;

function feedOf(url: string, requestTimeoutMs = PATIENT_MS): EventFeed {
  return createEventStoreFeed({
    frame: 'A',
    url,
    requestTimeoutMs,
    silentAfterMs: SILENT_AFTER_MS,
    backOff: { firstMs: 10, maxMs: 50, random: Math.random },
  });
}

eventFeedContract('memory', async () => {
  const feed = createMemoryFeed();
  return {
    feed,
    async publish(events) {
      for (const { envelope, foreign } of events) {
        feed.publish(envelope, Date.now(), foreign === true ? 'B' : undefined);
      }
    },
    close: async () => undefined,
  };
});

eventFeedContract('EventStore', async () => {
  const store = await startSmallEventStore();
  return {
    feed: feedOf(store.url),
    async publish(events) {
      for (const { envelope, foreign } of events) {
        store.append(envelope, Date.now(), foreign === true ? 'B' : undefined);
      }
    },
    close: () => store.close(),
  };
});

describe('polls of an EventStore that misbehaves', () => {
  let store: SmallEventStore;
  beforeAll(async () => {
    store = await startSmallEventStore();
  });
  afterAll(() => store.close());

  const body =
    (text: string, status = 200): Answer =>
    (_request, response) => {
      response.statusCode = status;
      response.end(text);
    };
  const event = JSON.stringify(transferEnvelope());
  const WRONG_FORM = /not in the contract’s form/;
  const table: readonly { what: string; answer: Answer; why: RegExp }[] = [
    { what: 'nothing', answer: body(''), why: WRONG_FORM },
    { what: 'garbage', answer: body('<html>bad gateway</html>'), why: WRONG_FORM },
    { what: 'lines without a proof', answer: body(`${event}\n${event}\n`), why: WRONG_FORM },
    { what: 'a proof cut short', answer: body(`${event}\n{"through":1,"he`), why: WRONG_FORM },
    {
      what: 'a page in plain JSON',
      answer: body(`{"events":[${event}],"through":1,"head":1}`),
      why: WRONG_FORM,
    },
    { what: 'a proof in words', answer: body('{"through":"1","head":"1"}'), why: WRONG_FORM },
    { what: 'half a proof', answer: body('{"through":1}'), why: WRONG_FORM },
    { what: 'a negative proof', answer: body('{"through":-1,"head":1}'), why: WRONG_FORM },
    { what: 'an endless proof', answer: body('{"through":1e400,"head":1e400}'), why: WRONG_FORM },
    { what: 'a proof too large', answer: body('{"through":1e17,"head":1e17}'), why: WRONG_FORM },
    { what: '503', answer: body('{"error":{"code":"unavailable"}}', 503), why: /answered 503/ },
    {
      what: 'a redirect',
      answer: (_request, response) => {
        response.writeHead(302, { location: '/elsewhere' }).end();
      },
      why: /answered 302/,
    },
    { what: 'no answer', answer: () => undefined, why: /no answer within 500 ms/ },
    {
      what: 'an answer that never ends',
      answer: (_request, response) => {
        response.write(`${event}\n`);
      },
      why: /no answer within 500 ms/,
    },
    {
      what: 'a connection that breaks in the answer',
      answer: (_request, response) => {
        response.write(`${event}\n`, () => response.destroy());
      },
      why: /unavailable/,
    },
  ];

  for (const { what, answer, why } of table) {
    test(`${what} is a named error`, async () => {
      const feed = feedOf(store.url, IMPATIENT_MS);
      const { subscription } = await listen(feed, 0);
      store.answerWith(answer);
      const polled = subscription.poll(0, 10);
      await expect(polled).rejects.toThrow(PlatformUnavailableError);
      await expect(polled).rejects.toThrow(why);
      await expect(polled).rejects.toMatchObject({
        frame: 'A',
        url: expect.stringContaining('/api/v1/events?after=0'),
      });
      store.answerWith(undefined);
      await until(async () => expect((await subscription.poll(0, 10)).head).toBe(0));
      await subscription.close();
    });
  }

  test('a store that is not there is a named error with its cause', async () => {
    const gone = await startSmallEventStore();
    await gone.close();
    await expect(feedOf(gone.url).positionBefore(0)).rejects.toMatchObject({
      name: 'PlatformUnavailableError',
      message: expect.stringContaining('ECONNREFUSED'),
      cause: expect.any(Error),
    });
  });

  test('a search ends however the store answers it', async () => {
    store.answerWith((request, response) => {
      const head = request.url?.startsWith('/api/v1/head') === true;
      response.end(head ? `{"head":${Number.MAX_SAFE_INTEGER}}` : '{"events":[]}');
    });
    expect(await feedOf(store.url).positionBefore(Date.now())).toBe(0);
    store.answerWith(undefined);
  });
});

describe('streams of an EventStore that misbehaves', () => {
  test('a broken stream is closed, then open again, and polls bring what it missed', async () => {
    const store = await startSmallEventStore();
    const feed = feedOf(store.url);
    const { subscription, heard, states } = await listen(feed, 0);
    store.refuseStreams(true);
    await until(() => expect(states.at(-1)).toBe('closed'));
    store.append(transferEnvelope());
    store.refuseStreams(false);
    await until(() => expect(states).toEqual(['open', 'closed', 'open']));
    store.append(transferEnvelope());
    await until(() => expect(heard).toHaveLength(1));
    expect(await pollAll(subscription, 0, 2)).toHaveLength(2);
    await subscription.close();
    await store.close();
  });

  test('a silent stream is silent until one speaks again', async () => {
    const store = await startSmallEventStore();
    const { subscription, heard, states } = await listen(feedOf(store.url), 0);
    store.silence(true);
    await until(() => expect(states.at(-1)).toBe('silent'));
    // The connections made meanwhile are silent, too, and change nothing.
    await until(() => expect(store.streams()).toBe(1));
    expect(states).toEqual(['open', 'silent']);
    store.silence(false);
    await until(() => expect(states).toEqual(['open', 'silent', 'open']));
    store.append(transferEnvelope());
    await until(() => expect(heard).toHaveLength(1));
    await subscription.close();
    await until(() => expect(store.streams()).toBe(0));
    await store.close();
  });

  test('events are signs of life, too', async () => {
    const store = await startSmallEventStore();
    const { subscription, heard, states } = await listen(feedOf(store.url), 0);
    store.stopHeartbeats();
    const talking = setInterval(() => store.append(transferEnvelope()), SILENT_AFTER_MS / 5);
    await until(() => expect(heard.length).toBeGreaterThan(12));
    clearInterval(talking);
    expect(states).toEqual(['open']);
    await until(() => expect(states).toEqual(['open', 'silent']));
    await subscription.close();
    await store.close();
  });

  test('a store that is away at first is followed when it comes', async () => {
    const store = await startSmallEventStore();
    store.refuseStreams(true);
    const listening = listen(feedOf(store.url), 0);
    store.refuseStreams(false);
    const { subscription, states } = await listening;
    expect(states.at(-1)).toBe('open');
    await subscription.close();
    await store.close();
  });

  test('nonsense is handed on as it is, an endless message ends its connection', async () => {
    const store = await startSmallEventStore();
    const feed = feedOf(store.url);
    const { subscription, heard, states } = await listen(feed, 0);
    const nonsense = ['', 'hello', '{"event_type":1}', '[]', 'null', '{"heartbeats":true}'];
    for (const text of nonsense) store.shout(text);
    await until(() => expect(heard.map(({ text }) => text)).toEqual(nonsense));
    for (const raw of heard) expect(feed.parse(raw)).toMatchObject({ kind: 'malformed' });
    store.shout('x'.repeat(2 * 1024 * 1024));
    await until(() => expect(states).toEqual(['open', 'closed', 'open']));
    await subscription.close();
    await store.close();
  });
});
