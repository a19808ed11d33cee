// The schedules on a real Temporal server, in a namespace of this file's own: when they fire, what
// they start, and their policies; an operator's pause outlives an update.
import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { SCHEDULE_IDS, TASK_QUEUES, WORKFLOW_TYPES } from '../../src/names.js';
import {
  ensureAuditSchedule,
  ensureCycleSchedule,
  ensureRetentionSchedule,
} from '../../src/workers/schedules.js';
import { until } from '../support/until.js';

const NAMESPACE = `schedules-${randomUUID()}`;
const HOUR_MS = 3_600_000;

let connection: Connection;
let client: Client;

beforeAll(async () => {
  connection = await Connection.connect({ address: inject('temporalAddress') });
  await connection.workflowService.registerNamespace({
    namespace: NAMESPACE,
    workflowExecutionRetentionPeriod: msToTs('1 day'),
  });
  client = new Client({ connection, namespace: NAMESPACE });
});
afterAll(() => connection.close());

interface Row {
  readonly scheduleId: string;
  readonly ensure: (client: Client, intervalMs: number) => Promise<void>;
  readonly workflowType: string;
  readonly taskQueue: string;
  readonly overlap: string;
}

const ROWS: readonly Row[] = [
  {
    scheduleId: SCHEDULE_IDS.canaryCycle,
    ensure: ensureCycleSchedule,
    workflowType: WORKFLOW_TYPES.canaryCycle,
    taskQueue: TASK_QUEUES.canary,
    overlap: 'ALLOW_ALL',
  },
  {
    scheduleId: SCHEDULE_IDS.supplyAudit,
    ensure: ensureAuditSchedule,
    workflowType: WORKFLOW_TYPES.supplyAudit,
    taskQueue: TASK_QUEUES.audit,
    overlap: 'SKIP',
  },
  {
    scheduleId: SCHEDULE_IDS.retention,
    ensure: ensureRetentionSchedule,
    workflowType: WORKFLOW_TYPES.retention,
    taskQueue: TASK_QUEUES.canary,
    overlap: 'SKIP',
  },
];

test.each(ROWS)('$scheduleId', async ({ scheduleId, ensure, overlap, ...action }) => {
  // A new namespace reaches every part of the server only after a while.
  await until(() => ensure(client, HOUR_MS), 60_000);
  const handle = client.schedule.getHandle(scheduleId);
  const made = await until(() => handle.describe(), 60_000);
  expect(made.spec.intervals).toMatchObject([{ every: HOUR_MS }]);
  expect(made.action).toMatchObject(action);
  expect(made.policies).toEqual({ overlap, catchupWindow: HOUR_MS, pauseOnFailure: false });
  expect(made.state.paused).toBe(false);

  await handle.pause('by a person');
  await ensure(client, 2 * HOUR_MS);
  const updated = await until(async () => {
    const now = await handle.describe();
    if (now.spec.intervals?.[0]?.every !== 2 * HOUR_MS) throw new Error('not updated yet');
    return now;
  }, 60_000);
  expect(updated.policies.catchupWindow).toBe(2 * HOUR_MS);
  expect(updated.state).toMatchObject({ paused: true, note: 'by a person' });
});
