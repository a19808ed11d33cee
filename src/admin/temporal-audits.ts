// Supply audits asked for by hand, as Temporal runs them.
import type { Client } from '@temporalio/client';
import { auditWorkflowId, TASK_QUEUES, WORKFLOW_TYPES } from '../names.js';
import type { SupplyAuditRequest } from '../workflows/supply-audit.js';
import type { Audits } from './admin-dependencies.js';
import { callTemporal } from './temporal-cycles.js';

const BY_HAND: SupplyAuditRequest = { slot: 'manual' };

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
  };
}
