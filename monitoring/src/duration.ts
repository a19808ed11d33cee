// Durations as Prometheus and Alertmanager read them.

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const;

/** In the largest unit that is whole; parts of a second in milliseconds. Throws below zero. */
export function duration(seconds: number): string {
  if (!(seconds >= 0)) throw new RangeError(`${seconds} s is no duration`);
  if (!Number.isInteger(seconds)) return `${Math.max(1, Math.round(seconds * 1_000))}ms`;
  const [unit, size] = UNITS.find(([, one]) => seconds > 0 && seconds % one === 0) ?? ['s', 1];
  return `${seconds / size}${unit}`;
}
