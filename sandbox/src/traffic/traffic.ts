// Background traffic, put together: users who pay and take part, so that canaries are never alone.
import { Registry } from 'prom-client';
import { startPeriodicTask } from '../registry/periodic-task.js';
import type { RunningService, ServiceContext } from '../service/context.js';
import { createHttpService, listenOn } from '../service/http-service.js';
import { trafficPort } from '../topology.js';
import { createActionCounter } from './action-metrics.js';
import { addControlRoutes } from './control-routes.js';
import { createDoors } from './doors.js';
import { startPacer } from './pacer.js';
import {
  createRegistryTraffic,
  ECONOMY_ACTIVITIES,
  REGISTRY_ACTIVITIES,
} from './registry-traffic.js';
import { createTransferTraffic } from './transfer-traffic.js';

/** What `/healthz` says instead of a frame: traffic belongs to none. */
const ALL_FRAMES = 'all';

/**
 * Enough for 1,000 a second at 32 ms each. More would let an overloaded TEG answer only what has
 * been given up already.
 */
const MAX_TRANSFERS_IN_FLIGHT = 32;
const MAX_ACTIONS_IN_FLIGHT = 8;
const REFRESH_INTERVAL_MS = 500;

/** Starts the traffic; every service of the platform may be away, then or later. */
export async function startTraffic(context: ServiceContext): Promise<RunningService> {
  const { topology, clock, logger } = context;
  const registry = new Registry();
  const count = createActionCounter(registry);
  const doors = createDoors(topology);
  const { tokens } = doors;
  const service = await createHttpService({
    ...{ service: 'traffic', frame: ALL_FRAMES, tokens, logger, registry, clock },
  });
  const users = createTransferTraffic(context, doors, count);
  const takingPart = (ratePerSecond: number, activities: typeof REGISTRY_ACTIVITIES) =>
    startPacer({
      ratePerSecond,
      maxInFlight: MAX_ACTIONS_IN_FLIGHT,
      work: createRegistryTraffic(context, doors, count, activities).actOnce,
      onSkipped: () => count('look', 'skipped'),
      ...{ clock, logger },
    });
  const transfers = startPacer({
    ratePerSecond: topology.traffic.transfersPerSecond,
    maxInFlight: MAX_TRANSFERS_IN_FLIGHT,
    work: users.payOnce,
    onSkipped: () => count('transfer', 'skipped'),
    ...{ clock, logger },
  });
  const { registryActionsPerSecond, economyActionsPerSecond } = topology.traffic;
  const registryActions = takingPart(registryActionsPerSecond, REGISTRY_ACTIVITIES);
  const economyActions = takingPart(economyActionsPerSecond, ECONOMY_ACTIVITIES);
  const balances = startPeriodicTask({
    ...{ name: 'balances', intervalMs: REFRESH_INTERVAL_MS, run: users.refreshBalance, logger },
  });
  addControlRoutes(service, tokens, { transfers, registryActions, economyActions });
  const url = await listenOn(service, topology.host, trafficPort(topology));
  logger.info({ url, ...topology.traffic }, 'traffic is running');
  return {
    url,
    close: async () => {
      const pacers = [transfers, registryActions, economyActions];
      await Promise.all([...pacers, balances].map((one) => one.stop()));
      await service.close();
    },
  };
}
