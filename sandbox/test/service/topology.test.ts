// The configuration: `{}` is the reference set-up, a bad value names file, place and value.
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { deriveTokens, tokenDigest } from '../../src/service/tokens.js';
import {
  canaryAgentIds,
  databaseName,
  eventStoreUrl,
  frameOfAgent,
  loadTopology,
  parseTopology,
  registryOfAgent,
  registryUrl,
  tegUrl,
  topicName,
  trafficUrl,
  userAgentIds,
} from '../../src/topology.js';

const reference = parseTopology({});

describe('the reference set-up', () => {
  test('has two frames, three registries, and an address for each service', () => {
    const services = {
      'teg:A': tegUrl(reference, 'A'),
      'event-store:A': eventStoreUrl(reference, 'A'),
      'registry:A1': registryUrl(reference, 'A1'),
      'registry:A2': registryUrl(reference, 'A2'),
      'teg:B': tegUrl(reference, 'B'),
      'event-store:B': eventStoreUrl(reference, 'B'),
      'registry:B1': registryUrl(reference, 'B1'),
      traffic: trafficUrl(reference),
    };
    expect(Object.values(services).map((url) => url.replace('http://127.0.0.1:', ''))).toEqual([
      '27100',
      '27101',
      '27102',
      '27103',
      '27120',
      '27121',
      '27122',
      '27190',
    ]);
  });

  test('names agents, databases and topics', () => {
    expect(canaryAgentIds(reference, 'A1')).toEqual(['A1:canary-1', 'A1:canary-2']);
    expect(userAgentIds(reference, 'B1')[0]).toBe('B1:user-01');
    expect(databaseName('A', 'event_store')).toBe('frame_a_event_store');
    expect(topicName('B')).toBe('frame-b.events');
  });

  test.each([
    ['A2:canary-1', 'A2', 'A'],
    ['B1:user-07', 'B1', 'B'],
    ['C1:canary-1', undefined, undefined],
    ['A1', undefined, undefined],
    ['A1:', undefined, undefined],
    ['A1:x:y', undefined, undefined],
  ])('%s belongs to registry %s of frame %s', (agent, registry, frame) => {
    expect(registryOfAgent(reference, agent)).toBe(registry);
    expect(frameOfAgent(reference, agent)?.id).toBe(frame);
  });
});

describe('a bad value is refused, naming place and value', () => {
  test.each([
    [{ portBase: 'high' }, /portBase.*"high"/],
    [{ pipe: 'pigeon' }, /pipe.*"pigeon"/],
    [{ surprise: 1 }, /surprise/],
    [{ initialFloat: '1e3' }, /initialFloat.*"1e3"/],
    [{ traffic: { transfersPerSecond: -1 } }, /traffic\.transfersPerSecond.*-1/],
    [{ frames: [{ id: 'A', registries: ['A1', 'A1'] }] }, /"A1" occurs twice/],
    [
      { frames: Array.from({ length: 6 }, (_, i) => frame(`F${i}`, 12)) },
      /"port \d+" occurs twice/,
    ],
  ])('%j', (value, message) => {
    expect(() => parseTopology(value)).toThrow(message);
  });

  test('and the file, when it came from one', () => {
    const file = join(tmpdir(), `topology-${process.pid}.yaml`);
    writeFileSync(file, 'canaryAgents: none\n');
    expect(() => loadTopology({ SANDBOX_CONFIG: file })).toThrow(
      new RegExp(`${file}: canaryAgents: .*"none"`),
    );
    writeFileSync(file, 'canaryAgents: 3\n');
    expect(loadTopology({ SANDBOX_CONFIG: file })).toEqual({ ...reference, canaryAgents: 3 });
    expect(loadTopology({})).toEqual(reference);
  });
});

test('tokens differ by role, agent and seed, and only by these', () => {
  const { agent, ...roles } = deriveTokens('seed');
  const tokens = [...Object.values(roles), agent('A1:canary-1'), agent('A1:canary-2')];
  tokens.push(deriveTokens('other').admin);
  expect(new Set(tokens).size).toBe(7);
  expect(deriveTokens('seed').agent('A1:canary-1')).toBe(agent('A1:canary-1'));
  expect(tokenDigest('abc')).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
});

function frame(id: string, registries: number) {
  return { id, registries: Array.from({ length: registries }, (_, index) => `${id}R${index}`) };
}
