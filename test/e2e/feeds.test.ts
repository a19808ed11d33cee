// Two ways to hear, and what others put into them: frame A counts by Kafka and has its EventStore
// as evidence, frame B the other way round.
import { afterAll, beforeAll, describe } from 'vitest';
import { badInputCases } from './bad-input-cases.js';
import { kafkaFeedCases } from './kafka-feed-cases.js';
import { type Reactor, startReactor } from './reactor.js';

let reactor: Reactor;

beforeAll(async () => {
  reactor = await startReactor({
    registries: ['A1', 'A2', 'B1'],
    frames: {
      A: { feed: 'kafka', evidence: 'event-store' },
      B: { feed: 'event-store', evidence: 'kafka' },
    },
    product: { validators: { evidenceGrace: '3s' } },
  });
});
afterAll(() => reactor.stop());

describe('what others put in', () => badInputCases(() => reactor));

describe('two ways to hear', () => kafkaFeedCases(() => reactor));
