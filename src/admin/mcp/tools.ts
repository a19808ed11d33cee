// The tools of the MCP face: which operation each one runs, and what a client may expect of it.
import type { Operation } from '../operation.js';
import { OPERATIONS, type OperationKey } from '../operations.js';

/** Hints as the protocol names them; a client may rely on none of them, the rights are ours. */
export interface Hints {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly operation: Operation;
  readonly hints: Hints;
  /** What the summary of the operation leaves unsaid. */
  readonly more: string;
  /** How to ask for less where an answer is too long. */
  readonly less: string;
}

/** Asks the reactor alone. */
const READS: Hints = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};
/** Asks the services beside the reactor. */
const ASKS: Hints = { ...READS, openWorldHint: true };
/** Adds to what there is, each time again. */
const ADDS: Hints = { ...READS, readOnlyHint: false, idempotentHint: false };
/** Moves tokens on the platform. */
const MOVES: Hints = { ...ADDS, openWorldHint: true };
/** Takes something back; twice is as once. */
const ENDS: Hints = { ...READS, readOnlyHint: false, destructiveHint: true };
/** May change what lies beside the reactor, in any way. */
const PROXIES: Hints = {
  readOnlyHint: false,
  destructiveHint: true,
  idempotentHint: false,
  openWorldHint: true,
};

const PAGE = 'give a smaller `limit`, then go on with `cursor`';
const NARROWER = 'ask for one test, path or cycle by its own tool';
const WAITS = 'It waits for the end unless `wait` is false; `timeout` is such as 60s.';
const TIMES = 'Times are UTC, such as 2026-11-23T18:30:00Z.';
const UPSTREAM = 'Redirects are not followed; `status` is the upstream’s own.';

type Row = Omit<Tool, 'operation' | 'more' | 'less'> & Partial<Pick<Tool, 'more' | 'less'>>;

const row = (name: string, title: string, hints: Hints, rest: Partial<Row> = {}): Row => ({
  name,
  title,
  hints,
  ...rest,
});

/** A row for every operation; `undefined` for one that this face leaves out. */
const ROWS: Readonly<Record<OperationKey, Row | undefined>> = {
  status: row('canary_getStatus', 'Status', READS, { more: 'Begin here.' }),
  publicStatus: row('canary_getPublicStatus', 'Status as the public sees it', READS),
  attention: row('canary_listAttention', 'What needs attention', READS),
  board: row('canary_getBoard', 'Scoreboard of all paths', READS),
  auditor: row('canary_getAuditor', 'The supply auditor', READS),
  paths: row('canary_listPaths', 'Path matrix', READS, { less: 'give a smaller `last`' }),
  results: row('canary_listResults', 'Results', READS, { more: TIMES, less: PAGE }),
  result: row('canary_getResult', 'One test', READS),
  explain: row('canary_explain', 'Explain a test', READS),
  cycles: row('canary_listCycles', 'Cycles', READS, { less: PAGE }),
  cycleRead: row('canary_getCycle', 'One cycle', READS),
  cycle: row('canary_fireCycle', 'Fire every path', MOVES, { more: WAITS }),
  fire: row('canary_fire', 'Fire one path', MOVES, {
    more: `Give \`path\`, or \`sender\`, \`receiver\` and \`backend\`. ${WAITS}`,
  }),
  audit: row('canary_audit', 'Audit the supply', ADDS, { more: 'It waits for the certificate.' }),
  auditVerify: row('canary_verifyAudits', 'Verify the certificates', READS),
  auditHistory: row('canary_listAudits', 'Supply certificates', READS, { less: PAGE }),
  auditRead: row('canary_getAudit', 'One supply certificate', READS),
  auditAcknowledge: row('canary_acknowledgeFindings', 'Explain supply findings', ADDS),
  pause: row('canary_pause', 'Pause a path', ADDS, {
    more: `Give \`path\` or \`all\`, and \`for\` such as 30m, or \`until\`. ${TIMES}`,
  }),
  resume: row('canary_resume', 'Resume a path', ENDS),
  pauses: row('canary_listPauses', 'Pauses', READS),
  maintenance: row('canary_listMaintenance', 'Maintenance windows', READS),
  maintenanceAdd: row('canary_addMaintenance', 'Add a maintenance window', ADDS, { more: TIMES }),
  maintenanceEnd: row('canary_endMaintenance', 'End a maintenance window', ENDS),
  acknowledge: row('canary_acknowledge', 'Acknowledge a failure', ADDS),
  actions: row('canary_listActions', 'What operators did', READS, { less: PAGE }),
  retentionRun: row('canary_runRetention', 'Delete old results', ENDS),
  doctor: row('canary_doctor', 'Check every dependency', ASKS),
  configCheck: row('canary_checkConfig', 'Check the configuration', READS),
  configShow: row('canary_getConfig', 'The configuration', READS),
  tokens: row('canary_listTokens', 'Access tokens', READS),
  tokenCreate: undefined,
  tokenRevoke: row('canary_revokeToken', 'Revoke an access token', ENDS),
  promQuery: row('theprotocol_adminPromQuery', 'Query Prometheus', ASKS, {
    more: 'Without `start` and `end` it is an instant query, with both a range query.',
    less: 'aggregate in the query, or give a longer `step` or a shorter range',
  }),
  grafana: row('theprotocol_adminGrafanaQuery', 'Ask Grafana', PROXIES, {
    more: UPSTREAM,
    less: 'ask for one dashboard, or page by its own parameters',
  }),
  request: row('theprotocol_adminRequest', 'Ask an upstream', PROXIES, {
    more: UPSTREAM,
    less: 'page or filter by the upstream’s own parameters',
  }),
};

export const TOOLS: readonly Tool[] = Object.entries(OPERATIONS).flatMap(([key, operation]) => {
  const found = Object.entries(ROWS).find(([name]) => name === key)?.[1];
  return found === undefined ? [] : [{ more: '', less: NARROWER, ...found, operation }];
});
