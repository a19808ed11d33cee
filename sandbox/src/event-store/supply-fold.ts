// How own events move the supply totals: the fold of the supply audit, as a table.
import { parseAmount } from '../money.js';
import type { EventType } from '../names.js';
import { type Envelope, isKnownEventType } from './envelope.js';

/** Changes of the totals, in base units. */
export interface SupplyTotals {
  readonly issued: bigint;
  readonly destroyed: bigint;
  readonly transitNet: bigint;
  readonly circulating: bigint;
}

export const NO_CHANGE: SupplyTotals = {
  issued: 0n,
  destroyed: 0n,
  transitNet: 0n,
  circulating: 0n,
};

/** How often the event's amount counts in each total. */
interface Effect {
  readonly issued?: 1n;
  readonly destroyed?: 1n;
  readonly transitNet?: 1n | -1n;
  readonly circulating?: 1n | -1n;
}

const NONE: Effect = {};
const LEAVES: Effect = { transitNet: -1n, circulating: -1n };
const ARRIVES: Effect = { transitNet: 1n, circulating: 1n };

/** An own event that moves tokens between two circulating accounts of the frame changes nothing. */
const EFFECTS: Readonly<Record<EventType, (envelope: Envelope) => Effect>> = {
  TokensIssued: () => ({ issued: 1n, circulating: 1n }),
  TokensDestroyed: () => ({ destroyed: 1n, circulating: -1n }),
  TokensTransferred: (envelope) => (isSendAcrossFrames(envelope) ? LEAVES : NONE),
  TransactionFeeCollected: () => NONE,
  CrossFrameTransferInitiated: () => LEAVES,
  CrossFrameTransferSettled: () => ARRIVES,
  CrossFrameTransferRefunded: () => ARRIVES,
  CrossRegistryTransferCompleted: () => NONE,
  TokensStaked: () => NONE,
  TokensUnstaked: () => NONE,
  A2ATokenEscrowed: () => NONE,
  A2ATokenReleased: () => NONE,
  SupplyMarker: () => NONE,
};

/** What one own event changes. A type that the contract does not name changes nothing. */
export function supplyChange(envelope: Envelope): SupplyTotals {
  if (!isKnownEventType(envelope.event_type)) return NO_CHANGE;
  const effect = EFFECTS[envelope.event_type](envelope);
  const amount = amountOf(envelope);
  return {
    issued: amount * (effect.issued ?? 0n),
    destroyed: amount * (effect.destroyed ?? 0n),
    transitNet: amount * (effect.transitNet ?? 0n),
    circulating: amount * (effect.circulating ?? 0n),
  };
}

export function addTotals(one: SupplyTotals, other: SupplyTotals): SupplyTotals {
  return {
    issued: one.issued + other.issued,
    destroyed: one.destroyed + other.destroyed,
    transitNet: one.transitNet + other.transitNet,
    circulating: one.circulating + other.circulating,
  };
}

/** issued - destroyed + transit_net - circulating: zero, or the events contradict themselves. */
export function supplyDelta(totals: SupplyTotals): bigint {
  return totals.issued - totals.destroyed + totals.transitNet - totals.circulating;
}

/** async names its send by Initiated; only 2pc across frames leaves by TokensTransferred. */
function isSendAcrossFrames({ backend, data }: Envelope): boolean {
  return backend === '2pc' && data.sender_frame !== data.receiver_frame;
}

/** The envelope was checked: an amount that is not above zero is zero, or the type has none. */
function amountOf({ data }: Envelope): bigint {
  const parsed = typeof data.amount === 'string' ? parseAmount(data.amount) : undefined;
  return parsed?.ok ? parsed.baseUnits : 0n;
}
