// The transactional outbox: events get their positions in commit order, because the head row
// stays locked from here until the transaction ends.
import type pg from 'pg';
import { type Clock, timeText } from '../service/clock.js';
import type { FaultScope } from '../service/faults.js';
import type { SendAlong } from '../service/postgres.js';
import type { EventDraft } from './events.js';

/** An event of the outbox; it is committed when its transaction is. */
export interface OutboxEvent {
  readonly position: number;
  readonly eventType: string;
  readonly transferId: string | null;
  /** The envelope exactly as it is written. */
  readonly envelope: string;
  /** What faults of the relay are matched with. */
  readonly scope: FaultScope;
}

export interface OutboxWriter {
  /**
   * Writes a transaction's events at consecutive positions and answers them as they stand. Must be
   * the last step of the transaction: it takes the head row, which all others wait for, and so
   * leaves its last statement to be sent with the commit.
   */
  append(
    client: pg.ClientBase,
    drafts: readonly EventDraft[],
    send: SendAlong,
  ): Promise<readonly OutboxEvent[]>;
}

export function createOutboxWriter(deps: {
  readonly producer: string;
  readonly clock: Clock;
}): OutboxWriter {
  return {
    append: async (client, drafts, send) => {
      if (drafts.length === 0) return [];
      const last = await advanceHead(client, drafts.length);
      // The clock is read under the lock, so that times follow positions.
      const committedAt = timeText(deps.clock.nowMs());
      const first = last - drafts.length + 1;
      const events = drafts.map((draft, index) =>
        placeEvent(deps.producer, draft, first + index, committedAt),
      );
      send(insertEvents(client, events));
      return events;
    },
  };
}

/** The event at its position, with its envelope as it travels (platform contract, "Events"). */
export function placeEvent(
  producer: string,
  draft: EventDraft,
  position: number,
  committedAt: string,
): OutboxEvent {
  const { eventType, transferId, scope } = draft;
  const envelope = {
    producer,
    position,
    event_type: draft.eventType,
    source_frame: draft.sourceFrame,
    committed_at: committedAt,
    transfer_id: draft.transferId,
    backend: draft.backend,
    data: draft.data,
  };
  return { position, eventType, transferId, envelope: JSON.stringify(envelope), scope };
}

async function advanceHead(client: pg.ClientBase, count: number): Promise<number> {
  const { rows } = await client.query<{ position: string }>({ ...ADVANCE_HEAD, values: [count] });
  const [head] = rows;
  if (head === undefined) throw new Error('the outbox has no head row');
  return Number(head.position);
}

const ADVANCE_HEAD = {
  name: 'advance outbox head',
  text: 'UPDATE outbox_head SET position = position + $1 RETURNING position',
};

export async function insertEvents(
  client: pg.ClientBase,
  events: readonly OutboxEvent[],
): Promise<void> {
  const values = [
    events.map((event) => event.position),
    events.map((event) => event.eventType),
    events.map((event) => event.transferId),
    events.map((event) => event.envelope),
    events.map((event) => JSON.stringify(event.scope)),
  ];
  await client.query({ ...INSERT_EVENTS, values });
}

const INSERT_EVENTS = {
  name: 'insert outbox events',
  text: `INSERT INTO outbox (position, event_type, transfer_id, envelope, fault_scope)
    SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::json[], $5::json[])`,
};
