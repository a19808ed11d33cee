// Cycles with their scoreboards, and the slots that did not fire, in SQL.
import type { Scoreboard } from '../domain/scoreboard.js';
import { MISSED_SLOT_TALLY, talliesOfCycle } from '../domain/tally.js';
import type { CyclePlace, NewCycle, StoredCycle } from '../ports.js';
import type { Postgres } from './postgres-connection.js';
import { timeOf } from './postgres-rows.js';
import { addTallies, talliesFrom, tallyParameter } from './postgres-tallies.js';
import { storableJson } from './storable-text.js';
import { UnknownRecordError } from './store-unavailable-error.js';

const CYCLES_MAX = 10_000;

const OPEN = {
  name: 'canary-open-cycle',
  text: `with opened as (
    insert into canary_cycles (cycle_id, slot_at, planned, started_at) values ($1, $2, $3, $4)
    on conflict (cycle_id) do nothing
  )
  select max(slot_at) as previous from canary_cycles where slot_at < $2`,
};

/** Opens a cycle once; answers the newest slot before its own. One fired by hand has none. */
export async function openCycle(
  postgres: Postgres,
  cycle: NewCycle,
): Promise<{ readonly previousSlotMs: number | undefined }> {
  const values = [cycle.cycleId, timeOf(cycle.slotMs), cycle.planned, timeOf(cycle.startedAtMs)];
  const [row] = await postgres.query<{ previous: Date | null }>(OPEN, values);
  return { previousSlotMs: row?.previous?.getTime() };
}

const MISS_SLOTS = {
  name: 'canary-record-missed-slots',
  text: `with missed as (
    insert into canary_missed_slots (slot_at)
    select distinct slot_at from unnest($1::timestamptz[]) as slots(slot_at) order by slot_at
    on conflict do nothing returning slot_at
  )
  ${addTallies('select $2::text as tally, $3::jsonb as labels, $4::numeric as add from missed')}`,
};

/** Names the slots that did not fire, each once. */
export async function recordMissedSlots(
  postgres: Postgres,
  slotsMs: readonly number[],
): Promise<void> {
  if (slotsMs.length === 0) return;
  const { tally, labels, add } = MISSED_SLOT_TALLY;
  await postgres.query(MISS_SLOTS, [slotsMs.map(timeOf), tally, storableJson(labels), add]);
}

const CLOSE = {
  name: 'canary-close-cycle',
  text: `with closed as (
    update canary_cycles set closed_at = $2, scoreboard = $3
    where cycle_id = $1 and closed_at is null returning cycle_id
  ), counted as (
    ${addTallies(`${talliesFrom('$4')} where exists (select from closed)`)}
  )
  select exists (select from canary_cycles where cycle_id = $1) as known`,
};

/** Closes a cycle once. Throws `UnknownRecordError` for one that was never opened. */
export async function closeCycle(
  postgres: Postgres,
  scoreboard: Scoreboard,
  closedAtMs: number,
): Promise<void> {
  const [row] = await postgres.query<{ known: boolean }>(CLOSE, [
    scoreboard.cycleId,
    timeOf(closedAtMs),
    storableJson(scoreboard),
    tallyParameter(talliesOfCycle(scoreboard)),
  ]);
  if (row?.known !== true) throw new UnknownRecordError('cycle', scoreboard.cycleId);
}

interface CycleRow {
  readonly cycle_id: string;
  readonly slot_at: Date | null;
  readonly planned: number;
  readonly started_at: Date;
  readonly closed_at: Date | null;
  readonly scoreboard: Scoreboard | null;
}

const SELECT = `select cycle_id, slot_at, planned, started_at, closed_at, scoreboard
  from canary_cycles`;

const READ = {
  name: 'canary-read-cycles',
  text: `${SELECT} order by started_at desc, cycle_id limit $1`,
};

/** The second condition alone would not be a range of the index. */
const READ_AFTER = {
  name: 'canary-read-cycles-after',
  text: `${SELECT} where started_at <= $2 and (started_at < $2 or cycle_id > $3)
    order by started_at desc, cycle_id limit $1`,
};

const READ_ONE = { name: 'canary-read-cycle', text: `${SELECT} where cycle_id = $1` };

const READ_LAST_CLOSED = {
  name: 'canary-read-last-closed-cycle',
  text: `${SELECT} where closed_at is not null order by closed_at desc, cycle_id limit 1`,
};

/** The newest cycles first. */
export async function readCycles(
  postgres: Postgres,
  limit: number,
  after?: CyclePlace,
): Promise<readonly StoredCycle[]> {
  const bounded = Math.min(Math.max(limit, 0), CYCLES_MAX);
  const rows =
    after === undefined
      ? await postgres.query<CycleRow>(READ, [bounded])
      : await postgres.query<CycleRow>(READ_AFTER, [
          bounded,
          timeOf(after.startedAtMs),
          after.cycleId,
        ]);
  return rows.map(storedCycleOf);
}

export async function readCycle(
  postgres: Postgres,
  cycleId: string,
): Promise<StoredCycle | undefined> {
  const [row] = await postgres.query<CycleRow>(READ_ONE, [cycleId]);
  return row === undefined ? undefined : storedCycleOf(row);
}

/** The cycle whose close is the newest. */
export async function readLastClosedCycle(postgres: Postgres): Promise<StoredCycle | undefined> {
  const [row] = await postgres.query<CycleRow>(READ_LAST_CLOSED);
  return row === undefined ? undefined : storedCycleOf(row);
}

function storedCycleOf(row: CycleRow): StoredCycle {
  return {
    cycleId: row.cycle_id,
    slotMs: row.slot_at?.getTime(),
    planned: row.planned,
    startedAtMs: row.started_at.getTime(),
    closedAtMs: row.closed_at?.getTime(),
    scoreboard: row.scoreboard ?? undefined,
  };
}
