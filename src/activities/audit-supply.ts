// The activity of one supply audit: cut every frame twice, read the logs, decide, store. It can be
// killed anywhere: until the one commit nothing is changed, and after it the answer is stored.
import { activityInfo, heartbeat, sleep } from '@temporalio/activity';
import type { Clock, SupplyPlatform, SupplyStore } from '../ports.js';
import { type AuditSettings, createSupplyAuditor } from './supply-auditor.js';
import { type AuditSummary, summaryOf } from './supply-summary.js';

export interface AuditRequest {
  /** Names the audit: asked again under the same id, it answers what is stored. */
  readonly auditId: string;
  /** The due moment of a scheduled audit. */
  readonly slotMs: number | undefined;
}

export interface AuditActivities {
  auditSupply(request: AuditRequest): Promise<AuditSummary>;
}

export interface AuditDependencies {
  readonly clock: Clock;
  readonly platform: SupplyPlatform;
  readonly store: SupplyStore;
  readonly settings: AuditSettings;
  readonly hashOf: (text: string) => string;
}

export function createAuditActivities(deps: AuditDependencies): AuditActivities {
  const auditor = createSupplyAuditor({
    ...deps,
    wait: (ms) => sleep(ms),
    onProgress: () => heartbeat(activityInfo().attempt),
  });
  return {
    auditSupply: async (request) => summaryOf(await auditor.audit(request)),
  };
}
