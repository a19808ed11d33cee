// Supply audits in PostgreSQL: one transaction stores an audit as a whole, and only if none was
// stored since it was begun, so that audits are serial however many workers and people start them.
import type { SupplyStore } from '../ports.js';
import type { Postgres, Transaction } from './postgres-connection.js';
import { acknowledgeFindings, readFindings } from './postgres-supply-findings.js';
import {
  loadState,
  readCertificateOf,
  readCertificates,
  readDigests,
  readOverview,
  readTransfers,
} from './postgres-supply-reads.js';
import { commitAudit } from './postgres-supply-writes.js';

const LOAD: Transaction = { name: 'canary-load-audit', isolation: 'repeatable read' };
const OVERVIEW: Transaction = { name: 'canary-audit-overview', isolation: 'repeatable read' };
/** What was committed while the lock was waited for must be seen. */
const COMMIT: Transaction = { name: 'canary-commit-audit', isolation: 'read committed' };

/** All calls throw `StoreUnavailableError` while PostgreSQL is away; none is retried here. */
export function createPostgresSupply(postgres: Postgres): SupplyStore {
  return {
    certificateOf: (auditId) => readCertificateOf(postgres.query, auditId),
    load: () => postgres.transaction(LOAD, loadState),
    transfers: (transferIds) => readTransfers(postgres.query, transferIds),
    digests: (frame, positions) => readDigests(postgres.query, frame, positions),
    commit: (change) => postgres.transaction(COMMIT, (query) => commitAudit(query, change)),
    certificates: (query) => readCertificates(postgres.query, query),
    findings: (query) => readFindings(postgres.query, query),
    acknowledge: (ids, by) => acknowledgeFindings(postgres.query, ids, by),
    overview: () => postgres.transaction(OVERVIEW, readOverview),
  };
}
