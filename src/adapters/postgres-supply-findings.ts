// The findings of supply audits in SQL: what stands, and who explained what.
import type { Acknowledgement, StoredFinding, SupplyFinding } from '../domain/supply-finding.js';
import type { Query } from './postgres-connection.js';
import { timeOf } from './postgres-rows.js';
import { storableText } from './storable-text.js';

interface FindingRow {
  readonly id: string;
  readonly found_by: string;
  readonly found_at: Date;
  readonly closed_by: string | null;
  readonly acknowledged_by: string | null;
  readonly acknowledged_at: Date | null;
  readonly acknowledged_reason: string | null;
  readonly finding: string;
}

const READ = {
  name: 'canary-audit-findings',
  text: `select id, found_by, found_at, closed_by, acknowledged_by, acknowledged_at,
      acknowledged_reason, finding
    from supply_findings where not $1::boolean or closed_by is null
    order by found_by desc, id limit $2`,
};

export async function readFindings(
  query: Query,
  { limit, standing }: { readonly standing: boolean; readonly limit: number },
): Promise<readonly StoredFinding[]> {
  return (await query<FindingRow>(READ, [standing, limit])).map(storedFindingOf);
}

function storedFindingOf(row: FindingRow): StoredFinding {
  const finding = JSON.parse(row.finding) as SupplyFinding;
  return {
    ...finding,
    interval: finding.interval ?? undefined,
    delta: finding.delta ?? undefined,
    id: row.id,
    foundBy: Number(row.found_by),
    foundAtMs: row.found_at.getTime(),
    closedBy: row.closed_by === null ? undefined : Number(row.closed_by),
    acknowledged: acknowledgementOf(row),
  };
}

function acknowledgementOf(row: FindingRow): Acknowledgement | undefined {
  if (row.acknowledged_at === null) return undefined;
  return {
    by: row.acknowledged_by ?? '',
    atMs: row.acknowledged_at.getTime(),
    reason: row.acknowledged_reason ?? '',
  };
}

const ACKNOWLEDGE = {
  name: 'canary-audit-acknowledge',
  text: `update supply_findings
    set acknowledged_by = $2, acknowledged_at = $3, acknowledged_reason = $4
    where id = any($1::text[]) and acknowledged_at is null returning id`,
};

/** The first explanation stays: a later one changes nothing. */
export async function acknowledgeFindings(
  query: Query,
  ids: readonly string[],
  { atMs, by, reason }: Acknowledgement,
): Promise<readonly string[]> {
  const values = [[...ids], storableText(by), timeOf(atMs), storableText(reason)];
  return (await query<{ id: string }>(ACKNOWLEDGE, values)).map(({ id }) => id);
}
