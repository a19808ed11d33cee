// One frame's EventStore, put together: the pipe in, the log, and all ways out.
import { fileURLToPath } from 'node:url';
import { Registry } from 'prom-client';
import { createEventPipe } from '../pipe/create-event-pipe.js';
import type { RunningService, ServiceContext } from '../service/context.js';
import { createFaultEngine } from '../service/faults.js';
import { createHttpService, listenOn } from '../service/http-service.js';
import { openDatabase } from '../service/postgres.js';
import { rememberStrikes } from '../service/strike-memory.js';
import { addStrikeRoutes } from '../service/strike-routes.js';
import { deriveTokens } from '../service/tokens.js';
import { databaseName, eventStorePort, eventStoreUrl } from '../topology.js';
import { createBroadcast, isToBroadcast } from './broadcast.js';
import { openExchangeBook } from './exchange-book.js';
import { addExchangeRoutes } from './exchange-routes.js';
import { createIngest } from './ingest.js';
import { addLeakRoutes } from './leak-routes.js';
import { createLogReader } from './log-reader.js';
import { createEventStoreMetrics } from './metrics.js';
import { addPeerRoutes } from './peer-routes.js';
import { addReadRoutes } from './read-routes.js';
import { createStream } from './stream.js';
import { openStreamDoor } from './stream-door.js';

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url));

/** Starts the EventStore of a frame; waits for PostgreSQL, but not for the pipe or for peers. */
export async function startEventStore(
  context: ServiceContext,
  frameId: string,
): Promise<RunningService> {
  const { topology, logger, clock, random } = context;
  const { host } = topology;
  const port = eventStorePort(topology, frameId);
  const pool = await openDatabase({
    adminUrl: topology.postgresUrl,
    database: databaseName(frameId, 'event_store'),
    migrationsDir: MIGRATIONS,
    logger,
  });
  const peerFrames = topology.frames.map(({ id }) => id).filter((id) => id !== frameId);
  const tokens = deriveTokens(topology.secretSeed);
  const registry = new Registry();
  const { faults, strikes } = rememberStrikes(createFaultEngine({ clock, random }), clock);
  const reader = createLogReader(pool);
  const pipe = createEventPipe(context);
  const metrics = createEventStoreMetrics({ registry, frame: frameId, pipe: pipe.kind, clock });
  const counts = await reader.counts();
  metrics.startFrom(counts);
  let head = counts.head.sequence;
  const book = await openExchangeBook(pool, peerFrames);

  const stream = createStream({ frameId, faults, logger, head: () => head });
  const broadcast = createBroadcast({
    ...{ pool, frameId, faults, logger, random },
    peers: peerFrames.map((id) => ({ frameId: id, url: eventStoreUrl(topology, id) })),
    peerToken: tokens.peer,
  });
  const ingest = createIngest({
    ...{ pool, frameId, peerFrames, faults, clock, logger },
    onOutcome: (outcome, records) => {
      head = outcome.stored.at(-1)?.sequence ?? head;
      stream.publish(outcome.stored);
      book.observe(outcome.stored);
      if (outcome.stored.some(isToBroadcast)) broadcast.wake();
      metrics.observe(outcome, records);
    },
  });

  const service = await createHttpService({
    ...{ service: 'event-store', frame: frameId, tokens, logger, registry, clock, faults },
    health: () => ({ pipe: pipe.kind, head, subscribers: stream.subscribers() }),
  });
  addReadRoutes(service, { frameId, reader, faults, clock });
  addExchangeRoutes(service, { frameId, book, clock });
  addPeerRoutes(service, { frameId, peerFrames, tokens, pipe });
  openStreamDoor(service, stream);
  addStrikeRoutes(service, { strikes, tokens });
  addLeakRoutes(service, { frameId, pool, strikes, tokens });
  const url = await listenOn(service, host, port);
  const consumer = await pipe.consume(frameId, (records) => ingest.take(records));
  logger.info({ url, pipe: pipe.kind, head }, 'EventStore is listening');
  return {
    url,
    close: async () => {
      await consumer.close();
      await broadcast.close();
      stream.close();
      await service.close();
      await pipe.close();
      await pool.end();
    },
  };
}
