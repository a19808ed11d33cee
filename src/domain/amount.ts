// Money is exact: base units as bigint in code, decimal strings at every border, never a float.

/** AVT has six decimal places; one base unit is 0.000001 AVT (platform contract, Common). */
export const AVT_DECIMALS = 6;

const BASE_UNITS_PER_AVT = 10n ** BigInt(AVT_DECIMALS);
const BASIS_POINTS_PER_WHOLE = 10_000n;
const AMOUNT_PATTERN = /^(0|[1-9]\d{0,20})(?:\.(\d{1,6}))?$/;

/** A count of base units, as a decimal integer string: the form that crosses Temporal payloads. */
export type BaseUnits = string;

/** Reads an AVT decimal string into base units; `undefined` when the text is not an amount. */
export function parseAmount(text: string): bigint | undefined {
  const match = AMOUNT_PATTERN.exec(text);
  if (match === null) return undefined;
  const whole = BigInt(match[1] ?? '0');
  const fraction = BigInt((match[2] ?? '').padEnd(AVT_DECIMALS, '0'));
  return whole * BASE_UNITS_PER_AVT + fraction;
}

/** Writes base units as AVT with exactly six places, sign first. */
export function formatAmount(baseUnits: bigint): string {
  const magnitude = baseUnits < 0n ? -baseUnits : baseUnits;
  const fraction = (magnitude % BASE_UNITS_PER_AVT).toString().padStart(AVT_DECIMALS, '0');
  return `${baseUnits < 0n ? '-' : ''}${magnitude / BASE_UNITS_PER_AVT}.${fraction}`;
}

/** The fee of a transfer in base units, rounded up (platform contract, Fee rule). */
export function feeOf(amountBaseUnits: bigint, basisPoints: number): bigint {
  const product = amountBaseUnits * BigInt(basisPoints);
  return (product + BASIS_POINTS_PER_WHOLE - 1n) / BASIS_POINTS_PER_WHOLE;
}
