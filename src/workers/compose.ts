// The composition root of the worker: the one place where ports meet adapters.

import type { Logger } from 'pino';
import { createAuditActivities } from '../activities/audit-supply.js';
import {
  type CompareSettings,
  createCompareActivities,
  type FeedPair,
} from '../activities/compare-feeds.js';
import { createFireActivities } from '../activities/fire-transfer.js';
import { createLookBackActivities } from '../activities/look-back.js';
import { createRetentionActivities } from '../activities/prune-results.js';
import { createRecordActivities, createRecordLate } from '../activities/record-result.js';
import { type CycleSettings, createCycleActivities } from '../activities/run-cycle.js';
import type { AuditSettings } from '../activities/supply-auditor.js';
import { createValidateActivities, type ValidatorSettings } from '../activities/validate-events.js';
import type { Platform } from '../adapters/open-platform.js';
import type { Stores } from '../adapters/open-stores.js';
import { sha256Hex } from '../adapters/sha256.js';
import { systemClock } from '../adapters/system-clock.js';
import type { Config } from '../config.js';
import { type FrameId, frameIds } from '../domain/frame.js';
import { createMatcher } from '../domain/mark.js';
import { CANARY_MEMO_MARK } from '../domain/memo.js';
import type { RetentionSettings } from '../domain/retention.js';
import type { TestWorkflows } from '../ports.js';
import { createTroubleLog } from './trouble-log.js';

export interface Parts {
  readonly config: Config;
  readonly logger: Logger;
  readonly stores: Stores;
  readonly platform: Platform;
  readonly tests: TestWorkflows;
  readonly workerId: string;
}

/** The activities of the canary queue. */
export function composeCanaryActivities({ config, logger, stores, platform, tests }: Parts) {
  const common = {
    clock: systemClock,
    frames: frameIds(config.topology),
    gateway: platform.gateway,
    lookup: platform.lookup,
    ...stores,
  };
  return {
    ...createFireActivities(common),
    ...createLookBackActivities(common),
    ...createRecordActivities({
      ...common,
      onMarkFailure: (testId, err) => logger.warn({ testId, err }, 'outcome not marked in redis'),
    }),
    ...createCycleActivities({ ...common, tests, settings: cycleSettings(config) }),
    ...createRetentionActivities({ ...common, settings: retentionSettings(config) }),
  };
}

/** The activities of the validators queue: validators, and the evidence beside them. */
export function composeValidatorActivities(parts: Parts) {
  const { config, logger, stores, platform, tests, workerId } = parts;
  const validatorTrouble = createTroubleLog(logger, systemClock, 'validator tries again');
  const evidenceTrouble = createTroubleLog(logger, systemClock, 'evidence tries again');
  const common = {
    clock: systemClock,
    stamps: stores.stamps,
    tests,
    recordLate: createRecordLate(stores),
    matches: createMatcher([CANARY_MEMO_MARK, ...config.paths.map((path) => path.sender)]),
  };
  const validating = createValidateActivities({
    ...common,
    feeds: platform.feeds,
    board: stores.validators,
    settings: validatorSettings(config),
    worker: workerId,
    onTrouble: ({ frame, eventType }, what, err) =>
      validatorTrouble.tell({ frame, eventType }, what, err),
  });
  const comparing = createCompareActivities({
    ...common,
    feedPairs: feedPairs(platform),
    lookup: platform.lookup,
    results: stores.results,
    settings: compareSettings(config),
    onTrouble: (frame, what, err) => evidenceTrouble.tell({ frame }, what, err),
  });
  return { ...validating, ...comparing };
}

/** The activity of the audit queue. */
export function composeAuditActivities({ config, platform, stores }: Parts) {
  return createAuditActivities({
    clock: systemClock,
    platform: platform.supply,
    store: stores.supply,
    settings: auditSettings(config),
    hashOf: sha256Hex,
  });
}

/** Both feeds of every frame that has an evidence feed, by their kinds. */
function feedPairs({ feeds, evidence }: Platform): Readonly<Record<FrameId, FeedPair>> {
  return Object.fromEntries(
    Object.entries(evidence).flatMap(([frame, other]) => {
      const counting = feeds[frame];
      if (counting === undefined) return [];
      const isKafka = counting.kind === 'kafka';
      const pair = isKafka
        ? { kafka: counting, 'event-store': other }
        : { kafka: other, 'event-store': counting };
      return [[frame, pair]];
    }),
  );
}

function cycleSettings(config: Config): CycleSettings {
  return {
    paths: config.paths,
    intervalMs: config.cycle.interval,
    spreadMs: config.cycle.spread,
    amountBaseUnits: config.amountBaseUnits,
    feeBasisPoints: config.platform.feeBasisPoints,
    deadlines: config.deadlinesByBackend,
  };
}

/**
 * Tens of megabytes while a long log is read for the first time, and a commit that is over long
 * before a heartbeat is missed.
 */
const PART_EVENTS_MAX = 50_000;

function auditSettings(config: Config): AuditSettings {
  const { buckets, cutWait, interval, missingLimit, openLimits } = config.audit;
  return {
    frames: frameIds(config.topology),
    bucketCount: buckets,
    intervalMs: interval,
    cutWaitMs: cutWait,
    missingLimitMs: missingLimit,
    partEventsMax: PART_EVENTS_MAX,
    // An intra transfer has one posting and cannot be open.
    openLimits: { ...openLimits, intra: Number.POSITIVE_INFINITY },
  };
}

/** As the pruning by hand takes them, too. */
export function retentionSettings({ retention }: Config): RetentionSettings {
  const { failed, passed, unacknowledged } = retention;
  return { passedMs: passed, failedMs: failed, unacknowledgedMs: unacknowledged };
}

function compareSettings(config: Config): CompareSettings {
  const { pollInterval, rotation, evidenceGrace } = config.validators;
  return { pollIntervalMs: pollInterval, rotationMs: rotation, graceMs: evidenceGrace };
}

function validatorSettings(config: Config): ValidatorSettings {
  const { pollInterval, rotation, feeWait } = config.validators;
  return {
    pollIntervalMs: pollInterval,
    rotationMs: rotation,
    feeWaitMs: feeWait,
    startBackMs: config.finalDeadlineMaxMs,
  };
}
