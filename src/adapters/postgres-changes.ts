// The results that changed since a moment, for whoever watches: told anew at verdict and at close.
import type { ResultChanges, StoredResult } from '../ports.js';
import type { Postgres } from './postgres-connection.js';
import { type ResultRow, storedResultOf, timeOf } from './postgres-rows.js';

/** Each half by its own index, so that the cost follows what changed and not the table. */
const CHANGED = {
  name: 'canary-results-changed',
  text: `with changed as (
    (select test_id, decided_at as at from canary_test_results
      where decided_at >= $1 order by decided_at limit $2)
    union
    (select test_id, closed_at as at from canary_test_results
      where closed_at >= $1 order by closed_at limit $2)
  )
  select r.*,
    (select count(*)::int from canary_findings f where f.test_id = r.test_id) as finding_count,
    (select count(*)::int from canary_corrections c where c.test_id = r.test_id)
      as correction_count
  from canary_test_results r
  where r.test_id in (select test_id from changed order by at limit $2)`,
};

/** Throws `StoreUnavailableError` while PostgreSQL is away; not retried here. */
export function createPostgresChanges(postgres: Postgres): ResultChanges {
  return {
    async changedSince(atMs: number, limit: number): Promise<readonly StoredResult[]> {
      const rows = await postgres.query<ResultRow>(CHANGED, [timeOf(atMs), limit]);
      return rows.map(storedResultOf);
    },
  };
}
