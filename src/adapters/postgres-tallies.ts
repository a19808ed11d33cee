// Tallies in SQL: the one statement part that every writing of a fact carries along.
import type { Tally, TallyName } from '../domain/tally.js';
import type { Postgres } from './postgres-connection.js';
import { storableJson } from './storable-text.js';

/** The rows of a tally parameter, as every statement reads them. */
export function talliesFrom(parameter: string): string {
  return `select t.tally, t.labels, t.add
    from jsonb_to_recordset(${parameter}::jsonb) as t(tally text, labels jsonb, add numeric)`;
}

/**
 * Adds the rows of a query (tally, labels, add) to the counters. In key order, so that two
 * transactions that touch the same counters wait for each other and never in a circle.
 */
export function addTallies(query: string): string {
  return `insert into canary_tallies as counter (tally, labels, value)
    select tally, labels, sum(add) from (${query}) as news
    group by tally, labels order by tally, labels
    on conflict (tally, labels) do update set value = counter.value + excluded.value`;
}

/** Tallies as a statement's parameter. */
export function tallyParameter(tallies: readonly Tally[]): string {
  return storableJson(tallies);
}

interface TallyRow {
  readonly tally: TallyName;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: string;
}

const READ = {
  name: 'canary-read-tallies',
  text: 'select tally, labels, value from canary_tallies order by tally, labels',
};

/** Every counter as it stands. */
export async function readTallies(postgres: Postgres): Promise<readonly Tally[]> {
  const rows = await postgres.query<TallyRow>(READ);
  return rows.map(({ tally, labels, value }) => ({ tally, labels, add: Number(value) }));
}
