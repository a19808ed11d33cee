// `npm run prove`: the long campaigns. Many simulated runs of the pure core, then many disrupted
// cycles on the whole stack; the seed is printed, and PROVE_SEED runs the same order again.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { DISRUPTIONS, PATIENT, PATIENT_SANDBOX, violationsOf } from '../test/e2e/disruptions.js';
import type { Reactor } from '../test/e2e/reactor.js';
import { withReactor } from './with-reactor.js';

const SIMULATED_RUNS = process.env.PROVE_RUNS ?? '100000';
const ROUNDS = Number(process.env.PROVE_ROUNDS ?? '40');
const SEED = Number(process.env.PROVE_SEED ?? Math.floor(Math.random() * 2 ** 31));
/** How many verdicts are stored before the strike: anywhere in the cycle. */
const STRIKE_AFTER_MAX = 25;

process.exitCode = (await simulate()) && (await disrupt()) ? 0 : 1;

/** The simulations of the suite, with many more runs; an audit for every ten runs of a test. */
async function simulate(): Promise<boolean> {
  say(`simulating ${SIMULATED_RUNS} runs of the pure core and audits of the supply, seed ${SEED}`);
  const environment = {
    ...process.env,
    PROVE_RUNS: SIMULATED_RUNS,
    PROVE_SEED: String(SEED),
  };
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'domain', 'simulation'];
  const child = spawn(process.execPath, args, { stdio: 'inherit', env: environment });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code === 0;
}

/** Disrupted cycles one after another; every test must pass and be fired exactly once. */
async function disrupt(): Promise<boolean> {
  say(`${ROUNDS} disrupted cycles on the whole stack, seed ${SEED}`);
  const registries = ['A1', 'A2', 'B1'];
  const options = { registries, sandbox: PATIENT_SANDBOX, product: PATIENT };
  const random = randomFrom(SEED);
  let violated = 0;
  await withReactor(options, async (reactor) => {
    for (let round = 1; round <= ROUNDS; round += 1) {
      const violations = await disruptOnce(reactor, round, random);
      violated += violations.length;
      for (const violation of violations) say(`  VIOLATED ${violation}`);
    }
  });
  say(`${ROUNDS * 30} tests, ${violated} violations`);
  return violated === 0;
}

async function disruptOnce(
  reactor: Reactor,
  round: number,
  random: () => number,
): Promise<readonly string[]> {
  const disruption = DISRUPTIONS[Math.floor(random() * DISRUPTIONS.length)];
  const after = 1 + Math.floor(random() * STRIKE_AFTER_MAX);
  if (disruption === undefined) throw new Error('the table of disruptions is empty');
  say(`${round}/${ROUNDS}: ${disruption.name} after ${after} verdicts`);
  const cycleId = await reactor.begin();
  await reactor.settled(cycleId, after);
  await disruption.strike(reactor);
  return violationsOf(reactor, cycleId);
}

/** mulberry32: a small generator that a seed repeats. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
