// The worker's door: alive whatever is away, and ready with each dependency by name and reason.
import { pino } from 'pino';
import { afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { pingKafka } from '../../src/adapters/kafka-ping.js';
import type { Stores } from '../../src/adapters/open-stores.js';
import { openStores } from '../../src/adapters/open-stores.js';
import { type Config, parseConfig } from '../../src/config.js';
import { dependenciesOf } from '../../src/workers/dependencies.js';
import { type HealthServer, startHealthServer } from '../../src/workers/health-server.js';
import type { Dependency } from '../../src/workers/readiness.js';
import { readinessOf } from '../../src/workers/readiness.js';
import { freePortRow } from '../support/free-ports.js';
import { REFERENCE } from '../support/samples.js';
import { openTcpProxy } from '../support/tcp-proxy.js';

const AWAY = 'http://127.0.0.1:9';
const servers: HealthServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(dependencies: readonly Dependency[]): Promise<string> {
  const server = await startHealthServer('127.0.0.1:0', dependencies);
  servers.push(server);
  return server.url;
}

async function readyz(url: string) {
  const answer = await fetch(`${url}/readyz`);
  const body = (await answer.json()) as { readonly dependencies: unknown };
  return { status: answer.status, body };
}

const there: Dependency = { name: 'redis', ask: async () => undefined };
const refused: Dependency = {
  name: 'teg/A',
  ask: async () => Promise.reject(new Error('connect ECONNREFUSED 127.0.0.1:9')),
};
const hanging: Dependency = { name: 'kafka', ask: () => new Promise(() => undefined) };

const nothing = () => undefined;

describe('/readyz', () => {
  test.each([
    ['all there', [there], 200, [{ name: 'redis', ready: true }]],
    [
      'one away',
      [there, refused],
      503,
      [
        { name: 'redis', ready: true },
        { name: 'teg/A', ready: false, problem: 'connect ECONNREFUSED 127.0.0.1:9' },
      ],
    ],
    [
      'one that hangs',
      [hanging],
      503,
      [{ name: 'kafka', ready: false, problem: 'no answer in 2000 ms' }],
    ],
  ])('%s', async (_what, dependencies, status, states) => {
    const url = await serve(dependencies);
    expect(await readyz(url)).toEqual({
      status,
      body: { ready: status === 200, dependencies: states },
    });
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  test('a taken address is named, with what to set', async () => {
    const url = new URL(await serve([there]));
    await expect(startHealthServer(url.host, [there])).rejects.toThrow(
      `cannot listen on ${url.host}; set CANARY_WORKER_LISTEN`,
    );
  });
});

function configWith(kafka: readonly string[]): Config {
  const frames = REFERENCE.frames.map((frame) => ({
    id: frame.id,
    teg: AWAY,
    eventStore: AWAY,
    registries: frame.registries.map((one) => ({ ...one, url: AWAY })),
  }));
  const stores = { postgres: 'postgres://x@127.0.0.1:9/x', redis: 'redis://127.0.0.1:9', kafka };
  const platform = { agentTokensFile: 'none', frames };
  return parseConfig('test', JSON.stringify({ platform, stores }), {});
}

describe('the dependencies of a worker', () => {
  const config = configWith(['127.0.0.1:9']);
  let stores: Stores;
  beforeAll(async () => {
    stores = await openStores(config, pino({ level: 'silent' }));
    return () => stores.close();
  });

  test('are all named while all of them are away', async () => {
    const url = await serve(dependenciesOf(config, stores, nothing, nothing));
    const { status, body } = await readyz(url);
    expect(status).toBe(503);
    const queues = ['queue/canary', 'queue/validators', 'queue/audit'];
    const names = ['postgres', 'redis', 'temporal', ...queues, 'kafka'];
    const ofFrames = ['teg/A', 'event-store/A', 'teg/B', 'event-store/B'];
    expect(body.dependencies).toEqual(
      [...names, ...ofFrames].map((name) => ({ name, ready: false, problem: expect.any(String) })),
    );
  });

  test('have no Kafka where no broker is configured', () => {
    const all = dependenciesOf(configWith([]), stores, nothing, nothing);
    expect(all.map(({ name }) => name)).not.toContain('kafka');
  });

  test.each([
    ['RUNNING', true],
    ['DRAINING', false],
    ['FAILED', false],
  ] as const)('a task queue whose worker is %s', async (state, ready) => {
    const all = dependenciesOf(configWith([]), stores, nothing, (queue) =>
      queue === 'audit' ? state : undefined,
    );
    const states = await readinessOf(all.filter(({ name }) => name.startsWith('queue/')));
    expect(states.map((one) => [one.name, one.ready])).toEqual([
      ['queue/canary', false],
      ['queue/validators', false],
      ['queue/audit', ready],
    ]);
  });
});

describe.skipIf(inject('kafkaBrokers').length === 0)('Kafka', () => {
  const brokers = inject('kafkaBrokers');

  test('is there', async () => {
    await pingKafka(brokers);
  });

  test('is away where nobody listens', async () => {
    await expect(pingKafka([`127.0.0.1:${await freePortRow(1)}`])).rejects.toThrow('ECONNREFUSED');
  });

  test.each(['cut', 'stall'] as const)('is away behind a connection that is %s', async (fault) => {
    const [host = '', port = ''] = (brokers[0] ?? '').split(':');
    const proxy = await openTcpProxy({ host, port: Number(port) });
    const behind = [`127.0.0.1:${proxy.port}`];
    await pingKafka(behind);
    proxy[fault]();
    await expect(pingKafka(behind)).rejects.toThrow();
    await proxy.close();
  });
});
