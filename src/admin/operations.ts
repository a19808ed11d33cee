// Every operation of the reactor, written once: HTTP, MCP and the command line are faces of it.
import type { Face } from './actor.js';

import { acknowledge, listAttention } from './operations/acknowledge.js';
import { acknowledgeFindings } from './operations/acknowledge-findings.js';
import { createToken, listTokens, revokeToken } from './operations/api-tokens.js';
import { askGrafana, requestUpstream } from './operations/ask-upstream.js';
import { listCycles, readCycle } from './operations/cycles.js';
import { explainResult } from './operations/explain-result.js';
import { firePath } from './operations/fire-path.js';
import { listActions } from './operations/list-actions.js';
import { listAudits } from './operations/list-audits.js';
import { listPaths } from './operations/list-paths.js';
import { listResults } from './operations/list-results.js';
import { addMaintenance, endMaintenance, listMaintenance } from './operations/maintenance.js';
import { listPauses, pausePath, resumePath } from './operations/pauses.js';
import { readPublicStatus } from './operations/public-status.js';
import { queryPrometheus } from './operations/query-prometheus.js';
import { readAudit } from './operations/read-audit.js';
import { readAuditor } from './operations/read-auditor.js';
import { readBoard } from './operations/read-board.js';
import { readResult } from './operations/read-result.js';
import { readStatus } from './operations/read-status.js';
import { runAudit } from './operations/run-audit.js';
import { runDoctor } from './operations/run-doctor.js';
import { runRetention } from './operations/run-retention.js';
import { checkConfig, showConfig } from './operations/show-config.js';
import { startCycle } from './operations/start-cycle.js';
import { verifyAudits } from './operations/verify-audits.js';

export const OPERATIONS = {
  cycle: startCycle,
  fire: firePath,
  status: readStatus,
  publicStatus: readPublicStatus,
  board: readBoard,
  auditor: readAuditor,
  paths: listPaths,
  results: listResults,
  result: readResult,
  explain: explainResult,
  audit: runAudit,
  auditVerify: verifyAudits,
  auditHistory: listAudits,
  auditRead: readAudit,
  auditAcknowledge: acknowledgeFindings,
  pause: pausePath,
  resume: resumePath,
  pauses: listPauses,
  maintenance: listMaintenance,
  maintenanceAdd: addMaintenance,
  maintenanceEnd: endMaintenance,
  actions: listActions,
  acknowledge,
  attention: listAttention,
  retentionRun: runRetention,
  cycles: listCycles,
  cycleRead: readCycle,
  doctor: runDoctor,
  configCheck: checkConfig,
  configShow: showConfig,
  tokens: listTokens,
  tokenCreate: createToken,
  tokenRevoke: revokeToken,
  promQuery: queryPrometheus,
  grafana: askGrafana,
  request: requestUpstream,
} as const;

export type OperationKey = keyof typeof OPERATIONS;

/** What a face leaves out, and why; every face offers all else. */
export const LEFT_OUT: readonly {
  readonly operation: OperationKey;
  readonly face: Face;
  readonly reason: string;
}[] = [
  {
    operation: 'tokenCreate',
    face: 'mcp',
    reason: 'the secret of a new token would stand in the memory of a model',
  },
];
