// Money is exact: parsing, printing, and the fee rounded up to the base unit.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { feeOf, formatAmount, parseAmount } from '../../src/domain/amount.js';

const LARGEST = 999_999_999_999_999_999_999_999_999n;
const anyAmount = fc.bigInt({ min: 0n, max: LARGEST });

function check(text: string, baseUnits: bigint | undefined) {
  expect(parseAmount(text)).toBe(baseUnits);
}

describe('an amount is read', () => {
  test.each([
    ['0', 0n],
    ['0.000001', 1n],
    ['0.01', 10_000n],
    ['0.010000', 10_000n],
    ['1', 1_000_000n],
    ['12.5', 12_500_000n],
    ['9007199254.740993', 9_007_199_254_740_993n],
    ['999999999999999999999.999999', LARGEST],
  ] as const)('%s: %s', (text, baseUnits) => check(text, baseUnits));
});

describe('no amount', () => {
  test.each([
    '',
    '.5',
    '5.',
    '00',
    '01.0',
    '-1',
    '+1',
    '1e3',
    '1,0',
    '0.0000001',
    '1000000000000000000000',
    ' 1',
    '1 ',
    '1\n',
    '0x10',
    'NaN',
    '１',
    '1_000',
  ])('%j', (text) => check(text, undefined));
});

describe('an amount is written with six places', () => {
  test.each([
    [0n, '0.000000'],
    [1n, '0.000001'],
    [10_000n, '0.010000'],
    [1_000_000n, '1.000000'],
    [-1n, '-0.000001'],
    [-1_500_000n, '-1.500000'],
    [LARGEST, '999999999999999999999.999999'],
  ] as const)('%s: %s', (baseUnits, text) => expect(formatAmount(baseUnits)).toBe(text));

  test('what is written is read back', () => {
    fc.assert(
      fc.property(anyAmount, (amount) => {
        const text = formatAmount(amount);
        expect(text).toMatch(/^\d{1,21}\.\d{6}$/);
        check(text, amount);
      }),
    );
  });

  test('what is read is written back, but for trailing zeros', () => {
    const text = fc
      .tuple(fc.bigInt({ min: 0n, max: 10n ** 21n - 1n }), fc.stringMatching(/^\d{1,6}$/))
      .map(([whole, fraction]) => `${whole}.${fraction}`);
    fc.assert(
      fc.property(text, (amount) => {
        expect(formatAmount(parseAmount(amount) ?? -1n)).toBe(
          amount.padEnd(amount.indexOf('.') + 7, '0'),
        );
      }),
    );
  });
});

describe('the fee, rounded up to the base unit', () => {
  test.each([
    [10_000n, 10, 10n],
    [10_001n, 10, 11n],
    [1n, 10, 1n],
    [999n, 10, 1n],
    [1_000n, 10, 1n],
    [1_001n, 10, 2n],
    [10_000n, 0, 0n],
    [0n, 10, 0n],
    [1n, 10_000, 1n],
  ] as const)('of %s at %s basis points: %s', (amount, basisPoints, fee) => {
    expect(feeOf(amount, basisPoints)).toBe(fee);
  });

  test('it is the smallest whole fee that is not below the rate', () => {
    fc.assert(
      fc.property(anyAmount, fc.integer({ min: 0, max: 10_000 }), (amount, basisPoints) => {
        const exactTimesTenThousand = amount * BigInt(basisPoints);
        const shortfall = exactTimesTenThousand - feeOf(amount, basisPoints) * 10_000n;
        expect(shortfall <= 0n).toBe(true);
        expect(shortfall > -10_000n).toBe(true);
      }),
    );
  });
});
