// What is killed or away in the middle of a cycle: nothing is lost, nothing is fired twice.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DISRUPTIONS, PATIENT, PATIENT_SANDBOX, violationsOf } from './disruptions.js';
import { type Reactor, startReactor } from './reactor.js';

let reactor: Reactor;

beforeAll(async () => {
  const registries = ['A1', 'A2', 'B1'];
  reactor = await startReactor({ registries, sandbox: PATIENT_SANDBOX, product: PATIENT });
});
afterAll(() => reactor.stop());

describe('in the middle of a cycle', () => {
  for (const { name, strike } of DISRUPTIONS) {
    test(name, async () => {
      const cycleId = await reactor.begin();
      await reactor.settled(cycleId, 3);
      await strike(reactor);
      expect(await violationsOf(reactor, cycleId)).toEqual([]);
    });
  }
});
