// The log of operators' actions in SQL: append only, and of two calls under one key only one acts.
import {
  type ActionEnd,
  KEY_LIFE_MS,
  type KeyClaim,
  type NewAction,
  type StoredAction,
  UNDONE_OUTCOMES,
} from '../domain/action.js';
import type { ActionLog, ActionQuery, BegunAction } from '../ports.js';
import type { Postgres } from './postgres-connection.js';
import { timeOf } from './postgres-rows.js';
import { storableJson, storableText } from './storable-text.js';
import { UnknownRecordError } from './store-unavailable-error.js';

/** A key that is taken over keeps the moment of its first claim, as long as it lives. */
const BEGIN = {
  name: 'canary-begin-action',
  text: `with fresh as (
    select nextval(pg_get_serial_sequence('operator_actions', 'action_id')) as action_id
  ), claim as (
    insert into operator_action_keys as held
      (actor, operation, key, action_id, claimed_at, input_digest)
    select $2::text, $4::text, $7::text, action_id, $1::timestamptz, $10
    from fresh where $7::text is not null
    on conflict (actor, operation, key) do update set
      action_id = excluded.action_id,
      input_digest = excluded.input_digest,
      claimed_at = case when held.claimed_at <= $8 then excluded.claimed_at
        else held.claimed_at end
    where held.claimed_at <= $8 or exists (
      select from operator_action_ends e
      where e.action_id = held.action_id and e.outcome = any ($9))
    returning claimed_at
  ), begun as (
    insert into operator_actions
      (action_id, at, actor, face, operation, subject, input, idempotency_key)
    select action_id, $1::timestamptz, $2, $3::text, $4, $5::text, $6::jsonb, $7 from fresh
    where $7::text is null or exists (select from claim)
    returning action_id
  )
  select action_id, (select claimed_at from claim) as claimed_at from begun`,
};

const SELECT = `select a.action_id, a.at, a.actor, a.face, a.operation, a.subject, a.input,
    a.idempotency_key, e.at as ended_at, e.outcome, e.answer
  from operator_actions a left join operator_action_ends e using (action_id)`;

const READ_CLAIM = {
  name: 'canary-read-action-claim',
  text: `select k.claimed_at, k.input_digest, one.* from operator_action_keys k
    join (${SELECT}) as one using (action_id)
    where k.actor = $1 and k.operation = $2 and k.key = $3`,
};

const END = {
  name: 'canary-end-action',
  text: `insert into operator_action_ends (action_id, at, outcome, answer)
    values ($1, $2, $3, $4) on conflict do nothing`,
};

interface ActionRow {
  /** pg brings bigint as text. */
  readonly action_id: string;
  readonly at: Date;
  readonly actor: string;
  readonly face: string;
  readonly operation: string;
  readonly subject: string;
  readonly input: unknown;
  readonly idempotency_key: string | null;
  readonly ended_at: Date | null;
  readonly outcome: string | null;
  readonly answer: unknown;
}

interface ClaimRow extends ActionRow {
  readonly claimed_at: Date;
  readonly input_digest: string;
}

/** All calls throw `StoreUnavailableError` while PostgreSQL is away; none is retried here. */
export function createPostgresActions(postgres: Postgres): ActionLog {
  return {
    begin: (action, inputDigest) => begin(postgres, action, inputDigest),
    end: (actionId, end) => endAction(postgres, actionId, end),
    list: (query) => list(postgres, query),
  };
}

async function begin(
  postgres: Postgres,
  action: NewAction,
  inputDigest: string,
): Promise<BegunAction> {
  const [row] = await postgres.query<{ action_id: string; claimed_at: Date | null }>(BEGIN, [
    timeOf(action.atMs),
    storableText(action.actor),
    action.face,
    action.operation,
    storableText(action.subject),
    storableJson(action.input),
    action.idempotencyKey,
    timeOf(action.atMs - KEY_LIFE_MS),
    [...UNDONE_OUTCOMES],
    inputDigest,
  ]);
  if (row === undefined) return { kind: 'repeated', claim: await readClaim(postgres, action) };
  const claimedAtMs = row.claimed_at?.getTime() ?? action.atMs;
  return { kind: 'begun', actionId: Number(row.action_id), claimedAtMs };
}

async function readClaim(postgres: Postgres, action: NewAction): Promise<KeyClaim> {
  const { actor, idempotencyKey, operation } = action;
  const key = [storableText(actor), operation, idempotencyKey];
  const [row] = await postgres.query<ClaimRow>(READ_CLAIM, key);
  if (row === undefined) throw new UnknownRecordError('action', String(idempotencyKey));
  const { claimed_at: claimedAt, input_digest: inputDigest } = row;
  return { claimedAtMs: claimedAt.getTime(), inputDigest, action: storedActionOf(row) };
}

async function endAction(postgres: Postgres, actionId: number, end: ActionEnd): Promise<void> {
  const { answer, atMs, outcome } = end;
  await postgres.query(END, [actionId, timeOf(atMs), outcome, storableJson(answer)]);
}

async function list(postgres: Postgres, query: ActionQuery): Promise<readonly StoredAction[]> {
  const given = [
    { column: 'action_id', operator: '<', value: query.below },
    { column: 'actor', operator: '=', value: query.actor },
    { column: 'operation', operator: '=', value: query.operation },
  ].filter(({ value }) => value !== undefined);
  const conditions = given.map(
    ({ column, operator }, index) => `a.${column} ${operator} $${index + 2}`,
  );
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
  const statement = {
    name: ['canary-list-actions', ...given.map(({ column }) => column)].join('-'),
    text: `${SELECT} ${where} order by a.action_id desc limit $1`,
  };
  const values = [query.limit, ...given.map(({ value }) => value)];
  return (await postgres.query<ActionRow & Record<string, unknown>>(statement, values)).map(
    storedActionOf,
  );
}

function storedActionOf(row: ActionRow): StoredAction {
  const { answer, ended_at: endedAt, outcome } = row;
  return {
    actionId: Number(row.action_id),
    atMs: row.at.getTime(),
    actor: row.actor,
    face: row.face,
    operation: row.operation,
    subject: row.subject,
    input: row.input,
    idempotencyKey: row.idempotency_key ?? undefined,
    end:
      endedAt === null || outcome === null
        ? undefined
        : { atMs: endedAt.getTime(), outcome, answer },
  };
}
