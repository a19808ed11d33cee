// A poll's `through` proves completeness: pages together are exactly the events of those types.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEventStore } from '../../src/event-store/event-store.js';
import { EVENT_TYPES } from '../../src/names.js';
import { createEventPipe } from '../../src/pipe/create-event-pipe.js';
import type { EventPipe } from '../../src/pipe/event-pipe.js';
import type { RunningService } from '../../src/service/context.js';
import { createTestPlatform, type TestPlatform } from '../service/test-platform.js';
import { record } from './events.js';
import { createStoreClient, type PageAnswer, type StoreClient } from './store-client.js';

const LOG_LENGTH = 240;
const SEED = Number(process.env.PROPERTY_SEED ?? Date.now() % 1_000_000);

let platform: TestPlatform;
let store: RunningService;
let sender: EventPipe;
let client: StoreClient;
let log: readonly { readonly sequence: number; readonly type: string }[];

beforeAll(async () => {
  platform = await createTestPlatform({ pipe: 'direct', frames: 2 });
  const [frame = '', peer = ''] = platform.frameIds;
  store = await startEventStore(platform.context, frame);
  client = createStoreClient(platform, frame);
  const types = fc.sample(fc.constantFrom(...EVENT_TYPES), { numRuns: LOG_LENGTH, seed: SEED });
  log = types.map((type, index) => ({ sequence: index + 1, type }));
  const records = log.map(({ sequence, type }) =>
    record({ position: sequence, event_type: type }, sequence % 5 === 0 ? peer : undefined),
  );
  sender = createEventPipe(platform.context);
  await sender.publish(frame, records);
  await client.headReaches(LOG_LENGTH);
});

afterAll(async () => {
  await sender.close();
  await store.close();
  await platform.remove();
});

test(`pages add up to exactly the events of the types (seed ${SEED})`, async () => {
  const question = fc.record({
    types: fc.option(fc.uniqueArray(fc.constantFrom(...EVENT_TYPES, 'Unheard'), { minLength: 1 })),
    limits: fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 6 }),
    after: fc.integer({ min: 0, max: LOG_LENGTH }),
    lines: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(question, async ({ types, limits, after: from, lines }) => {
      const seen: number[] = [];
      for (let after = from, round = 0; after < LOG_LENGTH; round += 1) {
        const limit = limits[round % limits.length] ?? 1;
        const page = await ask({ after, limit, types, lines });
        expect(page.head).toBe(LOG_LENGTH);
        expect(page.events.length).toBeLessThanOrEqual(limit);
        expect(page.through).toBeGreaterThan(after);
        expect(page.through).toBeLessThanOrEqual(LOG_LENGTH);
        const sequences = page.events.map((event) => event.sequence);
        expect(sequences).toEqual(expected(after, page.through, types));
        seen.push(...sequences);
        after = page.through;
      }
      expect(seen).toEqual(expected(from, LOG_LENGTH, types));
    }),
    { numRuns: 40, seed: SEED },
  );
});

describe('at the end of the log', () => {
  test.each([
    ['idle', LOG_LENGTH],
    ['a client that is ahead of the log', LOG_LENGTH + 100],
  ])('%s: nothing, through = head', async (_name, after) => {
    const page = await client.poll(`after=${after}`);
    expect(page).toEqual({ events: [], through: LOG_LENGTH, head: LOG_LENGTH });
  });

  test('the default is the first 500 of all types', async () => {
    expect((await client.poll('')).events.length).toBe(LOG_LENGTH);
  });
});

test('during growth no page claims more than it holds', async () => {
  const [frame = ''] = platform.frameIds;
  const writing = (async () => {
    for (let position = 1; position <= 40; position += 1) {
      const event_type = position % 3 === 0 ? 'TokensIssued' : 'SupplyMarker';
      await sender.publish(frame, [record({ producer: 'teg-x', position, event_type })]);
    }
  })();
  const seen: number[] = [];
  let after = LOG_LENGTH;
  while (after < LOG_LENGTH + 40) {
    const page = await client.poll(`after=${after}&types=TokensIssued&limit=2`);
    seen.push(...page.events.map((event) => event.position));
    after = page.through;
  }
  await writing;
  expect(seen).toEqual([3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33, 36, 39]);
});

test.each([
  'after=-1',
  'after=x',
  'limit=0',
  'limit=5001',
  'types=',
  'types=A,,B',
  'colour=red',
  'memo=a&transfer_id=b',
  'memo=a&after=1',
])('%s is refused as malformed', async (query) => {
  const answer = await client.get(`/api/v1/events?${query}`);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ error: { code: 'malformed_request' } });
});

interface Question {
  readonly after: number;
  readonly limit: number;
  readonly types: readonly string[] | null;
  readonly lines: boolean;
}

async function ask({ after, limit, types, lines }: Question): Promise<PageAnswer> {
  const query = `after=${after}&limit=${limit}${types ? `&types=${types.join(',')}` : ''}`;
  if (!lines) return client.poll(query);
  const answer = await client.get(`/api/v1/events?${query}`, { accept: 'application/x-ndjson' });
  expect(answer.headers.get('content-type')).toContain('application/x-ndjson');
  const parsed = (await answer.text())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  return { ...parsed.at(-1), events: parsed.slice(0, -1) };
}

function expected(after: number, through: number, types: readonly string[] | null) {
  return log
    .filter(({ sequence, type }) => sequence > after && sequence <= through && wants(types, type))
    .map(({ sequence }) => sequence);
}

function wants(types: readonly string[] | null, type: string): boolean {
  return types === null || types.includes(type);
}
