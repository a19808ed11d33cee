// The fold of the supply audit (design, table 4b): what each event does to a frame's totals. A
// table of effects, and the code that adds them up; amounts are base units.
import type { AccountId, SupplyEvent, SupplyEventKind, SupplyEventOf } from './supply-event.js';

/** A change of one circulating account. */
export interface AccountChange {
  readonly account: AccountId;
  readonly amountBaseUnits: bigint;
}

/** What one event changes, as the emitting frame's ledger must have posted it. */
export interface Effect {
  readonly changes: readonly AccountChange[];
  readonly transitNet: bigint;
  readonly issued: bigint;
  readonly destroyed: bigint;
}

/** The circulating accounts of a frame whose weight falls into one class modulo the buckets. */
export interface Bucket {
  readonly sum: bigint;
  /** Each balance times its account's weight, so that a move inside the bucket shows. */
  readonly weightedSum: bigint;
}

/** What a frame's events say up to a position, each event counted once. */
export interface FoldTotals {
  readonly issued: bigint;
  readonly destroyed: bigint;
  readonly transitNet: bigint;
  readonly buckets: readonly Bucket[];
}

/** The 64-bit weight of an account (platform contract, supply snapshot). */
export type WeightOf = (account: AccountId) => bigint;

const NOTHING: Effect = { changes: [], transitNet: 0n, issued: 0n, destroyed: 0n };

type Transfer = SupplyEventOf<'transferred'>;

/** Table 4b, a row a kind; TokensTransferred by backend and topology. */
const EFFECTS: {
  readonly [Kind in SupplyEventKind]: (event: SupplyEventOf<Kind>) => Effect;
} = {
  issued: ({ account, amountBaseUnits }) => ({
    ...NOTHING,
    changes: [{ account, amountBaseUnits }],
    issued: amountBaseUnits,
  }),
  destroyed: ({ account, amountBaseUnits }) => ({
    ...NOTHING,
    changes: [{ account, amountBaseUnits: -amountBaseUnits }],
    destroyed: amountBaseUnits,
  }),
  transferred: (event) => {
    if (event.backend === 'async') return NOTHING;
    if (event.senderFrame !== event.receiverFrame) return leaves(event);
    return move(event.sender, event.receiver, event.amountBaseUnits);
  },
  fee: ({ payer, treasury, amountBaseUnits }) => move(payer, treasury, amountBaseUnits),
  initiated: (event) => leaves(event),
  settled: ({ receiver, amountBaseUnits }) => arrives(receiver, amountBaseUnits),
  refunded: ({ sender, amountBaseUnits }) => arrives(sender, amountBaseUnits),
  completed: () => NOTHING,
  moved: ({ from, to, amountBaseUnits }) => move(from, to, amountBaseUnits),
  marker: () => NOTHING,
  unreadable: () => NOTHING,
};

/** What one event changes. */
export function effectOf(event: SupplyEvent): Effect {
  const effect = EFFECTS[event.kind] as (event: SupplyEvent) => Effect;
  return effect(event);
}

function move(from: AccountId, to: AccountId, amountBaseUnits: bigint): Effect {
  return {
    ...NOTHING,
    changes: [
      { account: from, amountBaseUnits: -amountBaseUnits },
      { account: to, amountBaseUnits },
    ],
  };
}

function leaves({ sender, amountBaseUnits }: Pick<Transfer, 'sender' | 'amountBaseUnits'>): Effect {
  return {
    ...NOTHING,
    changes: [{ account: sender, amountBaseUnits: -amountBaseUnits }],
    transitNet: -amountBaseUnits,
  };
}

function arrives(account: AccountId, amountBaseUnits: bigint): Effect {
  return { ...NOTHING, changes: [{ account, amountBaseUnits }], transitNet: amountBaseUnits };
}

/** Totals of a frame of which no event was read yet. */
export function noTotals(bucketCount: number): FoldTotals {
  const empty: Bucket = { sum: 0n, weightedSum: 0n };
  return {
    issued: 0n,
    destroyed: 0n,
    transitNet: 0n,
    buckets: Array.from({ length: bucketCount }, () => empty),
  };
}

/** The totals after some more events, in whatever order: the fold only adds. */
export function foldEvents(
  totals: FoldTotals,
  events: readonly SupplyEvent[],
  weightOf: WeightOf,
): FoldTotals {
  const buckets = totals.buckets.map((bucket) => ({ ...bucket }));
  let { issued, destroyed, transitNet } = totals;
  for (const event of events) {
    const effect = effectOf(event);
    issued += effect.issued;
    destroyed += effect.destroyed;
    transitNet += effect.transitNet;
    for (const { account, amountBaseUnits } of effect.changes) {
      const weight = weightOf(account);
      const bucket = buckets[Number(weight % BigInt(buckets.length))];
      if (bucket === undefined)
        throw new RangeError(`no bucket of ${buckets.length} for ${weight}`);
      bucket.sum += amountBaseUnits;
      bucket.weightedSum += amountBaseUnits * weight;
    }
  }
  return { issued, destroyed, transitNet, buckets };
}

/** The tokens that circulate in the frame. */
export function circulatingOf(totals: FoldTotals): bigint {
  return totals.buckets.reduce((sum, bucket) => sum + bucket.sum, 0n);
}

/**
 * What circulates by somebody's word, less what must by the supply invariant: circulating −
 * (issued − destroyed + transit_net). Zero, or tokens were made (above zero) or lost (below; seed,
 * "What the canary is not").
 */
export function supplyDelta(totals: FoldTotals, circulating: bigint): bigint {
  return circulating - (totals.issued - totals.destroyed + totals.transitNet);
}
