// One registry, put together: the frame's registry database, its machines, and what runs beside.
import { fileURLToPath } from 'node:url';
import { Registry as MetricRegistry } from 'prom-client';
import type { RunningService, ServiceContext } from '../service/context.js';
import { createFaultEngine } from '../service/faults.js';
import { createHttpService, type HttpService, listenOn } from '../service/http-service.js';
import { openDatabase } from '../service/postgres.js';
import { rememberStrikes } from '../service/strike-memory.js';
import { addStrikeRoutes } from '../service/strike-routes.js';
import { deriveTokens, type Tokens, tokenDigest } from '../service/tokens.js';
import {
  canaryAgentIds,
  databaseName,
  frameOfRegistry,
  registryPort,
  type Topology,
  TopologyError,
  tegUrl,
  userAgentIds,
} from '../topology.js';
import { addAgentRoutes } from './agent-routes.js';
import { type NewAgent, seedAgents } from './agent-store.js';
import { addDisputeRoutes } from './dispute-routes.js';
import { strikeFaults } from './fault-hooks.js';
import { addIronhandMetrics } from './ironhand-metrics.js';
import { createOpa } from './opa.js';
import { addOpaRoutes } from './opa-routes.js';
import { startPeerProber } from './peer-prober.js';
import { addPeerRoutes } from './peer-routes.js';
import { startPeriodicTask } from './periodic-task.js';
import { addProposalRoutes } from './proposal-routes.js';
import { closeEndedProposals } from './proposal-store.js';
import { nowOf, type RegistryCore } from './registry-core.js';
import { addSpireRoutes } from './spire-routes.js';
import { addSummaryRoutes } from './summary-routes.js';
import { startTegRelay } from './teg-relay.js';
import { createVotingPowers } from './voting-power.js';

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url));
const CLOSE_ENDED_INTERVAL_MS = 1_000;

/** Starts one registry; waits for PostgreSQL, but neither for the TEG nor for its peers. */
export async function startRegistry(
  context: ServiceContext,
  registryId: string,
): Promise<RunningService> {
  const { topology, clock, logger } = context;
  const metrics = new MetricRegistry();
  const core = await createCore(context, registryId, metrics);
  const agents = topologyAgents(topology, core.tokens, registryId);
  await seedAgents(core.database, agents, nowOf(core));
  const { frame, tokens, faults } = core;
  const service = await createHttpService({
    ...{ service: 'registry', frame, tokens, logger, registry: metrics, clock, faults },
    health: () => ({ registry: registryId }),
  });
  addRoutes(service, core);
  addIronhandMetrics({ database: core.database, registry: metrics, logger });
  const closer = startPeriodicTask({
    name: 'close-ended-proposals',
    intervalMs: CLOSE_ENDED_INTERVAL_MS,
    logger,
    run: () => closeEndedProposals(core.database, nowOf(core)),
  });
  const url = await listenOn(service, topology.host, registryPort(topology, registryId));
  logger.info({ url, registryId }, 'registry is listening');
  return {
    url,
    close: async () => {
      await service.close();
      await Promise.all([closer.stop(), core.relay.stop(), core.prober.stop()]);
      await core.database.pool.end();
    },
  };
}

/** The agents that the topology says live here; users have as much say as their number. */
export function topologyAgents(
  topology: Topology,
  tokens: Pick<Tokens, 'agent'>,
  registryId: string,
): readonly NewAgent[] {
  const agent = (agentId: string, votingWeight: number): NewAgent => ({
    agentId,
    tokenSha256: tokenDigest(tokens.agent(agentId)),
    votingWeight,
  });
  return [
    ...canaryAgentIds(topology, registryId).map((agentId) => agent(agentId, 0)),
    ...userAgentIds(topology, registryId).map((agentId, index) => agent(agentId, index + 1)),
  ];
}

async function createCore(
  { topology, clock, logger, random }: ServiceContext,
  registryId: string,
  metrics: MetricRegistry,
): Promise<RegistryCore> {
  const frame = frameOfRegistry(topology, registryId)?.id;
  if (frame === undefined) throw new TopologyError(`unknown registry "${registryId}"`);
  const pool = await openDatabase({
    adminUrl: topology.postgresUrl,
    database: databaseName(frame, 'registry'),
    migrationsDir: MIGRATIONS,
    logger,
  });
  const database = { pool, registryId };
  const tokens = deriveTokens(topology.secretSeed);
  const tegAddress = { tegUrl: tegUrl(topology, frame), adminToken: tokens.admin };
  return {
    ...{ topology, frame, registryId, database, tokens, clock, logger },
    ...rememberStrikes(createFaultEngine({ clock, random }), clock),
    relay: startTegRelay({ database, clock, logger, ...tegAddress }),
    votingPowers: createVotingPowers(tegAddress.tegUrl, registryId),
    prober: startPeerProber({ topology, registryId, clock, logger }),
    opa: topology.opaEnabled ? createOpa({ database, registry: metrics, logger }) : undefined,
  };
}

function addRoutes(service: HttpService, core: RegistryCore): void {
  strikeFaults(service, core);
  addPeerRoutes(service, core);
  addSummaryRoutes(service, core);
  addProposalRoutes(service, core);
  addDisputeRoutes(service, core);
  addAgentRoutes(service, core);
  addSpireRoutes(service, core);
  addStrikeRoutes(service, core);
  if (core.opa) addOpaRoutes(service, core.opa);
}
