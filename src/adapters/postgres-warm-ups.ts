// Warm-ups in SQL: at most one runs, whichever worker begins it.
import type { WarmUp, WarmUpEnd } from '../domain/warm-up.js';
import type { Postgres } from './postgres-connection.js';
import { timeOf } from './postgres-rows.js';

interface WarmUpRow {
  readonly started_at: Date;
  readonly ended_at: Date | null;
}

const BEGIN = {
  name: 'canary-begin-warm-up',
  text: 'insert into canary_warm_ups (started_at) values ($1) on conflict do nothing',
};

const RUNNING = {
  name: 'canary-read-running-warm-up',
  text: 'select started_at, ended_at from canary_warm_ups where ended_at is null',
};

const END = {
  name: 'canary-end-warm-up',
  text: 'update canary_warm_ups set ended_at = $1, ended_by = $2 where ended_at is null',
};

const LAST = {
  name: 'canary-read-last-warm-up',
  text: 'select started_at, ended_at from canary_warm_ups order by warm_up_id desc limit 1',
};

/** Begins a warm-up unless one runs, and answers the one that runs. */
export async function beginWarmUp(postgres: Postgres, atMs: number): Promise<WarmUp> {
  await postgres.query(BEGIN, [timeOf(atMs)]);
  const [running] = await postgres.query<WarmUpRow>(RUNNING);
  // Between the two statements another worker may have ended it; then the last one is the answer.
  const row = running ?? (await postgres.query<WarmUpRow>(LAST))[0];
  return row === undefined ? { startedAtMs: atMs, endedAtMs: undefined } : warmUpOf(row);
}

export async function endWarmUp(postgres: Postgres, end: WarmUpEnd, atMs: number): Promise<void> {
  await postgres.query(END, [timeOf(atMs), end]);
}

/** The last warm-up, running or ended. */
export async function readWarmUp(postgres: Postgres): Promise<WarmUp | undefined> {
  const [row] = await postgres.query<WarmUpRow>(LAST);
  return row === undefined ? undefined : warmUpOf(row);
}

function warmUpOf(row: WarmUpRow): WarmUp {
  return { startedAtMs: row.started_at.getTime(), endedAtMs: row.ended_at?.getTime() };
}
