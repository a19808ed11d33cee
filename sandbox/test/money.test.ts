// Amounts: what is accepted, what is refused, and that nothing is lost on the way.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { feeOf, formatAmount, parseAmount } from '../src/money.js';

describe('parseAmount', () => {
  const accepted: readonly (readonly [string, bigint])[] = [
    ['1', 1_000_000n],
    ['0.01', 10_000n],
    ['0.010000', 10_000n],
    ['0.000001', 1n],
    ['999999999999999999999.999999', 999_999_999_999_999_999_999_999_999n],
  ];
  test.each(accepted)('%s is %s base units', (text, baseUnits) => {
    expect(parseAmount(text)).toEqual({ ok: true, baseUnits });
  });

  const refused = [
    ['0', 'not greater than zero'],
    ['0.000000', 'not greater than zero'],
    ['', 'not a decimal'],
    ['-1', 'not a decimal'],
    ['+1', 'not a decimal'],
    ['01', 'not a decimal'],
    ['.5', 'not a decimal'],
    ['1.', 'not a decimal'],
    ['1.0000001', 'not a decimal'],
    ['1e3', 'not a decimal'],
    ['1,5', 'not a decimal'],
    [' 1', 'not a decimal'],
    ['1\n', 'not a decimal'],
    ['١', 'not a decimal'],
    ['1000000000000000000000', 'not a decimal'],
  ] as const;
  test.each(refused)('%j is refused: %s', (text, reason) => {
    const parsed = parseAmount(text);
    expect(parsed.ok).toBe(false);
    expect(parsed.ok ? '' : parsed.message).toContain(reason);
    expect(parsed.ok ? '' : parsed.message).toContain(JSON.stringify(text));
  });

  test('what formatAmount writes is read back unchanged', () => {
    const baseUnits = fc.bigInt({ min: 1n, max: 10n ** 27n - 1n });
    fc.assert(
      fc.property(baseUnits, (value) => {
        expect(parseAmount(formatAmount(value))).toEqual({ ok: true, baseUnits: value });
      }),
    );
  });
});

describe('formatAmount', () => {
  const cases = [
    [0n, '0.000000'],
    [1n, '0.000001'],
    [-1n, '-0.000001'],
    [-1_500_000n, '-1.500000'],
    [10_000n, '0.010000'],
    [10n ** 27n, '1000000000000000000000.000000'],
  ] as const;
  test.each(cases)('%s base units are %s', (baseUnits, text) => {
    expect(formatAmount(baseUnits)).toBe(text);
  });
});

describe('feeOf', () => {
  const cases = [
    { amount: 10_000n, basisPoints: 10, fee: 10n, why: 'exact' },
    { amount: 10_001n, basisPoints: 10, fee: 11n, why: 'rounded up' },
    { amount: 1n, basisPoints: 10, fee: 1n, why: 'never below one base unit' },
    { amount: 1n, basisPoints: 0, fee: 0n, why: 'no rate, no fee' },
    { amount: 10n ** 27n, basisPoints: 10_000, fee: 10n ** 27n, why: 'the whole' },
  ];
  test.each(cases)('$amount at $basisPoints: $fee ($why)', ({ amount, basisPoints, fee }) => {
    expect(feeOf(amount, basisPoints)).toBe(fee);
  });

  test('is the smallest whole number not below the exact fee', () => {
    const amounts = fc.bigInt({ min: 1n, max: 10n ** 27n });
    fc.assert(
      fc.property(amounts, fc.integer({ min: 0, max: 10_000 }), (amount, basisPoints) => {
        const fee = feeOf(amount, basisPoints);
        const exact = amount * BigInt(basisPoints);
        expect(fee * 10_000n >= exact).toBe(true);
        expect((fee - 1n) * 10_000n < exact).toBe(true);
      }),
    );
  });
});
