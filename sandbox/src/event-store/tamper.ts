// Leaks inside the log, for auditors to find: a stored event is erased, or forged to say another
// amount. The log's own guards are switched off for that one change, and nothing else follows it:
// neither the hashes nor the projection.
import type pg from 'pg';
import { formatAmount, parseAmount } from '../money.js';
import type { LogLeakKind } from '../names.js';
import { HttpError } from '../service/http-error.js';
import { inTransaction } from '../service/postgres.js';
import { canonicalJson } from './canonical-json.js';
import { type Envelope, envelopeSchema } from './envelope.js';

export interface Tampered {
  readonly sequence: number;
  /** The event as it was before. */
  readonly envelope: Envelope;
}

/**
 * Changes an own event that names an amount: the one of that sequence, or the newest. Throws
 * unknown_event when there is none.
 */
export async function tamper(
  pool: pg.Pool,
  kind: LogLeakKind,
  sequence: number | undefined,
): Promise<Tampered> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<EventRow>(FIND, [sequence ?? null]);
    const [row] = rows;
    if (row === undefined) {
      const place = sequence === undefined ? 'in the log' : `with sequence ${sequence}`;
      throw new HttpError(404, 'unknown_event', `no own event that names an amount ${place}`);
    }
    // Triggers do not fire for a replica: that is how the log is not append-only for a moment.
    await client.query("SET LOCAL session_replication_role = 'replica'");
    await CHANGES[kind](client, row);
    return {
      sequence: Number(row.sequence),
      envelope: envelopeSchema.parse(JSON.parse(row.canonical)),
    };
  });
}

const FIND = `
SELECT sequence, canonical FROM events
WHERE ($1::bigint IS NULL OR sequence = $1) AND canonical::json->'data'->>'amount' IS NOT NULL
ORDER BY sequence DESC LIMIT 1`;

interface EventRow {
  readonly sequence: string;
  readonly canonical: string;
}

type Change = (client: pg.ClientBase, row: EventRow) => Promise<unknown>;

const CHANGES: Readonly<Record<LogLeakKind, Change>> = {
  erase: (client, { sequence }) =>
    client.query('DELETE FROM events WHERE sequence = $1', [sequence]),
  forge: (client, { sequence, canonical }) =>
    client.query('UPDATE events SET canonical = $2 WHERE sequence = $1', [
      sequence,
      withOtherAmount(canonical),
    ]),
};

/** The event names one base unit too much. */
function withOtherAmount(canonical: string): string {
  const event = JSON.parse(canonical);
  const truth = parseAmount(event.data.amount);
  const amount = formatAmount((truth.ok ? truth.baseUnits : 0n) + 1n);
  return canonicalJson({ ...event, data: { ...event.data, amount } });
}
