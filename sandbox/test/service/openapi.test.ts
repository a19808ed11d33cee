// Every service's OpenAPI: each route with what it takes and answers, and each call of the
// platform contract's page among them.
import { readFileSync } from 'node:fs';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startEventStore } from '../../src/event-store/event-store.js';
import type { ServiceName } from '../../src/names.js';
import { startRegistry } from '../../src/registry/registry.js';
import { systemClock } from '../../src/service/clock.js';
import type { RunningService, ServiceContext } from '../../src/service/context.js';
import { createHttpService } from '../../src/service/http-service.js';
import { createLogger } from '../../src/service/logger.js';
import { deriveTokens } from '../../src/service/tokens.js';
import { startTeg } from '../../src/teg/teg.js';
import { startTraffic } from '../../src/traffic/traffic.js';
import { createTestPlatform, LONG_TEST_MS, type TestPlatform } from './test-platform.js';

const operation = z.object({
  summary: z.string().min(1),
  security: z.array(z.unknown()).optional(),
  requestBody: z.object({ content: z.record(z.string(), z.unknown()) }).optional(),
  responses: z.record(z.string(), z.object({ content: z.unknown().optional() })),
});
const document = z.object({
  openapi: z.literal('3.1.0'),
  paths: z.record(z.string(), z.record(z.string(), operation)),
});

type Document = z.output<typeof document>;

const SERVICES = ['teg', 'event-store', 'registry', 'traffic'] as const;
/** `POST`s that say all in their path. */
const WITHOUT_BODY = /\/(revoke|restore|close|release|reconcile|accept|redeem|cancel)$/;

let platform: TestPlatform;
const running: RunningService[] = [];
const documents = new Map<ServiceName, Document>();

beforeAll(async () => {
  platform = await createTestPlatform({ pipe: 'direct' });
  const topology = { ...platform.topology, opaEnabled: true };
  const context: ServiceContext = { ...platform.context, topology };
  const [frame] = topology.frames;
  const { id = '', registries = [] } = frame ?? {};
  const starts = {
    teg: () => startTeg(context, id),
    'event-store': () => startEventStore(context, id),
    registry: () => startRegistry(context, registries[0] ?? ''),
    traffic: () => startTraffic(context),
  } as const;
  for (const service of SERVICES) {
    const started = await starts[service]();
    running.push(started);
    const answer = await fetch(`${started.url}/openapi.json`);
    documents.set(service, document.parse(await answer.json()));
  }
}, LONG_TEST_MS);

afterAll(async () => {
  await Promise.all(running.map((service) => service.close()));
  await platform.remove();
}, LONG_TEST_MS);

function operationsOf(service: ServiceName) {
  const { paths = {} } = documents.get(service) ?? {};
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({ method, path, described })),
  );
}

describe.each(SERVICES)('%s', (service) => {
  test('says of each route what it answers, when all is well and when not', () => {
    expect(operationsOf(service).length).toBeGreaterThan(4);
    const silent = operationsOf(service).filter(({ described: { responses } }) => {
      const { default: refusal, ...answers } = responses;
      const isDescribed = Object.entries(answers).some(
        ([status, answer]) => status === '204' || answer.content !== undefined,
      );
      return refusal?.content === undefined || !isDescribed;
    });
    expect(silent.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });

  test('says of each post what it takes', () => {
    const posts = operationsOf(service).filter(({ method }) => method === 'post');
    const silent = posts.filter(
      ({ path, described }) => !WITHOUT_BODY.test(path) && described.requestBody === undefined,
    );
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  test('says of each door to control and oracle that it asks for a token', () => {
    const doors = operationsOf(service).filter(({ path }) => /^\/(control|oracle)\//.test(path));
    expect(doors.length).toBeGreaterThan(0);
    const open = doors.filter(({ described }) => (described.security ?? []).length === 0);
    expect(open.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });
});

const CONTRACT = readFileSync(
  new URL('../../../docs/platform-contract.md', import.meta.url),
  'utf8',
);

const SECTION_OF = {
  teg: '## TEG',
  'event-store': '## EventStore',
  registry: '## Registry',
} as const;

/** The calls of a section's table: `post /teg/agents/{}/revoke`, parameters without their names. */
function callsOfContract(service: keyof typeof SECTION_OF): readonly string[] {
  const [, section = ''] = CONTRACT.split(new RegExp(`^${SECTION_OF[service]}.*$`, 'm'));
  const [own = ''] = section.split(/^## /m);
  const firstCells = own
    .split('\n')
    .flatMap((line) => /^\|([^|]*(?:\\\|[^|]*)*)\|/.exec(line)?.[1] ?? []);
  return firstCells.flatMap((cell) => {
    const spans = [...cell.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);
    let [method, base] = ['', ''];
    return spans.flatMap((span) => {
      const call = /^(GET|POST|DELETE) ([^?\s]+)/.exec(span);
      if (call === null && !span.startsWith('/')) return [];
      const [, verb = method, rest = span] = call ?? [];
      method = verb;
      const path = pathAfter(base, rest);
      if (base === '') base = path;
      return `${method.toLowerCase()} ${unnamed(path)}`;
    });
  });
}

/** `.../{id}` goes on from the row's first path; `/restore` takes the place of its last part. */
function pathAfter(base: string, path: string): string {
  if (path.startsWith('.../')) return base + path.slice(3);
  return path.startsWith('/api') || path.startsWith('/teg') ? path : base.replace(/\/[^/]+$/, path);
}

const unnamed = (path: string) => path.replace(/\{\w+\}/g, '{}');

test.each(Object.keys(SECTION_OF) as (keyof typeof SECTION_OF)[])(
  'every call of the contract to %s is described',
  (service) => {
    const described = operationsOf(service).map(({ method, path }) => `${method} ${unnamed(path)}`);
    const calls = callsOfContract(service).filter((call) => !call.endsWith('/...'));
    expect(calls.length).toBeGreaterThan(4);
    expect(described).toEqual(expect.arrayContaining([...calls]));
  },
);

test('a service takes no route that does not say what it is and what it answers', async () => {
  const service = await createHttpService({
    ...{ service: 'teg', frame: 'A', registry: new Registry(), clock: systemClock },
    ...{ tokens: deriveTokens('openapi'), logger: createLogger('test', 'silent') },
  });
  const response = { 200: z.object({}) };
  const add = (schema: object) => () => service.get('/new', { schema }, async () => ({}));
  expect(add({ response })).toThrow('route GET /new has no summary');
  expect(add({ summary: 'new' })).toThrow('route GET /new describes no answer');
  expect(add({ summary: 'new', response })).not.toThrow();
  await service.close();
});
