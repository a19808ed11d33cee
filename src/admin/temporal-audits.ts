// Supply audits asked for by hand, as Temporal runs them.
import type { Client } from '@temporalio/client';
import { auditWorkflowId, SCHEDULE_IDS, TASK_QUEUES, WORKFLOW_TYPES } from '../names.js';
import type { SupplyAuditRequest } from '../workflows/supply-audit.js';
import type { Audits } from './admin-dependencies.js';
import { callTemporal, readSchedule } from './temporal-cycles.js';

const BY_HAND: SupplyAuditRequest = { slot: 'manual' };

/** `TASK_QUEUE_TYPE_ACTIVITY` of Temporal's API. */
const ACTIVITIES = 2;

/** No call is retried here beyond what the Temporal client does by itself within seconds. */
export function createTemporalAudits(connect: () => Promise<Client>, address: string): Audits {
  return {
    start: (auditId) =>
      callTemporal(connect, address, async (client) => {
        await client.workflow.start(WORKFLOW_TYPES.supplyAudit, {
          args: [BY_HAND],
          workflowId: auditWorkflowId(auditId),
          taskQueue: TASK_QUEUES.audit,
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          workflowIdConflictPolicy: 'FAIL',
          staticSummary: 'supply audit, by hand',
        });
      }),
    ended: (auditId, signal) =>
      callTemporal(connect, address, (client) => {
        signal.throwIfAborted();
        return client.withAbortSignal(signal, async () => {
          await client.workflow.getHandle(auditWorkflowId(auditId)).result();
        });
      }),
    schedule: () =>
      callTemporal(connect, address, (client) => readSchedule(client, SCHEDULE_IDS.supplyAudit)),
    pollers: () => callTemporal(connect, address, countPollers),
  };
}

async function countPollers(client: Client): Promise<number> {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name: TASK_QUEUES.audit },
    taskQueueType: ACTIVITIES,
  });
  return pollers?.length ?? 0;
}
