// A source of business metrics whose answer others need, too: totals over all frames, say.
import type { Clock } from '../ports.js';
import type { Family } from './family.js';
import { createSource, type Reading } from './source.js';

/** How long an answer is shown again: the platform is asked this seldom, however often scraped. */
export const PROTOCOL_KEEP_MS = 15_000;

export interface ValueSourceOptions<T> {
  readonly name: string;
  readonly clock: Clock;
  readonly keepMs?: number;
  readonly load: () => Promise<T>;
  readonly families?: (value: T) => readonly Family[];
}

export interface ValueReading<T> {
  readonly reading: Reading;
  /** `undefined` while the source is away: an old answer is never shown as fresh. */
  readonly value: T | undefined;
}

export interface ValueSource<T> {
  read(): Promise<ValueReading<T>>;
}

export function createValueSource<T>(options: ValueSourceOptions<T>): ValueSource<T> {
  const { clock, families = () => [], keepMs = PROTOCOL_KEEP_MS, load, name } = options;
  let held: T | undefined;
  const source = createSource({
    ...{ name, clock, keepMs },
    async load() {
      held = await load();
      return { families: families(held) };
    },
  });
  return {
    async read() {
      const reading = await source.read();
      const isUp = reading.states.every(({ up }) => up);
      return { reading, value: isUp ? held : undefined };
    },
  };
}

export function joinReadings(readings: readonly Reading[], more: readonly Family[] = []): Reading {
  return {
    families: [...readings.flatMap(({ families }) => families), ...more],
    states: readings.flatMap(({ states }) => states),
  };
}
