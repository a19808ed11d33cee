// Finite spaces, walked whole: subsets, permutations, and every choice of a place for each item.

/** All subsets, each in the order of the items; the empty one first. */
export function subsetsOf<T>(items: readonly T[]): readonly (readonly T[])[] {
  const [first, ...rest] = items;
  if (first === undefined) return [[]];
  return subsetsOf(rest).flatMap((subset) => [subset, [first, ...subset]]);
}

/** All orders of the items. */
export function permutationsOf<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) =>
    permutationsOf([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [
      item,
      ...rest,
    ]),
  );
}

/** Every way to give each item one of the places. */
export function* assignments<Item extends string, Place>(
  items: readonly Item[],
  places: readonly Place[],
): Generator<Readonly<Record<Item, Place>>> {
  for (let number = 0; number < places.length ** items.length; number += 1) {
    const chosen = items.map((item, index) => {
      const digit = Math.floor(number / places.length ** index) % places.length;
      return [item, places[digit]] as const;
    });
    yield Object.fromEntries(chosen) as Record<Item, Place>;
  }
}
