// The exporter on real stores: nothing is counted twice, whoever counts and whoever dies; and what
// is shown while a store is away.
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openStores, type Stores } from '../../src/adapters/open-stores.js';
import { migratePostgres } from '../../src/adapters/postgres-migrations.js';
import { systemClock } from '../../src/adapters/system-clock.js';
import { type Config, parseConfig } from '../../src/config.js';
import { closeTest } from '../../src/domain/closing.js';
import { frameIds } from '../../src/domain/frame.js';
import { resultOf } from '../../src/domain/result.js';
import { scoreboardOf } from '../../src/domain/scoreboard.js';
import { talliesOfClosing, talliesOfResult } from '../../src/domain/tally.js';
import type { CanaryTest } from '../../src/domain/test.js';
import { createExporterServer } from '../../src/exporters/http.js';
import { createOwnDatabase, type OwnDatabase } from '../support/own-database.js';
import { REFERENCE, stampAt, testOf } from '../support/samples.js';
import { openTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';
import { exporterOver, NOW_MS, SETTINGS, seriesNamed, seriesOf } from './page.js';

const logger = pino({ level: 'silent' });
const CYCLE_ID = '20261123T183000Z';

let database: OwnDatabase;
const opened: Stores[] = [];
const proxies: TcpProxy[] = [];

beforeAll(async () => {
  database = await createOwnDatabase('exporter');
  await migratePostgres(database.url, logger);
});

afterAll(async () => {
  await Promise.all(opened.map((stores) => stores.close()));
  await Promise.all(proxies.map((proxy) => proxy.close()));
  await database.drop();
});

function configOf(postgres: string, redis: string): Config {
  const frames = REFERENCE.frames.map((frame) => ({
    id: frame.id,
    teg: 'http://127.0.0.1:9',
    eventStore: 'http://127.0.0.1:9',
    registries: frame.registries.map((one) => ({ ...one, url: 'http://127.0.0.1:9' })),
  }));
  const platform = { agentTokensFile: 'none', frames };
  return parseConfig('test', JSON.stringify({ platform, stores: { postgres, redis } }), {});
}

/** A Redis database of its own, so that other files' open tests are not counted here. */
function redisUrl(): string {
  const url = new URL(inject('redisUrl'));
  url.pathname = '/9';
  return url.href;
}

async function open(postgres = database.url, redis = redisUrl()): Promise<Stores> {
  const stores = await openStores(configOf(postgres, redis), logger);
  opened.push(stores);
  return stores;
}

async function behindProxy(address: string): Promise<{ proxy: TcpProxy; url: string }> {
  const url = new URL(address);
  const proxy = await openTcpProxy({ host: url.hostname, port: Number(url.port) });
  proxies.push(proxy);
  url.hostname = '127.0.0.1';
  url.port = String(proxy.port);
  return { proxy, url: url.href };
}

function exporterOn(stores: Stores) {
  return exporterOver({ ...stores, clock: systemClock });
}

/** What a worker does for a test that passed: record and close, as its activities do. */
async function work({ results }: Stores, canary: CanaryTest): Promise<void> {
  const stamps = [stampAt('tokens_xfer', 'A', NOW_MS + 40), stampAt('fee_collected', 'A', NOW_MS)];
  const facts = { stamps, fire: { kind: 'pending' } as const, firedAtMs: NOW_MS };
  const result = resultOf(canary, { kind: 'passed' }, facts, NOW_MS + 50);
  await results.record(result, talliesOfResult(result));
  const closing = closeTest(
    canary,
    {
      ...facts,
      outcome: 'passed',
      events: [],
      frames: frameIds(REFERENCE),
      unaskedFrames: [],
      offsets: {},
    },
    NOW_MS + 60,
  );
  await results.close(canary.testId, closing, talliesOfClosing(result, closing));
}

/** What is on the page about results; the rest differs from process to process. */
function counted(page: string) {
  return [...seriesOf(page)].filter(([series]) =>
    /^canary_(tests|late|degraded|findings|cycles|missed|test_latency|last_success)/.test(series),
  );
}

describe('two workers and two exporters', () => {
  test('count every test once, and agree', async () => {
    const workers = [await open(), await open()] as const;
    const tests = SETTINGS.paths
      .filter(({ backend }) => backend === 'intra')
      .flatMap(({ id }) => [testOf(id, CYCLE_ID), testOf(id, '20261123T183100Z')]);
    const cycle = { cycleId: CYCLE_ID, slotMs: NOW_MS, planned: 6, startedAtMs: NOW_MS };
    // Both do everything at once, as when an activity that was thought dead goes on.
    await Promise.all(
      workers.map(async (stores) => {
        await stores.results.openCycle(cycle);
        await Promise.all(tests.map((canary) => work(stores, canary)));
        await stores.results.recordMissedSlots([NOW_MS - 60_000]);
        const board = scoreboardOf(CYCLE_ID, 6, await stores.results.resultsOfCycle(CYCLE_ID));
        await stores.results.closeCycle(board, NOW_MS + 60_000);
      }),
    );
    const pages = await Promise.all(workers.map((stores) => exporterOn(stores).metrics()));
    const [first = '', second = ''] = pages;
    expect(counted(first)).toEqual(counted(second));
    const labels = 'path="A1.1-A1.2-intra",backend="intra"';
    const series = seriesOf(first);
    expect(series.get(`canary_tests_total{${labels},outcome="passed",reason="none"}`)).toBe('2');
    expect(series.get(`canary_test_latency_seconds_count{${labels}}`)).toBe('2');
    expect(series.get(`canary_last_success_timestamp_seconds{${labels}}`)).toBe(
      String((NOW_MS + 50) / 1_000),
    );
    expect(series.get('canary_cycles_total{clean="false"}')).toBe('1');
    expect(series.get('canary_missed_slots_total')).toBe('1');
    expect(series.get('canary_exporter_unknown_tallies')).toBe('0');
    const all = Object.values(seriesNamed(first, 'canary_tests_total')).map(Number);
    expect(all.reduce((sum, one) => sum + one, 0)).toBe(tests.length);
  });

  test('a worker that was killed has reset no counter', async () => {
    const before = counted(await exporterOn(await open()).metrics());
    const killed = await openStores(configOf(database.url, redisUrl()), logger);
    await killed.close();
    expect(counted(await exporterOn(await open()).metrics())).toEqual(before);
  });
});

describe('a store that is away', () => {
  test.each([
    ['postgres', 'cut', 'canary_tests_total', 'canary_open_tests'],
    ['postgres', 'stall', 'canary_tests_total', 'canary_open_tests'],
    ['redis', 'cut', 'canary_open_tests', 'canary_tests_total'],
    ['redis', 'stall', 'canary_open_tests', 'canary_tests_total'],
  ] as const)('%s, %s: says so, and comes back by itself', async (store, fault, gone, served) => {
    const { proxy, url } = await behindProxy(store === 'postgres' ? database.url : redisUrl());
    const stores = await (store === 'postgres' ? open(url) : open(database.url, url));
    const exporter = exporterOn(stores);
    const server = createExporterServer(exporter);
    const page = async () => (await server.inject('/metrics')).body;
    const isUp = (text: string) =>
      seriesOf(text).get(`canary_exporter_source_up{source="${store}"}`);

    await until(async () => expect(isUp(await page())).toBe('1'));
    const before = seriesNamed(await page(), 'canary_tests_total');
    expect((await server.inject('/readyz')).statusCode).toBe(200);

    proxy[fault]();
    await until(async () => expect(isUp(await page())).toBe('0'));
    const during = await page();
    expect(seriesNamed(during, gone)).toEqual({});
    expect(seriesNamed(during, served)).not.toEqual({});
    const readyz = await server.inject('/readyz');
    expect(readyz.statusCode).toBe(503);
    expect(readyz.json().dependencies).toMatchObject([
      { name: 'postgres', required: true, ready: store !== 'postgres' },
      { name: 'redis', required: true, ready: store !== 'redis' },
      { name: 'teg/A', required: false },
      { name: 'teg/B', required: false },
    ]);
    expect((await server.inject('/healthz')).statusCode).toBe(200);

    proxy.restore();
    await until(async () => expect(isUp(await page())).toBe('1'));
    expect(seriesNamed(await page(), 'canary_tests_total')).toEqual(before);
    await server.close();
  });
});
