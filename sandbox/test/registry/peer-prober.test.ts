// Federation peers: who they are, and what a probe's answer makes of one.
import { describe, expect, test } from 'vitest';
import type { JsonAnswer } from '../../src/registry/json-call.js';
import { afterProbe, type Peer, peersOf } from '../../src/registry/peer-prober.js';
import { parseTopology } from '../../src/topology.js';

test('the peers are every other registry of all frames', () => {
  const peers = peersOf(parseTopology({}), 'A2');
  expect(peers.map(({ registry, frame, url, status }) => [registry, frame, url, status])).toEqual([
    ['A1', 'A', 'http://127.0.0.1:27102', 'unknown'],
    ['B1', 'B', 'http://127.0.0.1:27122', 'unknown'],
  ]);
});

describe('a probe', () => {
  const seen: Peer = {
    ...{ registry: 'B1', frame: 'B', url: 'http://peer', status: 'up' },
    ...{ lastSeenAtMs: 500, latencyMs: 3 },
  };
  const times = { sentMs: 1_000, answeredMs: 1_007 };
  const health = (status: number, body: unknown): JsonAnswer => ({ kind: 'answer', status, body });
  const cases: readonly (readonly [string, JsonAnswer, Partial<Peer>])[] = [
    [
      'answered by a registry',
      health(200, { service: 'registry' }),
      { status: 'up', lastSeenAtMs: 1_007, latencyMs: 7 },
    ],
    ['answered by something else', health(200, { service: 'teg' }), { status: 'down' }],
    ['answered without JSON', health(200, undefined), { status: 'down' }],
    ['refused', health(503, { service: 'registry' }), { status: 'down' }],
    [
      'not answered',
      { kind: 'no_answer', reason: 'timeout', message: '' },
      { status: 'down', lastSeenAtMs: 500, latencyMs: 3 },
    ],
  ];
  test.each(cases)('%s', (_name, answer, expected) => {
    expect(afterProbe(seen, answer, times)).toEqual({ ...seen, ...expected });
  });

  test('whose clock went back has no negative latency', () => {
    const answer = health(200, { service: 'registry' });
    expect(afterProbe(seen, answer, { sentMs: 9, answeredMs: 4 }).latencyMs).toBe(0);
  });
});
