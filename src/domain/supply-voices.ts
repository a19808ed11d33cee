// The third voice: the EventStore's own projection, held against our fold of the same events and
// the ledger's cut. Where they disagree, the one that stands alone is named (issue: supply audit).
import { type Difference, isNoDifference } from './supply-comparison.js';
import { circulatingOf, type FoldTotals } from './supply-fold.js';

/** What an EventStore says of its own events, base units. */
export interface Projection {
  readonly producer: string | undefined;
  readonly position: number;
  /** The last sequence that it counts. */
  readonly sequence: number;
  readonly issued: bigint;
  readonly destroyed: bigint;
  readonly transitNet: bigint;
  readonly circulating: bigint;
  /** When its newest event was committed, epoch milliseconds of the origin. */
  readonly asOfMs: number;
}

export type ProjectionAnswer =
  | { readonly kind: 'projection'; readonly projection: Projection }
  | { readonly kind: 'away'; readonly reason: string }
  | { readonly kind: 'unusable'; readonly problem: string };

/** The projection beside our totals at the same position. */
export interface HeardVoice {
  readonly projection: Projection;
  readonly totals: FoldTotals;
}

/** Who stands alone; `none` where all agree, `all` where each says something else. */
export type LoneVoice = 'none' | 'ledger' | 'log' | 'projection' | 'all';

/** Weighs the three; `ledger` is ledger minus events at the audit's own cut. */
export function loneVoice({ projection, totals }: HeardVoice, ledger: Difference): LoneVoice {
  const other = {
    circulating: projection.circulating - circulatingOf(totals),
    inTransit: totals.transitNet - projection.transitNet,
    issuance: totals.issued - totals.destroyed - projection.issued + projection.destroyed,
  };
  const isSame =
    projection.issued === totals.issued && Object.values(other).every((one) => one === 0n);
  if (isNoDifference(ledger)) return isSame ? 'none' : 'projection';
  if (isSame) return 'ledger';
  const isAsLedger =
    other.circulating === ledger.circulating &&
    other.inTransit === ledger.inTransit &&
    other.issuance === ledger.issuance;
  return isAsLedger ? 'log' : 'all';
}

/** Both sets of figures, for people. */
export function describeVoices({ projection, totals }: HeardVoice): string {
  const say = (one: Omit<Projection, 'producer' | 'position' | 'sequence' | 'asOfMs'>) =>
    `issued ${one.issued}, destroyed ${one.destroyed}, transit_net ${one.transitNet}, ` +
    `circulating ${one.circulating}`;
  const folded = { ...totals, circulating: circulatingOf(totals) };
  const place = `at position ${projection.position}`;
  return `${place} the projection says ${say(projection)}; the events give ${say(folded)}`;
}
