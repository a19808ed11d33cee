// The health of our own stores on real ones: what they say of themselves, and what is left of it
// while one is away.
import { pino } from 'pino';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { openStores, type Stores } from '../../src/adapters/open-stores.js';
import { systemClock } from '../../src/adapters/system-clock.js';
import { parseConfig } from '../../src/config.js';
import { createOwnDatabase, type OwnDatabase } from '../support/own-database.js';
import { REFERENCE } from '../support/samples.js';
import { exporterOver, seriesNamed, seriesOf } from './page.js';

const NOBODY = 'http://127.0.0.1:9';

let database: OwnDatabase;
const opened: Stores[] = [];

beforeAll(async () => {
  database = await createOwnDatabase('store_health');
});

afterAll(async () => {
  await Promise.all(opened.map((stores) => stores.close()));
  await database.drop();
});

async function pageWith(postgres: string, redis: string): Promise<string> {
  const frames = REFERENCE.frames.map((frame) => ({
    ...{ id: frame.id, teg: NOBODY, eventStore: NOBODY },
    registries: frame.registries.map((one) => ({ ...one, url: NOBODY })),
  }));
  const platform = { agentTokensFile: 'none', frames };
  const file = JSON.stringify({ platform, stores: { postgres, redis } });
  const stores = await openStores(parseConfig('test', file, {}), pino({ level: 'silent' }));
  opened.push(stores);
  return exporterOver({ clock: systemClock, health: stores.health }).metrics();
}

test('both answer: connections, sizes and the time of an answer', async () => {
  const series = seriesOf(await pageWith(database.url, inject('redisUrl')));
  const numberOf = (name: string) => Number(series.get(name));
  expect(numberOf('canary_store_up{store="postgres"}')).toBe(1);
  expect(numberOf('canary_store_up{store="redis"}')).toBe(1);
  // The connection that asks is one of ours, and busy with the question.
  expect(numberOf('canary_postgres_connections{owner="reactor",state="active"}')).toBe(1);
  for (const name of [
    'canary_store_ping_seconds{store="postgres"}',
    'canary_store_ping_seconds{store="redis"}',
    'canary_postgres_connections_max',
    'canary_postgres_database_bytes',
    'canary_redis_clients',
    'canary_redis_used_memory_bytes',
  ]) {
    expect([name, numberOf(name) > 0]).toEqual([name, true]);
  }
});

test.each([
  ['postgres', 'canary_postgres_database_bytes', 'canary_redis_clients'],
  ['redis', 'canary_redis_clients', 'canary_postgres_database_bytes'],
])('%s is away: that is shown, and nothing else of it', async (store, absent, served) => {
  const away = { postgres: 'postgres://nobody@127.0.0.1:9/none', redis: 'redis://127.0.0.1:9' };
  const urls = { postgres: database.url, redis: inject('redisUrl') };
  const page = await pageWith(
    store === 'postgres' ? away.postgres : urls.postgres,
    store === 'redis' ? away.redis : urls.redis,
  );
  const series = seriesOf(page);
  expect(series.get(`canary_store_up{store="${store}"}`)).toBe('0');
  expect(series.get(`canary_store_ping_seconds{store="${store}"}`)).toBeUndefined();
  expect(series.get(`canary_exporter_source_up{source="store_health/${store}"}`)).toBe('0');
  expect(seriesNamed(page, absent)).toEqual({});
  expect(seriesNamed(page, served)).not.toEqual({});
});
