// Quantiles of a small sample, by the nearest rank, so that every figure shown was really measured.

/** The nearest-rank quantile, `q` from 0 to 1; `undefined` for an empty sample. */
export function quantile(sample: readonly number[], q: number): number | undefined {
  const sorted = [...sample].sort((one, other) => one - other);
  const rank = Math.max(1, Math.ceil(q * sorted.length));
  return sorted[rank - 1];
}
