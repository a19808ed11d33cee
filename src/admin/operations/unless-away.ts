// Readings that leave out what is away, so that the rest can still be told.
import { StoreUnavailableError } from '../../adapters/store-unavailable-error.js';

export type Known<T> =
  | { readonly value: T; readonly problem: undefined }
  | { readonly value: undefined; readonly problem: StoreUnavailableError };

/** A store that is away hides its own part alone: the rest is worth the more then. */
export async function unlessAway<T>(reading: Promise<T>): Promise<Known<T>> {
  try {
    return { value: await reading, problem: undefined };
  } catch (error) {
    if (error instanceof StoreUnavailableError) return { value: undefined, problem: error };
    throw error;
  }
}
