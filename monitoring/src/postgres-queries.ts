// What the PostgreSQL exporter asks beside its own questions: replication lag, the slowest
// statements, and what waits or has run for long. Each exporter asks in its own database.

const STATEMENTS_SHOWN = 10;
const STATEMENT_CHARACTERS = 80;

const label = (description: string) => ({ usage: 'LABEL', description });
const gauge = (description: string) => ({ usage: 'GAUGE', description });
const counter = (description: string) => ({ usage: 'COUNTER', description });

/** In the form of the exporter's `--extend.query-path`: the names become `pg_<key>_<metric>`. */
export function postgresQueries(): object {
  return {
    pg_replication: {
      query: lines(
        'select case when pg_is_in_recovery()',
        'then greatest(0, extract(epoch from now() - pg_last_xact_replay_timestamp()))',
        'else 0 end as lag',
      ),
      metrics: [{ lag: gauge('Seconds by which a replica is behind; 0 on a primary.') }],
    },
    // The exporter's own way shows each of three hundred settings; these are the ones to judge by.
    pg_settings: {
      query: lines(
        "select current_setting('max_connections')::int as max_connections,",
        "pg_size_bytes(current_setting('shared_buffers')) as shared_buffers_bytes,",
        "pg_size_bytes(current_setting('effective_cache_size')) as effective_cache_size_bytes,",
        "pg_size_bytes(current_setting('work_mem')) as work_mem_bytes",
      ),
      metrics: [
        { max_connections: gauge('How many sessions the server takes.') },
        { shared_buffers_bytes: gauge('Memory that all sessions share.') },
        { effective_cache_size_bytes: gauge('What the planner takes the caches for.') },
        { work_mem_bytes: gauge('Memory of one sort or hash.') },
      ],
    },
    pg_activity: {
      query: lines(
        'select coalesce(max(extract(epoch from now() - query_start))',
        "filter (where state = 'active'), 0) as longest_query_seconds,",
        'coalesce(max(extract(epoch from now() - xact_start)), 0)',
        'as longest_transaction_seconds,',
        "count(*) filter (where wait_event_type = 'Lock') as waiting_for_locks",
        'from pg_stat_activity',
        'where datname = current_database() and pid <> pg_backend_pid()',
      ),
      metrics: [
        { longest_query_seconds: gauge('Age of the oldest statement that still runs.') },
        { longest_transaction_seconds: gauge('Age of the oldest open transaction.') },
        { waiting_for_locks: gauge('Sessions that wait for a lock.') },
      ],
    },
    // Needs the extension pg_stat_statements in the database.
    pg_stat_statements: {
      query: lines(
        `select queryid::text, left(regexp_replace(query, '\\s+', ' ', 'g'),`,
        `${STATEMENT_CHARACTERS}) as query,`,
        'sum(calls) as calls_total, sum(total_exec_time) / 1000 as seconds_total,',
        'sum(rows) as rows_total',
        'from pg_stat_statements',
        'where dbid = (select oid from pg_database where datname = current_database())',
        'group by queryid, query',
        `order by sum(total_exec_time) desc limit ${STATEMENTS_SHOWN}`,
      ),
      metrics: [
        { queryid: label('The number of the statement.') },
        { query: label('How the statement begins.') },
        { calls_total: counter('How often it was run.') },
        { seconds_total: counter('Time spent in it.') },
        { rows_total: counter('Rows that it gave back or changed.') },
      ],
    },
  };
}

function lines(...parts: readonly string[]): string {
  return parts.join(' ');
}
