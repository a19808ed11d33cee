// The event feed's contract in memory and over an EventStore; and what a platform does to a feed:
// wrong answers, slow ones, streams that break, stall or talk nonsense.
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEventStoreFeed } from '../../src/adapters/event-store-feed.js';
import { PlatformUnavailableError } from '../../src/adapters/platform-unavailable-error.js';
import type { EventFeed } from '../../src/ports.js';
import { createMemoryFeed } from '../support/memory-feed.js';
import {
  type Answer,
  type SmallEventStore,
  startSmallEventStore,
} from '../support/small-event-store.js';
import { openTcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';
import { transferEnvelope } from '../support/wire-events.js';
import { eventFeedContract, listen, pollAll } from './event-feed.contract.js';
