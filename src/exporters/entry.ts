// The exporter process: one HTTP port that shows what the shared stores, the workers and Temporal
// know. Ends cleanly on SIGTERM and SIGINT.
import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import { createKafkaLagReader } from '../adapters/kafka-lag.js';
import { topicOf } from '../adapters/open-platform.js';
import { openStores } from '../adapters/open-stores.js';
import { createPlatformState } from '../adapters/platform-state.js';
import { runProcess } from '../adapters/run-process.js';
import { createSupplyPlatform } from '../adapters/supply-platform.js';
import { systemClock } from '../adapters/system-clock.js';
import { createTegTransfers } from '../adapters/teg-transfers.js';
import type { Config } from '../config.js';
import type { FrameId } from '../domain/frame.js';
import { splitListen } from '../listen.js';
import { createExporter } from './exporter.js';
import { createExporterServer } from './http.js';
import { fetchTegFamilies } from './protocol-teg.js';
import { exporterSettings } from './settings.js';

const BALANCE_TIMEOUT_MS = 2_000;
/** Below the three seconds that a source may take: two questions at once, or one after another. */
const PROTOCOL_TIMEOUT_MS = 1_400;
const RECENT_EVENTS_MAX = 5_000;
/** A fee is stored within a moment of its transfer. */
const RECENT_SETTLE_MS = 5_000;

/** Serves until the answer is called. Throws when the address cannot be listened on. */
async function start(config: Config, logger: Logger): Promise<() => Promise<void>> {
  const stores = await openStores(config, logger);
  const exporter = createExporter({
    clock: systemClock,
    settings: exporterSettings(config, ownVersion()),
    ...stores,
    gateway: readOnlyGateway(config),
    ...protocolDoors(config),
    kafkaLag: kafkaLagOf(config),
    onChange: ({ source, up, problem }) => {
      if (up) logger.info({ source }, 'source is back');
      else logger.warn({ source, err: problem }, 'source is away');
    },
  });
  const server = createExporterServer(exporter);
  const close = async () => {
    await server.close();
    await stores.close();
  };
  try {
    const url = await server.listen(splitListen(config.listen.exporter));
    logger.info({ url }, 'exporter runs');
  } catch (cause) {
    await close();
    const message = `cannot listen on ${config.listen.exporter}; set CANARY_EXPORTER_LISTEN`;
    throw new Error(`${message}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
  return close;
}

/** Balances are public, so this process is given no token that could pay. */
function readOnlyGateway(config: Config) {
  return createTegTransfers({
    clock: systemClock,
    topology: config.topology,
    tegUrls: Object.fromEntries(config.platform.frames.map(({ id, teg }) => [id, teg])),
    agentTokens: new Map(),
    attemptTimeoutMs: BALANCE_TIMEOUT_MS,
    readTimeoutMs: BALANCE_TIMEOUT_MS,
    clockProbes: 1,
  });
}

/** The platform's public reads behind the business metrics; no token is needed for any. */
function protocolDoors({ platform: { frames } }: Config) {
  const tegOf = new Map(frames.map(({ id, teg }) => [id, teg]));
  return {
    platformState: createPlatformState({
      frames,
      timeoutMs: PROTOCOL_TIMEOUT_MS,
      recentEventsMax: RECENT_EVENTS_MAX,
      settleMs: RECENT_SETTLE_MS,
    }),
    supplyPlatform: createSupplyPlatform({
      frames,
      bucketCount: 1,
      timeoutMs: 2 * PROTOCOL_TIMEOUT_MS,
    }),
    tegFamilies: (frame: FrameId) => fetchTegFamilies(tegOf.get(frame) ?? ''),
  };
}

function kafkaLagOf({ platform: { frames }, stores: { kafka } }: Config) {
  if (kafka.length === 0) return undefined;
  const topics = frames.map(topicOf);
  return createKafkaLagReader({ brokers: kafka, topics, timeoutMs: PROTOCOL_TIMEOUT_MS });
}

function ownVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}

await runProcess('exporter', start);
