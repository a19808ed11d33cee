// The configuration: bad files and environments with their exact messages, and no secret in any.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  type Config,
  ConfigError,
  configJsonSchema,
  ENVIRONMENT,
  loadConfig,
  parseConfig,
  withoutSecrets,
} from '../src/config.js';
import { type Bad, FILE, FILES, SECRET } from './bad-configurations.js';
import { ENVIRONMENTS, SLIPS } from './bad-settings.js';
import { WEB_FILES } from './bad-web-configurations.js';

const directory = mkdtempSync(join(tmpdir(), 'canary-config-'));
afterAll(() => rmSync(directory, { recursive: true }));

function refusal({ text = FILE, env = {} }: Bad): ConfigError {
  try {
    parseConfig('canary.yaml', text, env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the configuration was taken');
}

describe.each([
  { kind: 'a bad file', cases: [...FILES, ...WEB_FILES] },
  { kind: 'a slip of the hand', cases: SLIPS },
  { kind: 'a bad environment', cases: ENVIRONMENTS },
])('$kind', ({ cases }) => {
  test.each(cases)('$what', (bad) => {
    const { message } = refusal(bad);
    const [headline, ...lines] = message.split('\n');
    expect(lines).toEqual(bad.lines.map((line) => `  ${line}`));
    expect(headline).toMatch(/^configuration \S+ is not usable:$/);
    expect(message).not.toContain(SECRET);
  });
});

describe('what is taken', () => {
  const cases: readonly {
    readonly what: string;
    readonly text?: string;
    readonly env?: NodeJS.ProcessEnv;
    readonly value: (config: Config) => unknown;
    readonly is: unknown;
  }[] = [
    { what: 'every default', value: ({ cycle }) => cycle.interval, is: 60_000 },
    {
      what: 'the derived deadlines',
      value: (config) => [config.deadlinesByBackend.async, config.finalDeadlineMaxMs],
      is: [{ softMs: 30_000, finalMs: 420_000 }, 420_000],
    },
    { what: 'the amount, exactly', value: (config) => config.amountBaseUnits, is: 10_000n },
    { what: 'one registry: two paths', value: ({ paths }) => paths.length, is: 2 },
    {
      what: 'the environment over the file',
      text: `${FILE}cycle:\n  interval: 30s\n`,
      env: { CANARY_CYCLE_INTERVAL: '5m' },
      value: ({ cycle }) => cycle.interval,
      is: 300_000,
    },
    {
      what: 'what the environment set, by name',
      env: { CANARY_CYCLE_INTERVAL: '5m', LOG_LEVEL: 'warn', CANARY_CONFIG: 'canary.yaml' },
      value: ({ fromEnvironment }) => fromEnvironment,
      is: { 'cycle.interval': 'CANARY_CYCLE_INTERVAL', logLevel: 'LOG_LEVEL' },
    },
    {
      what: 'an empty variable as none',
      env: { CANARY_CYCLE_INTERVAL: '' },
      value: ({ cycle }) => cycle.interval,
      is: 60_000,
    },
    {
      what: 'brokers by comma',
      env: { KAFKA_BROKERS: 'one:9092, two:9092,' },
      value: ({ stores }) => stores.kafka,
      is: ['one:9092', 'two:9092'],
    },
    {
      what: 'the stores from the environment alone',
      text: FILE.slice(0, FILE.indexOf('stores')),
      env: { DATABASE_URL: 'postgres://h/x', REDIS_URL: 'redis://h' },
      value: ({ stores }) => stores,
      is: { postgres: 'postgres://h/x', redis: 'redis://h', kafka: [] },
    },
    {
      what: 'the environment below an empty section',
      text: `${FILE}cycle:\n`,
      env: { CANARY_CYCLE_SPREAD: '0s' },
      value: ({ cycle }) => cycle.spread,
      is: 0,
    },
  ];
  test.each(cases)('$what', ({ text = FILE, env = {}, value, is }) => {
    expect(value(parseConfig('canary.yaml', text, env))).toEqual(is);
  });
});

describe('where a value came from', () => {
  const secretFile = join(directory, 'redis-url');
  writeFileSync(secretFile, `redis://:${SECRET}@h\n`);
  const env = { CANARY_CYCLE_INTERVAL: '5m', KAFKA_BROKERS: 'h:1,i:2', REDIS_URL_FILE: secretFile };
  const { settings } = parseConfig('canary.yaml', `${FILE}cycle:\n  spread: 1s\n`, env);
  const file = (line: number) => ({ kind: 'file', line });
  const variable = (name: string) => ({ kind: 'environment', variable: name });

  test.each<readonly [string, unknown, unknown]>([
    ['platform.lanes', 2, file(2)],
    ['platform.frames.0.registries.0.agents', ['A1:canary-1', 'A1:canary-2'], file(11)],
    ['platform.frames.0.feed', 'event-store', { kind: 'default' }],
    ['cycle.spread', '1s', file(16)],
    ['cycle.interval', '5m', variable('CANARY_CYCLE_INTERVAL')],
    ['deadlines.2pc.final', '90s', { kind: 'default' }],
    ['stores.postgres', 'postgres://me:***@127.0.0.1:5432/canary', file(13)],
    ['stores.redis', 'redis://:***@h', variable('REDIS_URL_FILE')],
    ['stores.kafka', ['h:1', 'i:2'], variable('KAFKA_BROKERS')],
  ])('%s', (setting, value, source) => {
    expect(settings.find((one) => one.setting === setting)).toEqual({ setting, value, source });
  });

  test('is said of every setting, and of nothing that has no value', () => {
    const given = settings.filter(({ source }) => source.kind !== 'default').length;
    expect(settings.map(({ setting }) => setting)).not.toContain('platform.frames.0.topic');
    expect(settings.filter(({ setting }) => setting.startsWith('web.oidc'))).toEqual([]);
    // Ten of the file, three of the environment.
    expect(given).toBe(13);
    expect(settings.length).toBeGreaterThan(given);
  });
});

describe('a secret', () => {
  test('is read from the file that <NAME>_FILE names', () => {
    const file = join(directory, 'database-url');
    writeFileSync(file, 'postgres://from:file@h/x\n');
    const { stores } = parseConfig('canary.yaml', FILE, { DATABASE_URL_FILE: file });
    expect(stores.postgres).toBe('postgres://from:file@h/x');
  });

  test.each([
    ['before the host', `postgres://me:${SECRET}@h/x`, 'postgres://me:***@h/x'],
    ['with marks of its own', `postgres://me:a:${SECRET}@b@h/x`, 'postgres://me:***@h/x'],
    ['in the query', `postgres://h/x?password=${SECRET}&a=b`, 'postgres://h/x?password=***&a=b'],
  ])('is not shown %s', (_where, url, shown) => {
    const config = parseConfig('canary.yaml', FILE, { DATABASE_URL: url });
    expect(withoutSecrets(config)).toMatchObject({
      stores: { postgres: shown, redis: 'redis://:***@127.0.0.1:6379' },
    });
  });
});

describe('loading', () => {
  test('names the file that cannot be read, and what to do', () => {
    expect(() => loadConfig({ CANARY_CONFIG: '/no/such.yaml' })).toThrow(
      'configuration /no/such.yaml is not usable:\n' +
        '  file: cannot be read; set CANARY_CONFIG to a readable file (/no/such.yaml)',
    );
  });

  test('takes canary.yaml where nothing else is said', () => {
    expect(() => loadConfig({ CANARY_CONFIG: '' })).toThrow(/^configuration canary\.yaml /);
  });

  test('reads the file', () => {
    const file = join(directory, 'canary.yaml');
    writeFileSync(file, FILE);
    expect(loadConfig({ CANARY_CONFIG: file }).file).toBe(file);
  });
});

describe('the tables', () => {
  test('every variable has a name of its own, and its place is a setting of the schema', () => {
    const names = ENVIRONMENT.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, place } of ENVIRONMENT) {
      if (place !== undefined) expect(hasPlace(configJsonSchema(), place), name).toBe(true);
    }
  });
});

/** Whether a JSON Schema has properties along a path. */
function hasPlace(schema: unknown, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined) return true;
  if (typeof schema !== 'object' || schema === null || !('properties' in schema)) return false;
  const { properties } = schema;
  if (typeof properties !== 'object' || properties === null) return false;
  const entry = Object.entries(properties).find(([name]) => name === key);
  return entry !== undefined && hasPlace(entry[1], rest);
}
