// One frame's TEG: the composition root (database, ledger, backends, relay, routes).
import { fileURLToPath } from 'node:url';
import { Registry } from 'prom-client';
import { createEventPipe } from '../pipe/create-event-pipe.js';
import type { EventPipe } from '../pipe/event-pipe.js';
import type { RunningService, ServiceContext } from '../service/context.js';
import { createFaultEngine, type FaultEngine } from '../service/faults.js';
import { createHttpService, type HttpService, listenOn } from '../service/http-service.js';
import { openDatabase } from '../service/postgres.js';
import { deriveTokens, type Tokens } from '../service/tokens.js';
import { databaseName, frameOf, producerName, tegPort, tegUrl } from '../topology.js';
import { createAgentBook } from './agent-book.js';
import { creditIncoming, refuseIncoming } from './async-receiver.js';
import { recover, startBackground } from './background.js';
import { type Coordinator, createCoordinator } from './coordinator.js';
import { createCrashPoint, type Exit } from './crash-steps.js';
import { addEconomyGauges } from './economy-gauges.js';
import { createLedger } from './ledger-transaction.js';
import { createTegMetrics } from './metrics.js';
import { createOutboxWriter } from './outbox.js';
import { abortIncoming, commitIncoming, prepareIncoming } from './participant.js';
import type { PeerService, Peers } from './peer-calls.js';
import { createHttpPeer, createLocalPeer } from './peers.js';
import { type Relay, startRelay } from './relay.js';
import { addA2aRoutes } from './routes/a2a-routes.js';
import { addAgentRoutes } from './routes/agent-routes.js';
import { addAvailabilityFault } from './routes/availability-fault.js';
import { addLeakRoutes } from './routes/leak-routes.js';
import { addOracleRoutes } from './routes/oracle-routes.js';
import { addPeerRoutes } from './routes/peer-routes.js';
import { addStakingRoutes } from './routes/staking-routes.js';
import { addSupplyRoutes } from './routes/supply-routes.js';
import { addTransferRoutes } from './routes/transfer-routes.js';
import { createSaga } from './saga.js';
import { seedAccounts } from './supply.js';
import type { TegCore } from './teg-core.js';
import { createTeller, type Teller } from './teller.js';

export interface RunningTeg extends RunningService {
  /** Ends at once, as a crash would: nothing that is in flight is finished. */
  abandon(): Promise<void>;
}

export interface TegOptions {
  /** Where events go; by default the pipe that the topology names, closed with the TEG. */
  readonly pipe?: EventPipe;
  /** What the fault `crash` does; by default it ends the process. */
  readonly exit?: Exit;
  /** The faults that the control door sets, when someone else wants to set them, too. */
  readonly faults?: FaultEngine;
  /** Transfers taken at the same time; more get 429. */
  readonly maxInFlight?: number;
  /** How long another TEG may take to answer. */
  readonly peerTimeoutMs?: number;
}

/**
 * Transfers take turns at the treasury's row and the outbox head anyway: they wait better here,
 * for a connection, than in PostgreSQL for the row.
 */
const CONNECTIONS = 8;
const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url));

/** Starts the TEG of a frame; it recovers from its own log and goes on where it stopped. */
export async function startTeg(
  context: ServiceContext,
  frame: string,
  options: TegOptions = {},
): Promise<RunningTeg> {
  const { topology, logger } = context;
  frameOf(topology, frame);
  const pool = await openDatabase({
    adminUrl: topology.postgresUrl,
    database: databaseName(frame, 'teg'),
    migrationsDir: MIGRATIONS,
    max: CONNECTIONS,
    logger,
  });
  const registry = new Registry();
  const pipe = options.pipe ?? createEventPipe(context);
  const { core, relay } = createCore(context, frame, options, { pool, pipe, registry });
  await seedAccounts(core);
  await recover(core);
  const parts = createParts(core, options);
  const http = await createHttp(context, core, parts, registry);
  const url = await listenOn(http, topology.host, tegPort(topology, frame));
  const stopWork = async () => {
    await Promise.all([parts.background.close(), relay.close()]);
    if (options.pipe === undefined) await pipe.close();
  };
  return {
    url,
    close: async () => {
      await http.close();
      await stopWork();
      await pool.end();
    },
    abandon: async () => {
      stopWork().catch((error: unknown) => logger.warn({ err: error }, 'abandoned'));
      http.server.closeAllConnections();
      await http.close();
      await pool.end();
    },
  };
}

function createCore(
  context: ServiceContext,
  frame: string,
  options: TegOptions,
  made: { pool: TegCore['pool']; pipe: EventPipe; registry: Registry },
): { readonly core: TegCore; readonly relay: Relay } {
  const { topology, clock, logger } = context;
  const { pool, pipe } = made;
  const faults = options.faults ?? createFaultEngine(context);
  const metrics = createTegMetrics(made.registry);
  const relay = startRelay({ frame, pool, pipe, clock, faults, metrics, logger });
  const ledger = createLedger({
    pool,
    clock,
    topology,
    faults,
    outbox: createOutboxWriter({ producer: producerName(frame), clock }),
    onEvents: (events) => {
      for (const { position } of events) metrics.headPosition(position);
      relay.publish(events);
    },
  });
  const exit = options.exit ?? exitProcess;
  const crashPoint = createCrashPoint({ frame, pool, clock, faults, exit });
  const agents = createAgentBook(pool);
  const core = {
    frame,
    topology,
    pool,
    ledger,
    agents,
    clock,
    faults,
    crashPoint,
    metrics,
    logger,
  };
  return { core, relay };
}

interface Parts {
  readonly teller: Teller;
  readonly peerService: PeerService;
  readonly background: ReturnType<typeof startBackground>;
}

function createParts(core: TegCore, options: TegOptions): Parts {
  const { maxInFlight, peerTimeoutMs: timeoutMs } = options;
  const token = deriveTokens(core.topology.secretSeed).peer;
  const peers: Peers = (frame) =>
    frame === core.frame
      ? createLocalPeer(peerService)
      : createHttpPeer({ url: tegUrl(core.topology, frame), token, timeoutMs });
  const saga = createSaga(core, peers);
  const coordinator = createCoordinator(core, peers);
  const peerService = createPeerService(core, coordinator);
  const background = startBackground({ core, peers, saga, coordinator });
  const teller = createTeller({
    core,
    saga,
    coordinator,
    deliver: background.deliver,
    maxInFlight,
  });
  return { teller, peerService, background };
}

function createPeerService(core: TegCore, coordinator: Coordinator): PeerService {
  return {
    credit: (transfer) => creditIncoming(core, transfer),
    refuse: (transfer) => refuseIncoming(core, transfer),
    prepare: (transfer) => prepareIncoming(core, transfer),
    commit: (transfer) => commitIncoming(core, transfer),
    abort: (transfer) => abortIncoming(core, transfer),
    outcome: (transfer) => coordinator.outcomeOf(transfer),
  };
}

async function createHttp(
  context: ServiceContext,
  core: TegCore,
  parts: Parts,
  registry: Registry,
): Promise<HttpService> {
  const tokens: Tokens = deriveTokens(context.topology.secretSeed);
  const { frame, faults, logger, clock } = core;
  const service = 'teg';
  const http = await createHttpService({ service, frame, tokens, logger, registry, clock, faults });
  addAvailabilityFault(http, core);
  addTransferRoutes(http, core, parts.teller);
  addAgentRoutes(http, core, tokens);
  addSupplyRoutes(http, core, tokens);
  addStakingRoutes(http, core);
  addA2aRoutes(http, core);
  addEconomyGauges(registry, core);
  addPeerRoutes(http, frame, tokens, parts.peerService);
  addOracleRoutes(http, core, tokens);
  addLeakRoutes(http, core, tokens);
  return http;
}

async function exitProcess(code: number): Promise<never> {
  return process.exit(code);
}
