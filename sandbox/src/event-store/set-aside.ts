// What came off the pipe and may not enter the log: kept for a person to look at.
import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import type { PipeRecord } from '../pipe/event-pipe.js';
import { timeText } from '../service/clock.js';
import type { Conflict } from './known-events.js';

export interface Rejected {
  readonly record: PipeRecord;
  readonly reason: string;
}

/** Keeps each rejected content once and counts how often it came. */
export async function keepRejected(
  pool: Pool,
  rejected: readonly Rejected[],
  nowMs: number,
): Promise<void> {
  for (const { record, reason } of rejected) {
    const { key, value, foreignFrom } = record;
    const digest = digestOf([foreignFrom ?? '', key, value]);
    await pool.query(KEEP_REJECTED, [
      ...[digest, reason.replaceAll('\0', '')],
      ...[bytes(key), bytes(value), foreignFrom === undefined ? null : bytes(foreignFrom)],
      timeText(nowMs),
    ]);
  }
}

/** Keeps each clashing content once, beside the sequence of what the log holds. */
export async function keepConflicts(
  pool: Pool,
  conflicts: readonly (Conflict & { readonly keptSequence: number })[],
  nowMs: number,
): Promise<void> {
  for (const { event, keptSequence } of conflicts) {
    const { producer, position } = event.envelope;
    const digest = digestOf([event.canonical]);
    await pool.query(KEEP_CONFLICT, [
      ...[producer, position, digest, keptSequence],
      ...[event.canonical, event.foreignFrom, timeText(nowMs)],
    ]);
  }
}

const KEEP_REJECTED = `
INSERT INTO rejected_records (digest, reason, key, value, foreign_from,
  first_received_at, last_received_at) VALUES ($1, $2, $3, $4, $5, $6, $6)
ON CONFLICT (digest) DO UPDATE SET
  times = rejected_records.times + 1, last_received_at = excluded.last_received_at`;

const KEEP_CONFLICT = `
INSERT INTO ingest_conflicts (producer, position, digest, kept_sequence, canonical,
  foreign_from, received_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT DO NOTHING`;

function digestOf(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function bytes(text: string): Buffer {
  return Buffer.from(text, 'utf8');
}
