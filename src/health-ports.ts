// The ports of what the reactor stands on: its own stores' health, and how far the platform's
// consumers lag. Part of `ports.ts`, in a file of its own.
import type { PostgresHealth, RedisHealth } from './domain/store-health.js';

/** Our own stores of themselves. Both throw `StoreUnavailableError`; neither is retried. */
export interface StoreHealth {
  postgres(): Promise<PostgresHealth>;
  redis(): Promise<RedisHealth>;
}

/** The platform's consumers; throws an error that names the brokers, never retried. */
export interface KafkaLagReader {
  read(): Promise<ConsumerLags>;
}

export interface ConsumerLags {
  readonly ends: readonly { readonly topic: string; readonly offset: number }[];
  /** By group, then topic; a group that never committed of a topic has no lag of it. */
  readonly lags: readonly {
    readonly group: string;
    readonly topic: string;
    readonly events: number;
  }[];
}
