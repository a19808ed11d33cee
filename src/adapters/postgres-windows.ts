// Pauses and maintenance windows in SQL.
import type { NewWindow, OperatorWindow, WindowKind } from '../domain/window.js';
import type { WindowChoice, WindowStore } from '../ports.js';
import type { Postgres } from './postgres-connection.js';
import { timeOf } from './postgres-rows.js';
import { storableText } from './storable-text.js';

const COLUMNS = `window_id, kind, path_id, from_at, until_at, reason, set_by, set_at, ended_at,
  ended_by`;

/** Two pauses of one scope at once wait for each other by the unique index. */
const SET = {
  name: 'canary-set-window',
  text: `insert into operator_windows (kind, path_id, from_at, until_at, reason, set_by, set_at)
    values ($1, $2, $3, $4, $5, $6, $7) returning ${COLUMNS}`,
};

const END_PAUSE_OF_SCOPE = {
  name: 'canary-end-pause-of-scope',
  text: `update operator_windows set ended_at = least(until_at, $2), ended_by = $3
    where kind = 'pause' and ended_at is null and coalesce(path_id, '') = coalesce($1, '')`,
};

/** A statement with a lock, so that a second pause of one scope sees the first. */
const LOCK = {
  name: 'canary-lock-windows',
  text: 'lock table operator_windows in share row exclusive mode',
};

const STANDING = {
  name: 'canary-read-standing-windows',
  text: `select ${COLUMNS} from operator_windows
    where ended_at is null and until_at > $1 order by window_id`,
};

interface WindowRow {
  readonly window_id: string;
  readonly kind: WindowKind;
  readonly path_id: string | null;
  readonly from_at: Date;
  readonly until_at: Date;
  readonly reason: string;
  readonly set_by: string;
  readonly set_at: Date;
  readonly ended_at: Date | null;
  readonly ended_by: string | null;
}

/** All calls throw `StoreUnavailableError` while PostgreSQL is away; none is retried here. */
export function createPostgresWindows(postgres: Postgres): WindowStore {
  return {
    set: (window) => setWindow(postgres, window),
    end: (which, by, atMs) => endWindows(postgres, which, by, atMs),
    async standing(nowMs) {
      const rows = await postgres.query<Row>(STANDING, [timeOf(nowMs)]);
      return rows.map(windowOf);
    },
  };
}

type Row = WindowRow & Record<string, unknown>;

async function setWindow(postgres: Postgres, window: NewWindow): Promise<OperatorWindow> {
  const { by, fromMs, kind, pathId, reason, setAtMs, untilMs } = window;
  const times = [timeOf(fromMs), timeOf(untilMs)];
  const values = [kind, pathId, ...times, storableText(reason), storableText(by), timeOf(setAtMs)];
  const named = { name: 'canary-set-window', isolation: 'read committed' } as const;
  return postgres.transaction(named, async (query) => {
    await query(LOCK);
    if (kind === 'pause') await query(END_PAUSE_OF_SCOPE, [pathId, timeOf(setAtMs), by]);
    const [row] = await query<Row>(SET, values);
    if (row === undefined) throw new Error('PostgreSQL answers no row for a window that it took');
    return windowOf(row);
  });
}

async function endWindows(
  postgres: Postgres,
  which: WindowChoice,
  by: string,
  atMs: number,
): Promise<readonly OperatorWindow[]> {
  const { condition, value } = conditionOf(which);
  const statement = {
    name: `canary-end-windows-${condition === '' ? 'all' : condition}`,
    text: `update operator_windows set ended_at = $2, ended_by = $3
      where kind = $1 and ended_at is null and until_at > $2
        ${condition === '' ? '' : `and ${condition} = $4`}
      returning ${COLUMNS}`,
  };
  const values = [which.kind, timeOf(atMs), storableText(by), ...value];
  const rows = await postgres.query<Row>(statement, values);
  return rows.map(windowOf).sort((one, other) => one.windowId - other.windowId);
}

function conditionOf(which: WindowChoice) {
  if ('windowId' in which) return { condition: 'window_id', value: [which.windowId] };
  if ('pathId' in which) return { condition: 'path_id', value: [which.pathId] };
  return { condition: '', value: [] };
}

function windowOf(row: WindowRow): OperatorWindow {
  const { ended_at: endedAt, ended_by: endedBy } = row;
  return {
    windowId: Number(row.window_id),
    kind: row.kind,
    pathId: row.path_id ?? undefined,
    fromMs: row.from_at.getTime(),
    untilMs: row.until_at.getTime(),
    reason: row.reason,
    by: row.set_by,
    setAtMs: row.set_at.getTime(),
    ended:
      endedAt === null || endedBy === null ? undefined : { by: endedBy, atMs: endedAt.getTime() },
  };
}
