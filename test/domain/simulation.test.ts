// The pure core end to end, in seeded simulation: random frames, paths, delays, losses of the
// platform and of our own pipe, duplicates, distortions, refunds, crashes. PROVE_RUNS is the number
// of runs, PROVE_SEED repeats one; fast-check shrinks what it finds to the smallest such scenario.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FAILURE_SIGNALS, OUTCOMES } from '../../src/domain/verdict.js';
import { LAWS } from './simulation/laws.js';
import { play, type Story } from './simulation/reactor.js';
import { anyScenario } from './simulation/scenario.js';
import { worldOf } from './simulation/world.js';

const RUNS = Number(process.env.PROVE_RUNS ?? 3_000);
const SEED = Number(process.env.PROVE_SEED ?? Date.now() % 2 ** 31);

/** Everything that the laws have against a story. */
function check(story: Story): readonly string[] {
  return Object.entries(LAWS).flatMap(([name, law]) => {
    const wrong = law(story);
    return wrong === undefined ? [] : [`${name}: ${wrong}`];
  });
}

/** The words under which a story is counted, to show that the runs reach everything. */
function wordsOf({ result, closing, corrections, findings }: Story): readonly string[] {
  return [
    result.failureSignal ?? result.outcome,
    ...(result.late ? ['late'] : []),
    ...(closing.degraded ? ['degraded'] : []),
    ...(closing.unaskedFrames.length > 0 ? ['unknown'] : []),
    ...(closing.unobserved.length > 0 ? ['unobserved'] : []),
    ...corrections.map(({ kind }) => `correction: ${kind}`),
    ...findings.map(({ kind }) => `finding: ${kind}`),
  ];
}

describe(`simulation of the core, seed ${SEED}, ${RUNS} runs`, () => {
  test('every story obeys every law', { timeout: 60_000 + RUNS * 20 }, () => {
    const met = new Map<string, number>();
    const obeys = fc.property(anyScenario, (scenario) => {
      const story = play(worldOf(scenario));
      for (const word of new Set(wordsOf(story))) met.set(word, (met.get(word) ?? 0) + 1);
      expect(check(story)).toEqual([]);
    });
    process.stdout.write(`simulation of the core: PROVE_SEED=${SEED} PROVE_RUNS=${RUNS}\n`);
    fc.assert(obeys, { seed: SEED, numRuns: RUNS });
    const outcomes = [...OUTCOMES.filter((one) => one !== 'failed'), ...FAILURE_SIGNALS];
    const rare = [...outcomes, 'late', 'degraded', 'unknown', 'unobserved'];
    const corrections = ['correction: refund', 'correction: completion'];
    const unmet = [...rare, ...corrections].filter((word) => !met.has(word));
    expect(RUNS < 1_000 ? [] : unmet, 'what no run ever met').toEqual([]);
  });
});
