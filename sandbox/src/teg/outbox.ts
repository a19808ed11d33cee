// The transactional outbox: events get their positions in commit order, because the head row
// stays locked from here until the transaction ends.
import type pg from 'pg';
import { type Clock, timeText } from '../service/clock.js';
import type { SendAlong } from '../service/postgres.js';
import type { EventDraft } from './events.js';

export interface OutboxWriter {
  /**
   * Writes a transaction's events at consecutive positions and answers the last of them, or
   * null without events. Must be the last step of the transaction: it takes the head row, which
   * all others wait for, and so leaves its last statement to be sent with the commit.
   */
  append(
    client: pg.ClientBase,
    drafts: readonly EventDraft[],
    send: SendAlong,
  ): Promise<number | null>;
}

export function createOutboxWriter(deps: {
  readonly producer: string;
  readonly clock: Clock;
}): OutboxWriter {
  return {
    append: async (client, drafts, send) => {
      if (drafts.length === 0) return null;
      const last = await advanceHead(client, drafts.length);
      // The clock is read under the lock, so that times follow positions.
      const committedAt = timeText(deps.clock.nowMs());
      const first = last - drafts.length + 1;
      const envelopes = drafts.map((draft, index) =>
        envelopeOf(deps.producer, draft, first + index, committedAt),
      );
      send(insertEvents(client, first, drafts, envelopes));
      return last;
    },
  };
}

/** An event as it travels (platform contract, "Events"). */
export function envelopeOf(
  producer: string,
  draft: EventDraft,
  position: number,
  committedAt: string,
) {
  return {
    producer,
    position,
    event_type: draft.eventType,
    source_frame: draft.sourceFrame,
    committed_at: committedAt,
    transfer_id: draft.transferId,
    backend: draft.backend,
    data: draft.data,
  };
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

/** Writes drafts and their envelopes from position `first` on. */
export async function insertEvents(
  client: pg.ClientBase,
  first: number,
  drafts: readonly EventDraft[],
  envelopes: readonly ReturnType<typeof envelopeOf>[],
): Promise<void> {
  const values = [
    drafts.map((_, index) => first + index),
    drafts.map((draft) => draft.eventType),
    drafts.map((draft) => draft.transferId),
    envelopes.map((envelope) => JSON.stringify(envelope)),
    drafts.map((draft) => JSON.stringify(draft.scope)),
  ];
  await client.query({ ...INSERT_EVENTS, values });
}

const INSERT_EVENTS = {
  name: 'insert outbox events',
  text: `INSERT INTO outbox (position, event_type, transfer_id, envelope, fault_scope)
    SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::json[], $5::json[])`,
};
