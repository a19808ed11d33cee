// Several clients of one result store at once: every fact is stored once and counted once.
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Correction } from '../../src/domain/correction.js';
import type { Finding } from '../../src/domain/finding.js';
import type { Closing, Result } from '../../src/domain/result.js';
import {
  type Tally,
  talliesOfClosing,
  talliesOfFinding,
  talliesOfResult,
  tallyOfCorrection,
} from '../../src/domain/tally.js';
import type { ResultStore, WholeResult } from '../../src/ports.js';
import { anyClosing, anyFinding, anyResult } from '../support/result-samples.js';
import { newResult } from './result-store.contract.js';
import { addedBetween } from './tally-difference.js';

const TESTS = 3;

type Call =
  | { readonly kind: 'record'; readonly result: Result }
  | { readonly kind: 'append'; readonly finding: Finding; readonly correction: Correction }
  | { readonly kind: 'close'; readonly closing: Closing };

interface Step {
  readonly testNumber: number;
  readonly client: number;
  readonly call: Call;
}

/** Runs the suite; `stores` answers two or more clients of one store. */
export function resultStoreRaces(name: string, stores: () => readonly ResultStore[]): void {
  describe(`result store under several clients: ${name}`, () => {
    test('counters equal the rows after any calls in any order, repeated and at once', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyStep(), { minLength: 1, maxLength: 40 }), async (steps) => {
          const [first, ...others] = stores();
          if (first === undefined) throw new Error('no client');
          const testIds = Array.from({ length: TESTS }, () => randomUUID());
          const before = await first.tallies();
          await Promise.all(
            steps.map((step) => play([first, ...others], testIds[step.testNumber] ?? '', step)),
          );
          const expected = await talliesOfRows(first, testIds);
          expect(addedBetween(before, await first.tallies())).toEqual(addedBetween([], expected));
        }),
        { numRuns: 60 },
      );
    });

    test('many verdicts that move the same counters at once neither block nor fail', async () => {
      const clients = stores();
      const results = Array.from({ length: 100 }, () => newResult());
      const [first] = clients;
      const before = (await first?.tallies()) ?? [];
      await Promise.all(
        results.flatMap((result, index) => {
          const tallies = talliesOfResult(result);
          const turned = index % 2 === 0 ? tallies : [...tallies].reverse();
          return clients.map((store) => store.record(result, turned));
        }),
      );
      expect(addedBetween(before, (await first?.tallies()) ?? [])).toEqual(
        addedBetween([], results.flatMap(talliesOfResult)),
      );
    });
  });
}

function anyStep(): fc.Arbitrary<Step> {
  const call = fc.oneof(
    fc.record({ kind: fc.constant('record'), result: anyResult('') } as const),
    fc.record({
      kind: fc.constant('append'),
      finding: anyFinding(''),
      correction: fc.record({
        kind: fc.constantFrom('refund', 'completion'),
        testId: fc.constant(''),
        evidence: fc.constant('later'),
      } as const),
    } as const),
    fc.record({ kind: fc.constant('close'), closing: anyClosing('') } as const),
  );
  return fc.record({ testNumber: fc.nat({ max: TESTS - 1 }), client: fc.nat({ max: 3 }), call });
}

async function play(stores: readonly ResultStore[], testId: string, step: Step): Promise<void> {
  const store = stores[step.client % stores.length];
  if (store === undefined) return;
  const { call } = step;
  if (call.kind === 'record') {
    const result = { ...call.result, testId };
    await store.record(result, talliesOfResult(result));
  } else if (call.kind === 'append') {
    await store.append(testId, {
      findings: [{ ...call.finding, testId }],
      corrections: [{ ...call.correction, testId }],
    });
  } else {
    const result = await store.result(testId);
    if (result === undefined) return;
    const findings = call.closing.findings.map((finding) => ({ ...finding, testId }));
    const closing = { ...call.closing, findings };
    await store.close(testId, closing, talliesOfClosing(result, closing));
  }
}

/** The counters as the rows demand them. */
async function talliesOfRows(store: ResultStore, testIds: readonly string[]): Promise<Tally[]> {
  const ofTests = testIds.map(async (testId) => {
    const result = await store.result(testId);
    return [
      ...(result === undefined ? [] : talliesOfResult(result)),
      ...(result?.closedAtMs === undefined ? [] : talliesOfClosing(result, closingOf(result))),
      ...(await store.findings(testId)).flatMap(talliesOfFinding),
      ...(await store.corrections(testId)).map(tallyOfCorrection),
    ];
  });
  return (await Promise.all(ofTests)).flat();
}

function closingOf(result: WholeResult): Closing {
  return { ...result, findings: [], closedAtMs: result.closedAtMs ?? 0 };
}
