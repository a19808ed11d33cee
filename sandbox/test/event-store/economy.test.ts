// Stakes and A2A tokens on their whole way: a real TEG's events enter a real EventStore, whose
// projection says what the TEG's ledger does.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEventStore } from '../../src/event-store/event-store.js';
import { callJson } from '../../src/registry/json-call.js';
import type { RunningService } from '../../src/service/context.js';
import { startTeg } from '../../src/teg/teg.js';
import {
  createTestPlatform,
  eventually,
  LONG_TEST_MS,
  type TestPlatform,
} from '../service/test-platform.js';
import { createStoreClient, type StoreClient } from './store-client.js';

const TOKEN_IDS = [1, 2, 3].map((number) => `00000000-0000-4000-8000-00000000000${number}`);

let platform: TestPlatform;
let teg: RunningService;
let store: RunningService;
let client: StoreClient;

beforeAll(async () => {
  platform = await createTestPlatform({ pipe: 'direct' });
  const [frame = ''] = platform.frameIds;
  const context = {
    ...platform.context,
    topology: { ...platform.topology, sweepIntervalMs: 50 },
  };
  store = await startEventStore(context, frame);
  teg = await startTeg(context, frame);
  client = createStoreClient(platform, frame);
}, LONG_TEST_MS);
afterAll(async () => {
  await teg.close();
  await store.close();
  await platform.remove();
}, LONG_TEST_MS);

const agent = (number: number) => `${platform.frameIds[0]}R:user-0${number}`;

async function post(number: number, path: string, body: object = {}): Promise<void> {
  const call = { method: 'POST', url: teg.url + path, timeoutMs: 10_000 } as const;
  const token = client.tokens.agent(agent(number));
  const answer = await callJson({ ...call, token, body });
  expect(answer).toMatchObject({ kind: 'answer' });
  expect((answer as { status: number }).status, JSON.stringify(answer)).toBeLessThan(300);
}

interface Snapshot {
  readonly position: number;
  readonly totals: { readonly circulating: string; readonly issuance: string };
  readonly unclassed: readonly string[];
}

interface Lock {
  readonly unlock_at: string;
  readonly at: string;
}

test('every step enters the log, and the projection holds', async () => {
  await post(1, '/teg/stake', { account: agent(1), amount: '7.5', lock_ms: 1 });
  await eventually(async () => {
    const stake = (await (await fetch(`${teg.url}/teg/stakes/${agent(1)}`)).json()) as Lock;
    return stake.at > stake.unlock_at || undefined;
  });
  await post(1, '/teg/unstake', { account: agent(1), amount: '2.25' });
  for (const [index, lifetime_ms] of [60_000, 60_000, 1].entries()) {
    const parties = { token_id: TOKEN_IDS[index], issuer: agent(1), holder: agent(2) };
    await post(1, '/teg/a2a-tokens', { ...parties, amount: '1.5', lifetime_ms });
  }
  await post(2, `/teg/a2a-tokens/${TOKEN_IDS[0]}/accept`);
  await post(2, `/teg/a2a-tokens/${TOKEN_IDS[0]}/redeem`);
  await post(1, `/teg/a2a-tokens/${TOKEN_IDS[1]}/cancel`);
  const released = await eventually(async () => {
    const { events } = await client.poll('types=A2ATokenReleased');
    return events.length === 3 ? events : undefined;
  });
  const ends = released.map(({ data }) => (data as { to_state: string }).to_state);
  expect(ends.sort()).toEqual(['cancelled', 'expired', 'redeemed']);
  const cut = (await (await fetch(`${teg.url}/teg/supply-snapshot`)).json()) as Snapshot;
  expect(cut.unclassed).toEqual([]);
  const projection = await eventually(async () => {
    const told = (await client.json('/api/v1/projections/supply-audit')) as {
      readonly position: number;
      readonly tokens_circulating: string;
    };
    return told.position > cut.position ? told : undefined;
  });
  expect(projection).toMatchObject({
    ...{ tokens_circulating: cut.totals.circulating, delta: '0.000000' },
    ...{ tokens_issued: cut.totals.issuance.slice(1), transit_net: '0.000000' },
  });
  const metrics = await client.metrics();
  expect(metrics).toContain('eventstore_events_ingested_total{outcome="rejected"} 0\n');
  expect(metrics).toContain(
    'eventstore_events_by_type{event_type="A2ATokenEscrowed",origin="own"} 3\n',
  );
  const stakes = await client.poll('types=TokensStaked,TokensUnstaked');
  expect(stakes.events.map((event) => event.event_type)).toEqual([
    'TokensStaked',
    'TokensUnstaked',
  ]);
});
