// Amounts of AVT: decimal text on the wire, a bigint of base units (0.000001 AVT) in code.
// Never a floating-point number.

export type ParsedAmount =
  | { readonly ok: true; readonly baseUnits: bigint }
  | { readonly ok: false; readonly message: string };

/** Decimal places of AVT: one base unit is 10^-6 AVT. */
export const AMOUNT_PLACES = 6;

/** What a request may carry as an amount (platform contract, "Amounts"). */
export const AMOUNT_PATTERN = /^(0|[1-9]\d{0,20})(\.\d{1,6})?$/;

const BASE_UNITS_PER_TOKEN = 10n ** BigInt(AMOUNT_PLACES);
const BASIS_POINTS_PER_WHOLE = 10_000n;

/** Reads an amount of a request: up to six places, greater than zero. */
export function parseAmount(text: string): ParsedAmount {
  if (!AMOUNT_PATTERN.test(text)) {
    return { ok: false, message: `amount ${JSON.stringify(text)} is not a decimal of AVT` };
  }
  const [whole = '', fraction = ''] = text.split('.');
  const baseUnits = BigInt(whole + fraction.padEnd(AMOUNT_PLACES, '0'));
  if (baseUnits === 0n) {
    return { ok: false, message: `amount ${JSON.stringify(text)} is not greater than zero` };
  }
  return { ok: true, baseUnits };
}

/** Writes base units as AVT with exactly six places; a balance of the ledger may be negative. */
export function formatAmount(baseUnits: bigint): string {
  const sign = baseUnits < 0n ? '-' : '';
  const digits = (baseUnits < 0n ? -baseUnits : baseUnits)
    .toString()
    .padStart(AMOUNT_PLACES + 1, '0');
  return `${sign}${digits.slice(0, -AMOUNT_PLACES)}.${digits.slice(-AMOUNT_PLACES)}`;
}

/** The fee of an amount, in base units, rounded up (platform contract, "Fee rule"). */
export function feeOf(amount: bigint, basisPoints: number): bigint {
  const rate = BigInt(basisPoints);
  return (amount * rate + BASIS_POINTS_PER_WHOLE - 1n) / BASIS_POINTS_PER_WHOLE;
}

/** Base units as a number of AVT, for metrics only: exact up to 2^53 base units. */
export function amountForMetric(baseUnits: bigint): number {
  return Number(baseUnits) / Number(BASE_UNITS_PER_TOKEN);
}
