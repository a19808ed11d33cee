// `npm run prove [-- campaign ...]`: the long campaigns. Many simulated runs of the pure core, many
// audits of the sandbox with and without leaks, many disrupted cycles on the whole stack, requests
// of every kind to its HTTP face, then the command as it is installed. The seed is printed, and
// PROVE_SEED runs the same order again.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { auditWithLeaks, auditWithoutLeaks } from '../test/activities/audit-campaigns.js';
import { openAuditWorld } from '../test/activities/audit-world.js';
import { randomFrom } from '../test/domain/supply-simulation/numbers.js';
import { DISRUPTIONS, PATIENT, PATIENT_SANDBOX, violationsOf } from '../test/e2e/disruptions.js';
import type { Reactor } from '../test/e2e/reactor.js';
import { fuzzApi } from './fuzz-api.js';
import { provePackage } from './package.js';
import { withReactor } from './with-reactor.js';
import { withService } from './with-service.js';

const SIMULATED_RUNS = process.env.PROVE_RUNS ?? '100000';
const AUDITS = Number(process.env.PROVE_SANDBOX_AUDITS ?? '1000');
const LEAKS = Number(process.env.PROVE_SANDBOX_LEAKS ?? '100');
const ROUNDS = Number(process.env.PROVE_ROUNDS ?? '40');
const EXAMPLES = Number(process.env.PROVE_EXAMPLES ?? '20');
const SEED = Number(process.env.PROVE_SEED ?? Math.floor(Math.random() * 2 ** 31));
/** How many verdicts are stored before the strike: anywhere in the cycle. */
const STRIKE_AFTER_MAX = 25;

/** In the order in which they run; the first that fails is the last. */
const CAMPAIGNS: Readonly<Record<string, () => Promise<boolean>>> = {
  simulate,
  audits: proveAudits,
  disrupt,
  api: () => fuzzApi({ examples: EXAMPLES, seed: SEED, say }),
  package: () => provePackage(say),
};

process.exitCode = await prove(process.argv.slice(2));

async function prove(names: readonly string[]): Promise<number> {
  const unknown = names.find((name) => CAMPAIGNS[name] === undefined);
  if (unknown !== undefined) {
    const known = Object.keys(CAMPAIGNS).join(', ');
    process.stderr.write(`unknown campaign ${unknown}; there are: ${known}\n`);
    return 2;
  }
  for (const [name, campaign] of Object.entries(CAMPAIGNS)) {
    if (names.length > 0 && !names.includes(name)) continue;
    if (!(await campaign())) return 1;
  }
  return 0;
}

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

/** Audits of real sandbox frames into PostgreSQL, under traffic: without leaks, then with them. */
async function proveAudits(): Promise<boolean> {
  say(`${AUDITS} audits under traffic without a leak, then ${LEAKS} leaks, seed ${SEED}`);
  const violations: string[] = [];
  await withService('postgres', 'prove', async (postgresUrl) => {
    const world = await openAuditWorld(postgresUrl);
    try {
      for (const campaign of [
        await auditWithoutLeaks(world, AUDITS, SEED, say),
        await auditWithLeaks(world, LEAKS, SEED, say),
      ]) {
        violations.push(...campaign.violations);
        say(`${campaign.audits} audits or leaks, ${campaign.unknown} of them unknown`);
      }
    } finally {
      await world.close();
    }
  });
  for (const violation of violations) say(`  VIOLATED ${violation}`);
  return violations.length === 0;
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

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
