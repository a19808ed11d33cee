// The configuration files that a stack writes are understood by those that read them.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadTopology, parseTopology } from '../../sandbox/src/topology.js';
import { loadConfig } from '../../src/config.js';
import { stackDirectory } from '../../stack/directories.js';
import { portTable } from '../../stack/ports.js';
import { writeProductConfig } from '../../stack/product-config.js';
import { productEnvironment } from '../../stack/product-environment.js';
import { framesOf, writeSandboxConfig } from '../../stack/sandbox-config.js';
import { temporaryDirectory } from './support.js';

function sandboxConfig(root: string, registries: readonly string[], withKafka: boolean) {
  return writeSandboxConfig({
    directory: stackDirectory(root),
    portBase: 31_100,
    postgresUrl: 'postgres://postgres@127.0.0.1:31000/postgres',
    kafkaBrokers: withKafka ? ['127.0.0.1:31002'] : undefined,
    registries,
    overrides: {},
  });
}

describe('the sandbox reads what was written', () => {
  test.each([
    ['with Kafka', true, { pipe: 'kafka', kafkaBrokers: ['127.0.0.1:31002'] }],
    ['without Kafka', false, { pipe: 'direct' }],
  ])('%s', (_name, withKafka, expected) => {
    const { file } = sandboxConfig(temporaryDirectory(), ['A1'], withKafka);
    expect(loadTopology({ SANDBOX_CONFIG: file })).toMatchObject({
      ...expected,
      portBase: 31_100,
      frames: [{ id: 'A', registries: ['A1'] }],
    });
  });

  test('with a secret that is kept, its own, and for the owner only', () => {
    const root = temporaryDirectory();
    const secret = () => sandboxConfig(root, ['A1'], true).topology.secretSeed;
    const first = secret();
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(secret()).toBe(first);
    expect(sandboxConfig(temporaryDirectory(), ['A1'], true).topology.secretSeed).not.toBe(first);
    expect(statSync(join(root, 'sandbox.json')).mode & 0o077).toBe(0);
  });
});

describe('the product reads what was written', () => {
  test.each([
    [['A1', 'A2', 'B1'], 30],
    [['A1', 'A2'], 12],
    [['A1'], 2],
  ])('%s: %i paths', (registries, paths) => {
    const root = temporaryDirectory();
    const topology = parseTopology({ frames: framesOf(registries), portBase: 31_100 });
    const configFile = writeProductConfig({
      directory: stackDirectory(root),
      topology,
      ports: portTable(31_000),
      databaseUrl: 'postgres://postgres@127.0.0.1:31000/canary_reactor',
      redisUrl: 'redis://127.0.0.1:31001',
      kafkaBrokers: ['127.0.0.1:31002'],
      temporalMetricsUrl: 'http://127.0.0.1:31012/metrics',
      prometheusUrl: 'http://127.0.0.1:31030',
      temporalUiUrl: 'http://127.0.0.1:31011',
      overrides: { cycle: { interval: '30s', spread: '10s' } },
    });
    const elsewhere = { DATABASE_URL: 'postgres://elsewhere/db', TEMPORAL_NAMESPACE: 'theirs' };
    const environment = productEnvironment(elsewhere, {
      configFile,
      temporalAddress: '127.0.0.1:31010',
      isTemporalOurs: true,
    });
    expect(environment).toEqual({ CANARY_CONFIG: configFile, TEMPORAL_ADDRESS: '127.0.0.1:31010' });
    const config = loadConfig(environment);
    expect(config.paths).toHaveLength(paths);
    expect(config.stores.postgres).toContain('31000/canary_reactor');
    expect(config.upstreams.prometheus?.url).toBe('http://127.0.0.1:31030');
    expect(config.links).toEqual({ temporalUi: 'http://127.0.0.1:31011' });
    expect(config.listen.exporter).toBe('127.0.0.1:31022');
    const tokens = JSON.parse(readFileSync(config.platform.agentTokensFile, 'utf8'));
    expect(Object.keys(tokens)).toHaveLength(registries.length * 2);
    expect(statSync(configFile).mode & 0o077).toBe(0);
    expect(statSync(config.platform.agentTokensFile).mode & 0o077).toBe(0);
  });
});
