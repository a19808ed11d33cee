// Traffic with and without canaries, and whether the difference is our own to the last unit.
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { feeOf } from '../../src/domain/amount.js';
import { BACKENDS } from '../../src/domain/backend.js';
import {
  type OwnTransfer,
  type RecentLog,
  type RecentTransfer,
  trafficSums,
  unexplainedOf,
} from '../../src/domain/recent-traffic.js';

const FEE_BASIS_POINTS = 10;

function transfer(transferId: string, memo: string, amountBaseUnits = 1_000n): RecentTransfer {
  const feeBaseUnits = feeOf(amountBaseUnits, FEE_BASIS_POINTS);
  return { transferId, backend: 'intra', memo, amountBaseUnits, feeBaseUnits };
}

function logOf(transfers: readonly RecentTransfer[]): RecentLog {
  return { transfers, stakedBaseUnits: 0n, unstakedBaseUnits: 0n, sinceMs: 0, untilMs: 0 };
}

describe('what is not our own', () => {
  const ours = (transferId: string, amountBaseUnits = 1_000n): OwnTransfer => ({
    ...{ transferId, amountBaseUnits },
  });
  const canary = transfer('t1', 'canary-x');
  const user = transfer('t2', 'rent');
  test.each([
    ['nothing at all', [], [], [0, 0n, 0n]],
    ['our canary, a user', [canary, user], [ours('t1')], [0, 0n, 0n]],
    ['a wrapped memo', [transfer('t1', 'cross_registry:canary-x')], [ours('t1')], [0, 0n, 0n]],
    ['a canary that is not ours', [canary, user], [], [1, 1_000n, 1n]],
    ['ours, and called a user’s', [user], [ours('t2')], [-1, -1_000n, -1n]],
    ['another amount than ours', [canary], [ours('t1', 900n)], [0, 100n, 0n]],
    ['a fee that never came', [{ ...canary, feeBaseUnits: undefined }], [ours('t1')], [0, 0n, -1n]],
    ['ours, older than the span', [user], [ours('t0')], [0, 0n, 0n]],
  ] as const)('%s', (_what, transfers, own, [count, volume, fees]) => {
    expect(unexplainedOf(logOf(transfers), own, FEE_BASIS_POINTS)).toEqual({
      transfers: count,
      volumeBaseUnits: volume,
      feesBaseUnits: fees,
    });
  });
});

const anyTransfer = fc
  .record({
    isCanary: fc.boolean(),
    backend: fc.constantFrom(...BACKENDS),
    amountBaseUnits: fc.bigInt({ min: 1n, max: 10n ** 24n }),
  })
  .map(({ isCanary, ...rest }) => ({ ...rest, memo: isCanary ? 'canary-x' : 'rent' }));

property.prop([fc.array(anyTransfer)])(
  'all less users is exactly the canaries, whatever the amounts',
  (drawn) => {
    const transfers = drawn.map((one, index) => ({
      ...{ ...one, transferId: `t${index}` },
      feeBaseUnits: feeOf(one.amountBaseUnits, FEE_BASIS_POINTS),
    }));
    const log = logOf(transfers);
    const own = transfers.filter(({ memo }) => memo !== 'rent');
    const nothing = { transfers: 0, volumeBaseUnits: 0n, feesBaseUnits: 0n };
    expect(unexplainedOf(log, own, FEE_BASIS_POINTS)).toEqual(nothing);
    const total = transfers.reduce((sum, one) => sum + one.amountBaseUnits, 0n);
    const shown = trafficSums(log).reduce((sum, one) => sum + one.volumeBaseUnits, 0n);
    expect(shown).toBe(total);
  },
);
