// A worker process from its start to its end: stores, Temporal, task queues, health, schedules.
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import { type NativeConnection, Worker, type WorkflowBundlePath } from '@temporalio/worker';
import type { Logger } from 'pino';
import { openPlatform } from '../adapters/open-platform.js';
import { openStores, type Stores } from '../adapters/open-stores.js';
import { migratePostgres } from '../adapters/postgres-migrations.js';
import { systemClock } from '../adapters/system-clock.js';
import { temporalAddress } from '../adapters/temporal-connection.js';
import { connectNative } from '../adapters/temporal-native-connection.js';
import { createTemporalTestWorkflows } from '../adapters/temporal-test-workflows.js';
import type { Config } from '../config.js';
import { type FrameId, frameIds } from '../domain/frame.js';
import { reachableUrl } from '../listen.js';
import { TASK_QUEUES } from '../names.js';
import type { WorkerEntry } from '../ports.js';
import {
  composeAuditActivities,
  composeCanaryActivities,
  composeValidatorActivities,
  type Parts,
} from './compose.js';
import { dependenciesOf } from './dependencies.js';
import { startHealthServer } from './health-server.js';
import { untilDone } from './retry.js';
import { installRuntime } from './runtime.js';
import {
  ensureAuditSchedule,
  ensureCycleSchedule,
  ensureEvidence,
  ensureRetentionSchedule,
  ensureValidators,
} from './schedules.js';
import { workflowBundle } from './workflow-bundle.js';

/** A worker renews its entry this often; after 15 s without it counts as gone. */
const RENEW_MS = 5_000;
const SHUTDOWN_GRACE_MS = 5_000;
/**
 * A cached workflow holds about 0.3 MB. All may stay that the reference set-up can have open with
 * every backend silent, some 120; of more, those that waited longest are replayed from their short
 * histories.
 */
const CACHED_WORKFLOWS_MAX = 150;
const BUNDLE_DIRECTORY = join('.stack', 'cache', 'workflow-bundles');

/** Runs until `stop` is aborted, waiting for whatever is away; then ends what it began. */
export async function runWorkerProcess(
  config: Config,
  logger: Logger,
  stop: AbortSignal,
): Promise<void> {
  const platform = openPlatform(config, logger);
  installRuntime(logger, config.listen.sdkMetrics);
  const stores = await openStores(config, logger);
  const temporal: { connection: NativeConnection | undefined } = { connection: undefined };
  const queues = new Map<string, Worker>();
  const health = await startHealthServer(
    config.listen.worker,
    dependenciesOf(
      config,
      stores,
      () => temporal.connection,
      (taskQueue) => queues.get(taskQueue)?.getState(),
    ),
  );
  try {
    const [bundle, connection] = await Promise.all([
      workflowBundle(BUNDLE_DIRECTORY),
      untilDone('Temporal', connectNative, logger, stop),
      untilDone('PostgreSQL', () => migratePostgres(config.stores.postgres, logger), logger, stop),
    ]);
    temporal.connection = connection;
    const client = new Client({ connection, namespace: temporalAddress().namespace });
    const entry = entryOf(config);
    const tests = createTemporalTestWorkflows(client);
    const parts: Parts = { config, logger, stores, platform, tests, workerId: entry.id };
    const workers = await createWorkers(parts, { connection, workflowBundle: bundle });
    for (const worker of workers) queues.set(worker.options.taskQueue, worker);
    await beginWarmUpIfAlone(stores, logger, stop);
    const background = [
      keepRenewing(stores, entry, logger, stop),
      ...ensureAll(config, client, Object.keys(platform.evidence)).map(({ ensure, what }) =>
        untilDone(what, ensure, logger, stop),
      ),
    ];
    stop.addEventListener('abort', () => workers.forEach(shutDown));
    logger.info({ worker: entry.id, paths: config.paths.length }, 'worker runs');
    await Promise.all(workers.map((worker) => worker.run()));
    await Promise.allSettled(background);
    await connection.close();
  } finally {
    await Promise.allSettled([health.close(), stores.close()]);
  }
}

/** What must be there in Temporal; each is made, or brought up to date, by any worker. */
function ensureAll(config: Config, client: Client, evidence: readonly FrameId[]) {
  const { audit, cycle, retention, topology } = config;
  return [
    { what: 'the schedule', ensure: () => ensureCycleSchedule(client, cycle.interval) },
    { what: 'the schedule of audits', ensure: () => ensureAuditSchedule(client, audit.interval) },
    {
      what: 'the schedule of the pruning',
      ensure: () => ensureRetentionSchedule(client, retention.interval),
    },
    { what: 'validators', ensure: () => ensureValidators(client, frameIds(topology)) },
    { what: 'evidence', ensure: () => ensureEvidence(client, evidence) },
  ];
}

function shutDown(worker: Worker): void {
  if (worker.getState() === 'RUNNING') worker.shutdown();
}

async function createWorkers(
  parts: Parts,
  common: { readonly connection: NativeConnection; readonly workflowBundle: WorkflowBundlePath },
): Promise<readonly Worker[]> {
  const shared = {
    ...common,
    namespace: temporalAddress().namespace,
    identity: parts.workerId,
    shutdownGraceTime: SHUTDOWN_GRACE_MS,
    workflowThreadPoolSize: 1,
  };
  const canary = await Worker.create({
    ...shared,
    taskQueue: TASK_QUEUES.canary,
    activities: composeCanaryActivities(parts),
    maxCachedWorkflows: CACHED_WORKFLOWS_MAX,
    maxConcurrentActivityTaskExecutions: 200,
    maxConcurrentLocalActivityExecutions: 50,
    maxConcurrentWorkflowTaskExecutions: 100,
  });
  const validators = await Worker.create({
    ...shared,
    taskQueue: TASK_QUEUES.validators,
    activities: { ...composeValidatorActivities(parts) },
    maxCachedWorkflows: 100,
    maxConcurrentActivityTaskExecutions: 100,
    maxConcurrentWorkflowTaskExecutions: 20,
  });
  const audit = await Worker.create({
    ...shared,
    taskQueue: TASK_QUEUES.audit,
    activities: { ...composeAuditActivities(parts) },
    maxCachedWorkflows: 10,
    maxConcurrentActivityTaskExecutions: 4,
    maxConcurrentWorkflowTaskExecutions: 4,
  });
  return [canary, validators, audit];
}

function entryOf(config: Config): WorkerEntry {
  return {
    id: `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`,
    sdkMetricsUrl: `${reachableUrl(config.listen.sdkMetrics, hostname())}/metrics`,
    healthUrl: reachableUrl(config.listen.worker, hostname()),
    startedAtMs: systemClock.nowMs(),
  };
}

/** Warm-up begins where no other worker lives: a second worker that joins disturbs nothing. */
async function beginWarmUpIfAlone(stores: Stores, logger: Logger, stop: AbortSignal) {
  const begin = async () => {
    if ((await stores.workers.alive()).length > 0) return;
    await stores.results.beginWarmUp(systemClock.nowMs());
  };
  await untilDone('the stores', begin, logger, stop);
}

async function keepRenewing(stores: Stores, entry: WorkerEntry, logger: Logger, stop: AbortSignal) {
  while (!stop.aborted) {
    await stores.workers
      .renew(entry)
      .catch((err: unknown) => logger.warn({ err }, 'worker entry not renewed'));
    await delay(RENEW_MS, undefined, { signal: stop }).catch(() => undefined);
  }
  await stores.workers
    .remove(entry.id)
    .catch((err: unknown) => logger.warn({ err }, 'left behind'));
}
