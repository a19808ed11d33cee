// One supply audit: a single activity that is retried until its certificate is stored. The result
// is the audit in a few lines, readable in the Temporal UI.
import { proxyActivities, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { AuditActivities } from '../activities/audit-supply.js';
import type { AuditSummary } from '../activities/supply-summary.js';
import { slotLabel } from '../domain/test.js';
import { dueAtMs } from './due-time.js';

/** Who asks for an audit: the schedule, or a person. */
export interface SupplyAuditRequest {
  readonly slot: 'scheduled' | 'manual';
}

const { auditSupply } = proxyActivities<AuditActivities>({
  // A first audit reads the whole log; heartbeats tell a dead worker long before.
  startToCloseTimeout: '1 hour',
  heartbeatTimeout: '30 seconds',
  // Every attempt is the same audit: what an earlier one stored is answered again.
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '10 seconds' },
  summary: 'cut every frame twice, read the logs, certify',
});

/** Audits once for its slot, or for its own id where a person asked. */
export async function supplyAudit(request: SupplyAuditRequest): Promise<AuditSummary> {
  const slotMs = request.slot === 'scheduled' ? dueAtMs() : undefined;
  const { workflowId } = workflowInfo();
  const named = workflowId.slice(workflowId.indexOf('/') + 1);
  const auditId = slotMs === undefined ? named : slotLabel(slotMs);
  const summary = await auditSupply({ auditId, slotMs });
  setCurrentDetails(`Certificate ${summary.certificate}: ${summary.headline}`);
  return summary;
}
