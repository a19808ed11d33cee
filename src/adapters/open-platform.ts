// The platform under test, opened as the configuration describes it: gateway, feeds, look-ups.
import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import { z } from 'zod';
import { type Config, ConfigError } from '../config.js';
import type { FeedKind } from '../domain/feed-kind.js';
import type { AgentId, FrameId } from '../domain/frame.js';
import type { EventFeed, EventLookup, SupplyPlatform, TransferGateway } from '../ports.js';
import { RECONNECT_BACK_OFF } from './back-off.js';
import { createEventStoreFeed } from './event-store-feed.js';
import { createEventStoreLookup } from './event-store-lookup.js';
import { createKafkaFeed } from './kafka-feed.js';
import { createSupplyPlatform } from './supply-platform.js';
import { systemClock } from './system-clock.js';
import { createTegTransfers } from './teg-transfers.js';

export interface Platform {
  readonly gateway: TransferGateway;
  readonly lookup: EventLookup;
  /** The platform as the supply auditor asks it. */
  readonly supply: SupplyPlatform;
  /** The feed that counts, of every frame. */
  readonly feeds: Readonly<Record<FrameId, EventFeed>>;
  /** The other feed, of the frames where it runs beside as evidence. */
  readonly evidence: Readonly<Record<FrameId, EventFeed>>;
}

type FrameConfig = Config['platform']['frames'][number];

/** A transfer may take long under load; the activity's own timeout lies above this. */
const ATTEMPT_TIMEOUT_MS = 15_000;
const READ_TIMEOUT_MS = 3_000;
/** A snapshot reads every account, a page of the log thousands of events. */
const SUPPLY_TIMEOUT_MS = 10_000;
const CLOCK_PROBES = 5;
const KAFKA_BUFFERED_EVENTS_MAX = 50_000;

const tokensSchema = z.record(z.string(), z.string().min(1));

/** Opens nothing yet: every adapter connects when it is first used, and says so when it cannot. */
export function openPlatform(config: Config, logger: Logger): Platform {
  const { frames } = config.platform;
  return {
    gateway: createTegTransfers({
      clock: systemClock,
      topology: config.topology,
      tegUrls: Object.fromEntries(frames.map(({ id, teg }) => [id, teg])),
      agentTokens: readAgentTokens(config),
      attemptTimeoutMs: ATTEMPT_TIMEOUT_MS,
      readTimeoutMs: READ_TIMEOUT_MS,
      clockProbes: CLOCK_PROBES,
    }),
    lookup: createEventStoreLookup({
      urls: Object.fromEntries(frames.map(({ id, eventStore }) => [id, eventStore])),
      requestTimeoutMs: READ_TIMEOUT_MS,
      onMalformed: (frame, problem) => logger.warn({ frame, problem }, 'malformed stored event'),
    }),
    supply: createSupplyPlatform({
      frames,
      bucketCount: config.audit.buckets,
      timeoutMs: SUPPLY_TIMEOUT_MS,
    }),
    feeds: Object.fromEntries(
      frames.map((frame) => [frame.id, feedOf(config, frame, frame.feed, logger)]),
    ),
    evidence: Object.fromEntries(
      frames.flatMap((frame) =>
        frame.evidence === undefined
          ? []
          : [[frame.id, feedOf(config, frame, frame.evidence, logger)]],
      ),
    ),
  };
}

/** The frame's Kafka topic, by configuration or by the platform contract. */
export function topicOf(frame: FrameConfig): string {
  return frame.topic ?? `frame-${frame.id.toLowerCase()}.events`;
}

function feedOf(config: Config, frame: FrameConfig, kind: FeedKind, logger: Logger): EventFeed {
  const common = {
    frame: frame.id,
    requestTimeoutMs: READ_TIMEOUT_MS,
    silentAfterMs: config.validators.silence,
    backOff: RECONNECT_BACK_OFF,
  };
  if (kind === 'event-store') return createEventStoreFeed({ ...common, url: frame.eventStore });
  return createKafkaFeed({
    ...common,
    brokers: config.stores.kafka,
    topic: topicOf(frame),
    bufferedEventsMax: KAFKA_BUFFERED_EVENTS_MAX,
    logger,
  });
}

/** Every canary agent needs a token; what is missing is named, what is there never shown. */
function readAgentTokens(config: Config): ReadonlyMap<AgentId, string> {
  const file = config.platform.agentTokensFile;
  const problem = (message: string, cause?: unknown) =>
    new ConfigError(config.file, [{ place: 'platform.agentTokensFile', value: file, message }], {
      cause,
    });
  let tokens: Readonly<Record<string, string>>;
  try {
    tokens = tokensSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw problem('must be a readable JSON file of agent -> token', cause);
  }
  const agents = config.topology.frames.flatMap((frame) =>
    frame.registries.flatMap((registry) => registry.agents),
  );
  const missing = agents.filter((agent) => tokens[agent] === undefined);
  if (missing.length > 0) throw problem(`has no token for ${missing.join(', ')}`);
  return new Map(agents.map((agent) => [agent, tokens[agent] ?? '']));
}
