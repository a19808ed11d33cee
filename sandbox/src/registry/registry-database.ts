// What the registry's queries need: the frame's shared database, and which registry is ours.
import type pg from 'pg';

/** Every query is limited to the rows of `registryId`. */
export interface RegistryDatabase {
  readonly pool: pg.Pool;
  readonly registryId: string;
}

/** One page of a list. */
export interface Page {
  readonly limit: number;
}

export const LIST_LIMIT = { default: 100, max: 1_000 } as const;
