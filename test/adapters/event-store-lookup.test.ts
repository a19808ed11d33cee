// Look-ups in EventStores that answer wrongly: a named error, or the malformed event left out.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEventStoreLookup } from '../../src/adapters/event-store-lookup.js';
import { PlatformUnavailableError } from '../../src/adapters/platform-unavailable-error.js';
import { type SmallHttpServer, startSmallHttpServer } from '../support/small-http-server.js';
import { markerEnvelope, storedEvent, transferEnvelope } from '../support/wire-events.js';

let server: SmallHttpServer;
const malformed: string[] = [];

beforeAll(async () => {
  server = await startSmallHttpServer();
});
afterAll(() => server.close());

function lookup() {
  return createEventStoreLookup({
    urls: { A: server.url },
    requestTimeoutMs: 300,
    onMalformed: (frame, problem) => malformed.push(`${frame} ${problem}`),
  });
}

test('what is asked for travels as it is, whatever characters it has', async () => {
  server.answerWith((response) => response.end('{"events":[],"head":0}'));
  const memo = 'cross_registry:canary-a&b=c d/é%';
  expect(await lookup().byMemo('A', memo)).toEqual([]);
  const asked = new URL(server.asked.at(-1)?.url ?? '', server.url);
  expect(asked.pathname).toBe('/api/v1/events');
  expect([...asked.searchParams]).toEqual([['memo', memo]]);
  expect(await lookup().byTransferId('A', 't-1')).toEqual([]);
  expect(server.asked.at(-1)?.url).toBe('/api/v1/events?transfer_id=t-1');
});

test('a malformed event is told and left out, and so is what is no transfer event', async () => {
  const event = transferEnvelope();
  const events = [
    storedEvent(markerEnvelope(), 1, 0),
    { ...storedEvent(event, 2, 0), position: 'two' },
    storedEvent(event, 3, 0),
  ];
  server.answerWith((response) => response.end(JSON.stringify({ events, head: 3 })));
  const found = await lookup().byTransferId('A', 't-1');
  expect(found.map(({ sequence }) => sequence)).toEqual([3]);
  expect(malformed).toEqual([expect.stringMatching(/^A position: /)]);
});

const wrong = [
  { what: 'garbage', status: 200, text: 'hello' },
  { what: 'no events', status: 200, text: '{"head":3}' },
  { what: 'events in words', status: 200, text: '{"events":"none","head":3}' },
  { what: 'an outage', status: 503, text: '{"events":[],"head":3}' },
];
for (const { what, status, text } of wrong) {
  test(`${what} is a named error with frame and address`, async () => {
    server.answerWith((response) => {
      response.writeHead(status).end(text);
    });
    const found = lookup().byMemo('A', 'canary-1');
    await expect(found).rejects.toThrow(PlatformUnavailableError);
    await expect(found).rejects.toMatchObject({
      frame: 'A',
      url: `${server.url}/api/v1/events?memo=canary-1`,
    });
  });
}

test('a frame that is not configured is a mistake of ours', async () => {
  await expect(lookup().byMemo('Z', 'm')).rejects.toThrow('frame Z has no EventStore');
});
