// What is killed or away in the middle of a cycle: nothing is lost, nothing is fired twice. The
// worker is killed every time; of the other parts a run takes a share, by a seed that is printed,
// and OUTAGES=6 takes them all.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { randomFrom } from '../domain/supply-simulation/numbers.js';
import { DISRUPTIONS, PATIENT, PATIENT_SANDBOX, violationsOf } from './disruptions.js';
import { type Reactor, startReactor } from './reactor.js';

const SEED = Number(process.env.PROVE_SEED ?? Date.now() % 2 ** 31);
const OUTAGES = Number(process.env.OUTAGES ?? '2');

let reactor: Reactor;

beforeAll(async () => {
  const registries = ['A1', 'A2', 'B1'];
  reactor = await startReactor({ registries, sandbox: PATIENT_SANDBOX, product: PATIENT });
});
afterAll(() => reactor.stop());

function chosen() {
  const random = randomFrom(SEED);
  const [killed, ...outages] = DISRUPTIONS;
  const drawn = outages.map((one) => ({ one, lot: random() }));
  const order = drawn.toSorted((one, other) => one.lot - other.lot).map(({ one }) => one);
  return killed === undefined ? [] : [killed, ...order.slice(0, OUTAGES)];
}

describe(`in the middle of a cycle (PROVE_SEED=${SEED})`, () => {
  for (const { name, strike } of chosen()) {
    test(name, async () => {
      const cycleId = await reactor.begin();
      await reactor.settled(cycleId, 3);
      await strike(reactor);
      expect(await violationsOf(reactor, cycleId)).toEqual([]);
    });
  }
});
