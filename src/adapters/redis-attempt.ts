// A command to Redis with whatever goes wrong with it named; ioredis bounds it in time.
import { StoreUnavailableError } from './store-unavailable-error.js';

/** Runs one command, never retried here; throws `StoreUnavailableError` when it fails. */
export async function attempted<T>(operation: string, command: () => Promise<T>): Promise<T> {
  try {
    return await command();
  } catch (cause) {
    throw new StoreUnavailableError('redis', operation, cause);
  }
}
