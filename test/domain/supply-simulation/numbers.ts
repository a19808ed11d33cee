// Numbers of the simulation that a seed or a name repeats.

/** mulberry32: a small generator that a seed repeats. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A 64-bit hash of an account that needs no library: FNV-1a. */
export function weightOf(account: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const char of account) {
    hash = ((hash ^ BigInt(char.charCodeAt(0))) * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  return hash;
}
