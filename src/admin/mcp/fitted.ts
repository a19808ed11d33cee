// A value made to fit into so many characters of JSON: its longest lists end earlier, so that it
// stays JSON of the same form.

export interface Cut {
  /** Where the list stands, such as `results` or `body.data.result`. */
  readonly list: string;
  readonly kept: number;
  readonly of: number;
}

export type Fitted =
  | { readonly kind: 'fits'; readonly value: unknown; readonly cuts: readonly Cut[] }
  /** No list is left that could end earlier. */
  | { readonly kind: 'too_long'; readonly characters: number };

interface Found {
  readonly place: readonly string[];
  readonly items: readonly unknown[];
  readonly characters: number;
}

/** Takes and answers what JSON has; halves the longest list until all of it fits. */
export function fitted(whole: unknown, charactersMax: number): Fitted {
  const lengths = new Map<string, number>();
  let value = whole;
  for (;;) {
    const { length } = JSON.stringify(value);
    if (length <= charactersMax) return { kind: 'fits', value, cuts: cutsOf(value, lengths) };
    const longest = longestList(value);
    if (longest === undefined) return { kind: 'too_long', characters: length };
    const list = longest.place.join('.');
    lengths.set(list, lengths.get(list) ?? longest.items.length);
    const kept = longest.items.slice(0, Math.floor(longest.items.length / 2));
    value = replaced(value, longest.place, kept);
  }
}

/** Of lists with more than one item, so that a list of one is shortened inside. */
function longestList(value: unknown): Found | undefined {
  return listsOf(value, [])
    .filter(({ items }) => items.length > 1)
    .sort((one, other) => other.characters - one.characters)[0];
}

function listsOf(value: unknown, place: readonly string[]): readonly Found[] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.entries(value).flatMap(([key, part]) => listsOf(part, [...place, key]));
  if (!Array.isArray(value)) return inside;
  return [{ place, items: value, characters: JSON.stringify(value).length }, ...inside];
}

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value)) {
    return value.map((part: unknown, index) =>
      String(index) === key ? replaced(part, rest, by) : part,
    );
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, part]) => [
    name,
    name === key ? replaced(part, rest, by) : part,
  ]);
  return Object.fromEntries(entries);
}

/** A list inside of one that ended earlier is not told of any more. */
function cutsOf(value: unknown, lengths: ReadonlyMap<string, number>): readonly Cut[] {
  const lists = listsOf(value, []);
  return [...lengths].flatMap(([list, of]) => {
    const left = lists.find(({ place }) => place.join('.') === list);
    return left === undefined ? [] : [{ list, kept: left.items.length, of }];
  });
}
