// What asks a dependency that is away.
import { PlatformUnavailableError } from '../../src/adapters/platform-unavailable-error.js';
import { StoreUnavailableError } from '../../src/adapters/store-unavailable-error.js';
import { TemporalUnavailableError } from '../../src/admin/admin-dependencies.js';

export function away(store: 'redis' | 'postgres'): () => Promise<never> {
  return async () => {
    throw new StoreUnavailableError(store, 'reading', new Error('connect ECONNREFUSED'));
  };
}

export function temporalAway(): () => Promise<never> {
  return async () => {
    throw new TemporalUnavailableError('127.0.0.1:7233', new Error('connect ECONNREFUSED'));
  };
}

export function platformAway(frame: string): () => Promise<never> {
  return async () => {
    throw new PlatformUnavailableError(frame, 'http://127.0.0.1:1', 'connect ECONNREFUSED');
  };
}
