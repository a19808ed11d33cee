// What the reactor stands on, as sources: each store by itself, and the consumers of the platform's
// topics where a Kafka is configured.
import { CONNECTION_OWNERS, CONNECTION_STATES } from '../domain/store-health.js';
import type { Clock, KafkaLagReader, StoreHealth } from '../ports.js';
import { type Family, familyOf } from './family.js';
import { METRICS } from './metrics.js';
import { createSource, type Loaded, type Source } from './source.js';

export interface HealthSourceDependencies {
  readonly clock: Clock;
  readonly health: StoreHealth;
  /** Absent where no Kafka is configured. */
  readonly kafkaLag: KafkaLagReader | undefined;
}

/** However often scraped, stores and brokers are asked no more often. */
const KEEP_MS = 15_000;

export function createHealthSources(deps: HealthSourceDependencies): readonly Source[] {
  const { clock, health, kafkaLag } = deps;
  return [
    storeSource(clock, 'postgres', async () => {
      const { connections, connectionsMax, databaseBytes } = await health.postgres();
      const countOf = (owner: string, state: string) =>
        connections.find((one) => one.owner === owner && one.state === state)?.connections ?? 0;
      const rows = CONNECTION_OWNERS.flatMap((owner) =>
        CONNECTION_STATES.map((state) => ({
          labels: { owner, state },
          value: countOf(owner, state),
        })),
      );
      return [
        familyOf(METRICS.postgresConnections, rows),
        familyOf(METRICS.postgresConnectionsMax, alone(connectionsMax)),
        familyOf(METRICS.postgresDatabase, alone(databaseBytes)),
      ];
    }),
    storeSource(clock, 'redis', async () => {
      const { clients, evictedKeys, memoryMaxBytes, usedMemoryBytes } = await health.redis();
      return [
        familyOf(METRICS.redisClients, alone(clients)),
        familyOf(METRICS.redisMemory, alone(usedMemoryBytes)),
        familyOf(METRICS.redisMemoryMax, alone(memoryMaxBytes)),
        familyOf(METRICS.redisEvicted, alone(evictedKeys)),
      ];
    }),
    ...(kafkaLag === undefined ? [] : [kafkaSource(clock, kafkaLag)]),
  ];
}

function alone(value: number) {
  return [{ labels: {}, value }];
}

/** A store that is away is 0, and all else of it has no series. */
function storeSource(
  clock: Clock,
  store: 'postgres' | 'redis',
  ask: () => Promise<readonly Family[]>,
): Source {
  return createSource({
    name: `store_health/${store}`,
    clock,
    keepMs: KEEP_MS,
    async load(): Promise<Loaded> {
      const up = (value: boolean) => familyOf(METRICS.storeUp, [{ labels: { store }, value }]);
      const startedAtMs = clock.nowMs();
      try {
        const families = await ask();
        const value = Math.max(0, clock.nowMs() - startedAtMs) / 1_000;
        const ping = familyOf(METRICS.storePing, [{ labels: { store }, value }]);
        return { families: [up(true), ping, ...families] };
      } catch (problem) {
        return { families: [up(false)], problem };
      }
    },
  });
}

function kafkaSource(clock: Clock, kafkaLag: KafkaLagReader): Source {
  return createSource({
    name: 'kafka_lag',
    clock,
    keepMs: KEEP_MS,
    async load() {
      const { ends, lags } = await kafkaLag.read();
      return {
        families: [
          familyOf(
            METRICS.kafkaLogEnd,
            ends.map(({ offset, topic }) => ({ labels: { topic }, value: offset })),
          ),
          familyOf(
            METRICS.kafkaLag,
            lags.map(({ events, group, topic }) => ({ labels: { group, topic }, value: events })),
          ),
        ],
      };
    },
  });
}
