// What a stack decides before it starts anything: whose infrastructure it uses, and what it does
// without Kafka.
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadTopology } from '../../sandbox/src/topology.js';
import { loadConfig } from '../../src/config.js';
import { ComponentUnavailableError } from '../../stack/components/component.js';
import { stackDirectory } from '../../stack/directories.js';
import { planStack, type StackPlan } from '../../stack/stack-plan.js';
import { temporaryDirectory } from './support.js';

const ADDRESSES = {
  CANARY_STACK_POSTGRES_URL: 'postgres://someone:secret@db.example:5432/postgres',
  CANARY_STACK_REDIS_URL: 'redis://cache.example:6379',
  CANARY_STACK_KAFKA_BROKERS: 'one.example:9092,two.example:9092',
  TEMPORAL_ADDRESS: 'temporal.example:7233',
};

interface Planned {
  readonly plan: StackPlan;
  readonly said: string;
  readonly root: string;
}

async function plan(environment: NodeJS.ProcessEnv, withKafka = true): Promise<Planned> {
  const root = temporaryDirectory();
  const said: string[] = [];
  const planned = await planStack(
    {
      directory: stackDirectory(root),
      portBase: 27_000,
      // No program is found and nothing is cached: only addresses can serve.
      environment: { PATH: root, CANARY_STACK_CACHE: join(root, 'cache'), ...environment },
      registries: ['A1'],
      withKafka,
    },
    (text) => said.push(text),
    new AbortController().signal,
  );
  return { plan: planned, said: said.join('\n'), root };
}

const pipeOf = (root: string) => loadTopology({ SANDBOX_CONFIG: join(root, 'sandbox.json') }).pipe;

test('what the environment names is used, by the sandbox and by the product', async () => {
  const { plan: planned, said, root } = await plan(ADDRESSES);
  expect(said).toBe('');
  const topology = loadTopology({ SANDBOX_CONFIG: join(root, 'sandbox.json') });
  expect(topology.kafkaBrokers).toEqual(['one.example:9092', 'two.example:9092']);
  expect(topology.postgresUrl).toBe(ADDRESSES.CANARY_STACK_POSTGRES_URL);
  const { stores } = loadConfig(planned.productEnvironment);
  expect(stores.postgres).toBe('postgres://someone:secret@db.example:5432/canary_reactor');
  expect(stores.redis).toBe(ADDRESSES.CANARY_STACK_REDIS_URL);
  expect(planned.productEnvironment.TEMPORAL_ADDRESS).toBe('temporal.example:7233');
  expect(planned.addresses.temporal).toBe('grpc://temporal.example:7233');
  expect(planned.addresses['temporal-ui']).toBeUndefined();
});

test('settings of a Temporal that is not ours reach the product', async () => {
  const { plan: planned } = await plan({ ...ADDRESSES, TEMPORAL_NAMESPACE: 'theirs' });
  expect(planned.productEnvironment.TEMPORAL_NAMESPACE).toBe('theirs');
});

describe('without Kafka the events travel straight from the outbox', () => {
  const { CANARY_STACK_KAFKA_BROKERS: _, ...withoutKafka } = ADDRESSES;

  test('where it cannot be had, which is said together with what to do', async () => {
    const { plan: planned, said, root } = await plan(withoutKafka);
    expect(said).toMatch(/^kafka cannot be had: .* What to do: install Java 17 or newer/m);
    expect(said).toContain('the event pipe falls back to the outbox');
    expect(pipeOf(root)).toBe('direct');
    expect(planned.infrastructure.kafka).toBeUndefined();
    expect(loadConfig(planned.productEnvironment).stores.kafka).toEqual([]);
  });

  test('where it is not wanted, which is not worth a word', async () => {
    const { said, root } = await plan(ADDRESSES, false);
    expect(said).toBe('');
    expect(pipeOf(root)).toBe('direct');
  });
});

test('without one of the others nothing is begun', async () => {
  const { CANARY_STACK_REDIS_URL: _, ...withoutRedis } = ADDRESSES;
  await expect(plan(withoutRedis)).rejects.toThrow(ComponentUnavailableError);
});
