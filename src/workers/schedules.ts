// What must run for ever in Temporal: the schedules of cycles and audits, and one validator per
// frame and type.
import {
  type Client,
  ScheduleAlreadyRunning,
  type ScheduleOptions,
  type ScheduleUpdateOptions,
} from '@temporalio/client';
import type { CompareInput } from '../activities/compare-feeds.js';
import type { CycleRequest } from '../activities/run-cycle.js';
import type { ValidatorInput } from '../activities/validate-events.js';
import { VALIDATED_EVENT_TYPES } from '../domain/event.js';
import type { FrameId } from '../domain/frame.js';
import {
  auditWorkflowId,
  cycleWorkflowId,
  evidenceWorkflowId,
  retentionWorkflowId,
  SCHEDULE_IDS,
  TASK_QUEUES,
  validatorWorkflowId,
  WORKFLOW_TYPES,
} from '../names.js';
import type { SupplyAuditRequest } from '../workflows/supply-audit.js';

const SCHEDULED_AUDIT: SupplyAuditRequest = { slot: 'scheduled' };
const EVERY_PATH: CycleRequest = { slot: 'scheduled', pathIds: [] };

/**
 * Creates the cycle schedule, or updates it and leaves an operator's pause and note as they are.
 */
export function ensureCycleSchedule(client: Client, intervalMs: number): Promise<void> {
  return ensureSchedule(client, cycleSchedule(intervalMs));
}

/** The same for the schedule of the supply audits. */
export function ensureAuditSchedule(client: Client, intervalMs: number): Promise<void> {
  return ensureSchedule(client, auditSchedule(intervalMs));
}

/** The same for the schedule of the pruning. */
export function ensureRetentionSchedule(client: Client, intervalMs: number): Promise<void> {
  return ensureSchedule(client, retentionSchedule(intervalMs));
}

async function ensureSchedule(client: Client, options: ScheduleOptions): Promise<void> {
  try {
    await client.schedule.create(options);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    const handle = client.schedule.getHandle(options.scheduleId);
    const { scheduleId: _id, ...rest } = options;
    await handle.update((previous) => ({
      ...(rest as Omit<ScheduleUpdateOptions, 'state'>),
      state: previous.state,
    }));
  }
}

/** Starts every validator that does not run yet; those that run keep their watermark. */
export async function ensureValidators(client: Client, frames: readonly FrameId[]): Promise<void> {
  const inputs: readonly ValidatorInput[] = frames.flatMap((frame) =>
    VALIDATED_EVENT_TYPES.map((eventType) => ({ frame, eventType, watermark: undefined })),
  );
  await Promise.all(inputs.map((input) => ensureValidator(client, input)));
}

async function ensureValidator(client: Client, input: ValidatorInput): Promise<void> {
  await client.workflow.start(WORKFLOW_TYPES.validator, {
    args: [input],
    workflowId: validatorWorkflowId(input.frame, input.eventType),
    taskQueue: TASK_QUEUES.validators,
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: `follows ${input.eventType} in frame ${input.frame}`,
  });
}

/** Starts the evidence of every frame that has one; it ends by itself where it was turned off. */
export async function ensureEvidence(client: Client, frames: readonly FrameId[]): Promise<void> {
  await Promise.all(frames.map((frame) => startEvidence(client, { frame, places: undefined })));
}

async function startEvidence(client: Client, input: CompareInput): Promise<void> {
  await client.workflow.start(WORKFLOW_TYPES.evidence, {
    args: [input],
    workflowId: evidenceWorkflowId(input.frame),
    taskQueue: TASK_QUEUES.validators,
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: `holds the two feeds of frame ${input.frame} against each other`,
  });
}

function cycleSchedule(intervalMs: number): ScheduleOptions {
  return {
    scheduleId: SCHEDULE_IDS.canaryCycle,
    spec: { intervals: [{ every: intervalMs }] },
    action: {
      type: 'startWorkflow',
      workflowType: WORKFLOW_TYPES.canaryCycle,
      args: [EVERY_PATH],
      taskQueue: TASK_QUEUES.canary,
      workflowId: cycleWorkflowId('slot'),
      staticSummary: 'fired by the schedule: every path',
    },
    policies: {
      // A cycle lives until its last deadline, so cycles overlap by design (decision 8).
      overlap: 'ALLOW_ALL',
      // A slot older than one interval is worth nothing: it is counted as missed instead.
      catchupWindow: Math.max(10_000, intervalMs),
      pauseOnFailure: false,
    },
  };
}

function auditSchedule(intervalMs: number): ScheduleOptions {
  return {
    scheduleId: SCHEDULE_IDS.supplyAudit,
    spec: { intervals: [{ every: intervalMs }] },
    action: {
      type: 'startWorkflow',
      workflowType: WORKFLOW_TYPES.supplyAudit,
      args: [SCHEDULED_AUDIT],
      taskQueue: TASK_QUEUES.audit,
      workflowId: auditWorkflowId('slot'),
      staticSummary: 'supply audit, by the schedule',
    },
    policies: {
      // Audits are serial: what one of them covers, the next would only read again.
      overlap: 'SKIP',
      // A slot older than one interval is worth nothing: it is counted as missed instead.
      catchupWindow: Math.max(10_000, intervalMs),
      pauseOnFailure: false,
    },
  };
}

function retentionSchedule(intervalMs: number): ScheduleOptions {
  return {
    scheduleId: SCHEDULE_IDS.retention,
    spec: { intervals: [{ every: intervalMs }] },
    action: {
      type: 'startWorkflow',
      workflowType: WORKFLOW_TYPES.retention,
      taskQueue: TASK_QUEUES.canary,
      workflowId: retentionWorkflowId('slot'),
      staticSummary: 'deletes what has outlived its retention',
    },
    policies: {
      // Two at once would delete the same rows.
      overlap: 'SKIP',
      // The next one deletes what one that is missed would have.
      catchupWindow: Math.max(10_000, intervalMs),
      pauseOnFailure: false,
    },
  };
}
