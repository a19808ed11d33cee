// Choosing by a given source of randomness.

/** Uniform in [0, 1). */
export type Random = () => number;

/** One of them, or undefined when there is none. */
export function pickOne<T>(random: Random, options: readonly T[]): T | undefined {
  return options[Math.floor(random() * options.length)];
}

/** Two different ones, or undefined when there are not two. */
export function pickTwo<T>(random: Random, options: readonly T[]): readonly [T, T] | undefined {
  const first = pickOne(random, options);
  if (first === undefined) return undefined;
  const second = pickOne(
    random,
    options.filter((option) => option !== first),
  );
  return second === undefined ? undefined : [first, second];
}

/** One of them, the heavier the more often; undefined when all weights are zero. */
export function pickWeighted<T extends { readonly weight: number }>(
  random: Random,
  options: readonly T[],
): T | undefined {
  const total = options.reduce((sum, option) => sum + option.weight, 0);
  let left = random() * total;
  return options.find((option) => {
    left -= option.weight;
    return left < 0;
  });
}
