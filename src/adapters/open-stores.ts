// The reactor's own stores, opened as the configuration describes them.
import type { Logger } from 'pino';
import type { Config } from '../config.js';
import type {
  OwnTransfers,
  ResultStore,
  RetentionStore,
  StampStore,
  StoreHealth,
  SupplyStore,
  ValidatorBoard,
  WindowStore,
  WorkerBoard,
} from '../ports.js';
import { openPostgres } from './postgres-connection.js';
import { readPostgresHealth } from './postgres-health.js';
import { createOwnTransfers } from './postgres-own-transfers.js';
import { createPostgresResults } from './postgres-results.js';
import { createPostgresRetention } from './postgres-retention.js';
import { createPostgresSupply } from './postgres-supply.js';
import { createPostgresWindows } from './postgres-windows.js';
import { createRedisValidatorBoard, createRedisWorkerBoard } from './redis-boards.js';
import { openRedis } from './redis-connection.js';
import { readRedisHealth } from './redis-health.js';
import { createRedisStamps } from './redis-stamps.js';
import { systemClock } from './system-clock.js';

export interface Stores {
  readonly results: ResultStore;
  readonly windows: WindowStore;
  readonly retention: RetentionStore;
  readonly supply: SupplyStore;
  readonly ownTransfers: OwnTransfers;
  readonly stamps: StampStore;
  readonly validators: ValidatorBoard;
  readonly workers: WorkerBoard;
  readonly health: StoreHealth;
  close(): Promise<void>;
}

const DAY_MS = 86_400_000;
const CONNECT_TIMEOUT_MS = 1_500;
/** Below the local activity's two seconds, so that a verdict moves on to the regular one. */
const COMMAND_TIMEOUT_MS = 1_500;
const POSTGRES_CONNECTIONS_MAX = 20;
/** An audit may store the digests of a whole log, and nobody waits for it. */
const AUDIT_TIMEOUT_MS = 60_000;
const AUDIT_CONNECTIONS_MAX = 4;

/** Waits briefly for Redis; a store that is away fails its calls until it is back. */
export async function openStores(config: Config, logger: Logger): Promise<Stores> {
  const redis = await openRedis({
    url: config.stores.redis,
    commandTimeoutMs: COMMAND_TIMEOUT_MS,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    logger,
  });
  const postgres = openPostgres({
    url: config.stores.postgres,
    connectionsMax: POSTGRES_CONNECTIONS_MAX,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    statementTimeoutMs: COMMAND_TIMEOUT_MS,
    logger,
  });
  // Nobody waits for audits and prunings, and their statements may take long.
  const audits = openPostgres({
    url: config.stores.postgres,
    connectionsMax: AUDIT_CONNECTIONS_MAX,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    statementTimeoutMs: AUDIT_TIMEOUT_MS,
    logger,
  });
  const stamps = createRedisStamps({
    redis,
    clock: systemClock,
    rememberMs: config.finalDeadlineMaxMs + DAY_MS,
    onUnreadable: (error) =>
      logger.error({ err: error }, 'a record of no one of us is passed over'),
  });
  return {
    supply: createPostgresSupply(audits),
    ownTransfers: createOwnTransfers(postgres, stamps),
    results: createPostgresResults(postgres),
    windows: createPostgresWindows(postgres),
    retention: createPostgresRetention(audits),
    stamps,
    validators: createRedisValidatorBoard(redis),
    workers: createRedisWorkerBoard(redis, systemClock),
    health: {
      postgres: () => readPostgresHealth(postgres),
      redis: () => readRedisHealth(redis),
    },
    async close() {
      redis.disconnect();
      await Promise.all([postgres.close(), audits.close()]);
    },
  };
}
