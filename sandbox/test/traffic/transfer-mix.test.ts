// The mix of transfers: what each topology allows, who pays, and what a memo never is.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatAmount, parseAmount } from '../../src/money.js';
import {
  BACKEND_WEIGHTS,
  GREATEST_AMOUNT,
  planTransfer,
  type UserGroup,
} from '../../src/traffic/transfer-mix.js';

const group = (registryId: string, count: number): UserGroup => ({
  registryId,
  agents: Array.from({ length: count }, (_, index) => `${registryId}:user-0${index + 1}`),
});

const REFERENCE = [group('A1', 6), group('A2', 6), group('B1', 6)];

/** Random numbers that fast-check may shrink. */
const randomness = fc
  .array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), {
    minLength: 8,
    maxLength: 8,
  })
  .map((numbers) => {
    let turn = 0;
    return () => {
      turn += 1;
      return numbers[turn % numbers.length] ?? 0;
    };
  });

describe('the backends that a topology has room for', () => {
  const cases: readonly (readonly [string, readonly UserGroup[], readonly string[]])[] = [
    ['three registries of six', REFERENCE, ['intra', 'async', '2pc']],
    ['one registry', [group('A1', 2)], ['intra']],
    ['two registries of one', [group('A1', 1), group('B1', 1)], ['async', '2pc']],
    ['one agent', [group('A1', 1)], []],
    ['no agents', [group('A1', 0), group('B1', 0)], []],
    ['two, one of them empty', [group('A1', 3), group('B1', 0)], ['intra']],
  ];
  test.each(cases)('%s', (_name, groups, expected) => {
    const seen = new Set<string | undefined>();
    for (let step = 0; step < 400; step += 1) {
      seen.add(planTransfer(Math.random, groups, () => 1n)?.backend);
    }
    expect(seen).toEqual(new Set(expected.length === 0 ? [undefined] : expected));
  });
});

describe('every transfer', () => {
  test('fits its backend, is small, and has a memo that no canary has', () => {
    fc.assert(
      fc.property(randomness, (random) => {
        const transfer = planTransfer(random, REFERENCE, () => 1n);
        if (transfer === undefined) throw new Error('the reference has room for every backend');
        const { sender, receiver, amount, memo, backend } = transfer;
        expect(sender).not.toBe(receiver);
        expect(sender.split(':')[0] === receiver.split(':')[0]).toBe(backend === 'intra');
        expect(amount <= BigInt(GREATEST_AMOUNT)).toBe(true);
        expect(parseAmount(formatAmount(amount))).toEqual({ ok: true, baseUnits: amount });
        expect(memo).not.toMatch(/^(cross_registry:)?canary-/);
      }),
      { numRuns: 1_000 },
    );
  });

  test('is paid by the richer of the two', () => {
    const balances = new Map(
      REFERENCE.flatMap(({ agents }) => agents).map((agent, index) => [agent, BigInt(index % 5)]),
    );
    const balanceOf = (agent: string) => balances.get(agent) ?? 0n;
    fc.assert(
      fc.property(randomness, (random) => {
        const transfer = planTransfer(random, REFERENCE, balanceOf);
        if (transfer === undefined) throw new Error('the reference has room for every backend');
        expect(balanceOf(transfer.sender) >= balanceOf(transfer.receiver)).toBe(true);
      }),
    );
  });
});

test('over many transfers the backends are as frequent as their weights', () => {
  const runs = 20_000;
  const counts = { intra: 0, async: 0, '2pc': 0 };
  const random = seededRandom(7);
  for (let run = 0; run < runs; run += 1) {
    const transfer = planTransfer(random, REFERENCE, () => 1n);
    if (transfer !== undefined) counts[transfer.backend] += 1;
  }
  const total = Object.values(BACKEND_WEIGHTS).reduce((sum, weight) => sum + weight, 0);
  for (const backend of ['intra', 'async', '2pc'] as const) {
    const share = counts[backend] / runs;
    expect(Math.abs(share - BACKEND_WEIGHTS[backend] / total)).toBeLessThan(0.02);
  }
});

test('with payments only between each other, nobody runs dry', () => {
  const random = seededRandom(11);
  const balances = new Map(
    REFERENCE.flatMap(({ agents }) => agents).map((agent) => [agent, 2_000_000n]),
  );
  const balanceOf = (agent: string) => balances.get(agent) ?? 0n;
  for (let run = 0; run < 20_000; run += 1) {
    const transfer = planTransfer(random, REFERENCE, balanceOf);
    if (transfer === undefined) continue;
    balances.set(transfer.sender, balanceOf(transfer.sender) - transfer.amount);
    balances.set(transfer.receiver, balanceOf(transfer.receiver) + transfer.amount);
    expect(balanceOf(transfer.sender) >= 0n).toBe(true);
  }
});

/** A small linear congruential generator, so that every run of a case is the same. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}
