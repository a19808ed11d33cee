// The doctor: one thing broken at a time, the row that says so, and the one thing to do.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { invoke } from '../../src/admin/operation.js';
import { OPERATIONS } from '../../src/admin/operations.js';
import { parseConfig } from '../../src/config.js';
import {
  createListener,
  createWorld,
  exampleConfig,
  platformAway,
  statesOf,
  type Twist,
  temporalAway,
} from './world.js';

async function examine(twist: Twist) {
  const answer = await invoke(OPERATIONS.doctor, createWorld(twist), {}, createListener());
  if (answer.kind !== 'done') throw new Error(JSON.stringify(answer));
  const { checks, ok } = OPERATIONS.doctor.output.parse(answer.value);
  return { ok, checks, bad: checks.filter(({ state }) => state !== 'ok') };
}

/** The example, with frame A heard over Kafka. */
function kafkaConfig() {
  const text = readFileSync(new URL('../../canary.example.yaml', import.meta.url), 'utf8')
    .replace('feed: event-store', 'feed: kafka')
    .replace('kafka: []', 'kafka: ["127.0.0.1:27002"]');
  return parseConfig('canary.example.yaml', text, {});
}

test('asks everything that the reference set-up needs', async () => {
  const { checks, ok } = await examine({});
  expect(ok).toBe(true);
  expect(checks.map(({ check, subject }) => `${check} ${subject}`)).toEqual([
    'config file',
    'postgres results',
    'redis stamps',
    'temporal schedule',
    'temporal audit schedule',
    'temporal audit queue',
    'temporal search attributes',
    'workers all',
    'validators all',
    'teg A',
    'clock A',
    'event-store A',
    'teg B',
    'clock B',
    'event-store B',
    'registry A1',
    'registry A2',
    'registry B1',
    'float A1:canary-1',
    'float A1:canary-2',
    'float A2:canary-1',
    'float A2:canary-2',
    'float B1:canary-1',
    'float B1:canary-2',
  ]);
  expect(checks.every(({ advice }) => advice === undefined)).toBe(true);
});

const schedule = (over: object) => ({
  schedule: async () => ({
    kind: 'present' as const,
    paused: false,
    note: undefined,
    nextAtMs: undefined,
    ...over,
  }),
});

const float = (availableBaseUnits: bigint, status: 'active' | 'revoked' = 'active') => ({
  balance: async (agent: string) =>
    agent === 'A1:canary-1'
      ? { availableBaseUnits, heldBaseUnits: 5n, status }
      : { availableBaseUnits: 10n ** 9n, heldBaseUnits: 0n, status: 'active' as const },
});

const floatAway = (agent: string, frame: string) =>
  [`unreachable float ${agent}`, `the TEG of frame ${frame} does not answer`, 'enrolled'] as const;

// Agent A1:canary-1 sends 1 intra, 2 async and 2 2pc transfers of 0.010000 and a fee of 0.000010.
const NEEDED = 50_050n;

describe('the doctor says what is wrong and what to do', () => {
  const cases: readonly {
    readonly broken: string;
    readonly twist: Twist;
    readonly bad: readonly (readonly [row: string, detail: string, advice: string])[];
  }[] = [
    {
      broken: 'PostgreSQL',
      twist: { postgresAway: true },
      bad: [['unreachable postgres results', 'ECONNREFUSED', 'DATABASE_URL']],
    },
    {
      broken: 'Redis',
      twist: { redisAway: true },
      bad: [
        ['unreachable redis stamps', 'ECONNREFUSED', 'REDIS_URL'],
        ['unreachable workers all', 'ECONNREFUSED', 'REDIS_URL'],
        ['unreachable validators all', 'ECONNREFUSED', 'REDIS_URL'],
      ],
    },
    {
      broken: 'Temporal',
      twist: {
        cycles: { schedule: temporalAway(), missingSearchAttributes: temporalAway() },
        audits: { schedule: temporalAway(), pollers: temporalAway() },
      },
      bad: [
        ['unreachable temporal schedule', '127.0.0.1:7233', 'TEMPORAL_ADDRESS'],
        ['unreachable temporal audit schedule', '127.0.0.1:7233', 'TEMPORAL_ADDRESS'],
        ['unreachable temporal audit queue', '127.0.0.1:7233', 'TEMPORAL_ADDRESS'],
        ['unreachable temporal search attributes', '127.0.0.1:7233', 'TEMPORAL_ADDRESS'],
      ],
    },
    {
      broken: 'the schedule, missing',
      twist: { cycles: { schedule: async () => ({ kind: 'missing' }) } },
      bad: [['wrong temporal schedule', 'there is no schedule', 'start a worker']],
    },
    {
      broken: 'the schedule, paused',
      twist: { cycles: schedule({ paused: true, note: 'maintenance' }) },
      bad: [['wrong temporal schedule', 'paused: maintenance', 'unpause']],
    },
    {
      broken: 'the schedule of audits, paused',
      twist: { audits: schedule({ paused: true }) },
      bad: [['wrong temporal audit schedule', 'paused', 'unpause the schedule supply-audit']],
    },
    {
      broken: 'the queue of audits',
      twist: { audits: { pollers: async () => 0 } },
      bad: [['wrong temporal audit queue', 'no worker polls audit', 'start a worker']],
    },
    {
      broken: 'a search attribute',
      twist: { cycles: { missingSearchAttributes: async () => ['CanaryPath'] } },
      bad: [['wrong temporal search attributes', 'CanaryPath', '--type Keyword --name CanaryPath']],
    },
    {
      broken: 'every worker',
      twist: { workers: [], states: [] },
      bad: [
        ['wrong workers all', 'none is alive', 'start a worker'],
        ['wrong validators all', 'all of A missing, all of B missing', 'start a worker'],
      ],
    },
    {
      broken: 'a stream',
      twist: { states: statesOf(exampleConfig(), { stream: 'closed' }) },
      bad: [['wrong validators all', 'A/TokensTransferred closed', 'EventStore of the frame']],
    },
    {
      broken: 'a TEG',
      twist: { gateway: { feeBasisPoints: platformAway('A'), clockOffset: async () => undefined } },
      bad: [
        ['unreachable teg A', 'ECONNREFUSED', 'http://127.0.0.1:27100'],
        ['unreachable clock A', 'the TEG of frame A does not answer', 'http://127.0.0.1:27100'],
        ['unreachable teg B', 'ECONNREFUSED', 'http://127.0.0.1:27120'],
        ['unreachable clock B', 'the TEG of frame B does not answer', 'http://127.0.0.1:27120'],
        ...['A1:canary-1', 'A1:canary-2', 'A2:canary-1', 'A2:canary-2'].map((agent) =>
          floatAway(agent, 'A'),
        ),
        ...['B1:canary-1', 'B1:canary-2'].map((agent) => floatAway(agent, 'B')),
      ],
    },
    {
      broken: 'a clock that cannot be measured',
      twist: { gateway: { clockOffset: async () => undefined } },
      bad: [
        ['unreachable clock A', 'could not be measured', 'http://127.0.0.1:27100'],
        ['unreachable clock B', 'could not be measured', 'http://127.0.0.1:27120'],
      ],
    },
    {
      broken: 'the EventStores',
      twist: { platform: { lookup: { byMemo: platformAway('A') } } },
      bad: [
        ['unreachable event-store A', 'ECONNREFUSED', 'http://127.0.0.1:27101'],
        ['unreachable event-store B', 'ECONNREFUSED', 'http://127.0.0.1:27121'],
      ],
    },
    {
      broken: 'a registry',
      twist: {
        platform: {
          askHealth: async (_frame, url) =>
            url.endsWith('27103') ? platformAway('A')() : undefined,
        },
      },
      bad: [['unreachable registry A2', 'ECONNREFUSED', 'http://127.0.0.1:27103']],
    },
    {
      broken: 'Kafka, where a frame is heard over it',
      twist: {
        config: kafkaConfig(),
        platform: {
          feeds: {
            A: {
              positionBefore: async () => {
                throw new Error('no broker answers');
              },
            },
          },
        },
      },
      bad: [['unreachable kafka A', 'no broker answers', 'KAFKA_BROKERS']],
    },
    {
      broken: 'Kafka, where brokers are configured',
      twist: {
        config: kafkaConfig(),
        services: { askKafka: async () => Promise.reject(new Error('ECONNREFUSED')) },
      },
      bad: [['unreachable kafka brokers', 'ECONNREFUSED', 'KAFKA_BROKERS']],
    },
    {
      broken: 'what a worker needs, as it sees it',
      twist: {
        services: { awayOf: async () => [{ name: 'event-store/B', problem: 'answered 503' }] },
      },
      bad: [['wrong workers all', 'host-1 lacks event-store/B: answered 503', 'by itself']],
    },
    {
      broken: 'no worker that cannot be asked from here',
      twist: { services: { awayOf: async () => undefined } },
      bad: [],
    },
    {
      broken: 'the fee rule',
      twist: { gateway: { feeBasisPoints: async (frame) => (frame === 'B' ? 12 : 10) } },
      bad: [['wrong teg B', 'charges 12 basis points, configured are 10', 'feeBasisPoints to 12']],
    },
    {
      broken: 'a clock',
      twist: {
        gateway: {
          clockOffset: async (frame) => ({ offsetMs: frame === 'A' ? -1_600 : 900, errorMs: 5 }),
        },
      },
      bad: [['wrong clock A', '-1600 ms, give or take 5 ms', 'NTP']],
    },
    {
      broken: 'no clock that may be right',
      twist: { gateway: { clockOffset: async () => ({ offsetMs: 1_500, errorMs: 600 }) } },
      bad: [],
    },
    {
      broken: 'a float that is one base unit short',
      twist: { gateway: float(NEEDED - 1n) },
      bad: [
        [
          'wrong float A1:canary-1',
          '0.050049 AVT available, 0.000005 held, a cycle takes 0.050050',
          'send agent A1:canary-1 0.000001 AVT or more',
        ],
      ],
    },
    { broken: 'no float that just suffices', twist: { gateway: float(NEEDED) }, bad: [] },
    {
      broken: 'an agent, revoked',
      twist: { gateway: float(NEEDED, 'revoked') },
      bad: [['wrong float A1:canary-1', 'revoked; 0.050050 AVT', 'restore agent A1:canary-1']],
    },
  ];
  test.each(cases)('$broken', async ({ twist, bad: expected }) => {
    const { bad, ok } = await examine(twist);
    const rows = bad.map(({ state, check, subject }) => `${state} ${check} ${subject}`);
    expect(rows).toEqual(expected.map(([row]) => row));
    expect(ok).toBe(expected.length === 0);
    expected.forEach(([, detail, advice], index) => {
      expect(bad[index]?.detail).toContain(detail);
      expect(bad[index]?.advice).toContain(advice);
    });
  });
});
