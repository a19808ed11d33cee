// The supply snapshot (design, decision 12): one consistent cut through the ledger. The outbox
// head and the balances come from one REPEATABLE READ snapshot, so the events up to `position`
// explain exactly the balances it shows.
import type pg from 'pg';
import { formatAmount } from '../money.js';
import { type Clock, timeText } from '../service/clock.js';
import { inTransaction } from '../service/postgres.js';

/** Amounts are base units. */
export interface SupplySnapshot {
  /** The last outbox position visible to the snapshot. */
  readonly position: number;
  /** The TEG's own clock. */
  readonly clock: string;
  readonly circulating: bigint;
  readonly inTransit: bigint;
  readonly issuance: bigint;
  readonly buckets: readonly SupplyBucket[];
  /** Accounts without a class; they count as circulating. */
  readonly unclassed: readonly string[];
}

export interface SupplyBucket {
  readonly bucket: number;
  readonly sum: bigint;
  /** The sum of balance * weight over the bucket's accounts. */
  readonly weightedSum: bigint;
}

/** Takes the cut. `buckets` is how many the circulating accounts are spread over. */
export async function takeSupplySnapshot(
  pool: pg.Pool,
  clock: Clock,
  buckets: number,
): Promise<SupplySnapshot> {
  const cut = await inTransaction(
    pool,
    async (client) => ({
      totals: (await client.query<TotalsRow>(TOTALS_SQL)).rows[0],
      buckets: (await client.query<BucketRow>(BUCKETS_SQL, [buckets])).rows,
      clock: timeText(clock.nowMs()),
    }),
    'repeatable read',
  );
  const { totals } = cut;
  if (totals === undefined) throw new Error('the outbox has no head row');
  return {
    position: Number(totals.position),
    clock: cut.clock,
    circulating: BigInt(totals.circulating),
    inTransit: BigInt(totals.in_transit),
    issuance: BigInt(totals.issuance),
    unclassed: totals.unclassed,
    buckets: cut.buckets.map((row) => ({
      bucket: row.bucket,
      sum: BigInt(row.sum),
      weightedSum: BigInt(row.weighted_sum),
    })),
  };
}

/** The snapshot as the contract's answer spells it. */
export function snapshotAnswer(snapshot: SupplySnapshot) {
  return {
    position: snapshot.position,
    clock: snapshot.clock,
    totals: {
      circulating: formatAmount(snapshot.circulating),
      in_transit: formatAmount(snapshot.inTransit),
      issuance: formatAmount(snapshot.issuance),
    },
    buckets: snapshot.buckets.map(({ bucket, sum, weightedSum }) => ({
      bucket,
      sum: formatAmount(sum),
      weighted_sum: weightedSum.toString(),
    })),
    unclassed: [...snapshot.unclassed],
  };
}

// Circulating is everything but in-transit and issuance, accounts without a class included.
const TOTALS_SQL = `
  SELECT head.position,
    coalesce(sum(balance) FILTER (
      WHERE coalesce(class, '') NOT IN ('in_transit', 'issuance')), 0) AS circulating,
    coalesce(sum(balance) FILTER (WHERE class = 'in_transit'), 0) AS in_transit,
    coalesce(sum(balance) FILTER (WHERE class = 'issuance'), 0) AS issuance,
    coalesce(array_agg(account ORDER BY account)
      FILTER (WHERE class IS NULL AND account IS NOT NULL), '{}') AS unclassed
  FROM outbox_head AS head LEFT JOIN accounts ON true GROUP BY head.position`;

const BUCKETS_SQL = `
  SELECT bucket, coalesce(sum(balance), 0) AS sum,
    coalesce(sum(balance * weight), 0) AS weighted_sum
  FROM generate_series(0, $1::int - 1) AS bucket
  LEFT JOIN accounts ON mod(weight, $1::int) = bucket
    AND coalesce(class, '') NOT IN ('in_transit', 'issuance')
  GROUP BY bucket ORDER BY bucket`;

interface TotalsRow {
  readonly position: string;
  readonly circulating: string;
  readonly in_transit: string;
  readonly issuance: string;
  readonly unclassed: readonly string[];
}

interface BucketRow {
  readonly bucket: number;
  readonly sum: string;
  readonly weighted_sum: string;
}
