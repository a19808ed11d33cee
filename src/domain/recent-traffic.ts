// What a frame's log shows of its latest transfers, with and without canaries, and the check that
// the two differ by exactly what the reactor itself moved.
import { feeOf } from './amount.js';
import { BACKENDS, type Backend } from './backend.js';
import { claimsCanary } from './memo.js';

/** Whose transfers: `canary` by their memo, all others `user`. The sum of both is all traffic. */
export const TRAFFICS = ['canary', 'user'] as const;
export type Traffic = (typeof TRAFFICS)[number];

export interface RecentTransfer {
  readonly transferId: string;
  readonly backend: Backend;
  readonly memo: string;
  readonly amountBaseUnits: bigint;
  /** What the treasury got by the fee event; `undefined` where the log has none. */
  readonly feeBaseUnits: bigint | undefined;
}

/** The end of a frame's log: the transfers that it sent, the stakes that moved. */
export interface RecentLog {
  readonly transfers: readonly RecentTransfer[];
  readonly stakedBaseUnits: bigint;
  readonly unstakedBaseUnits: bigint;
  /** From the commit of the oldest event to the end; epoch milliseconds of the frame's clock. */
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** A transfer that the reactor knows as its own, from what it stored of its tests. */
export interface OwnTransfer {
  readonly transferId: string;
  readonly amountBaseUnits: bigint;
}

export interface TrafficSum {
  readonly backend: Backend;
  readonly traffic: Traffic;
  readonly transfers: number;
  readonly volumeBaseUnits: bigint;
  readonly feesBaseUnits: bigint;
}

/** All traffic less user traffic, less our own. All three are zero, or canaries are not ours. */
export interface Unexplained {
  readonly transfers: number;
  readonly volumeBaseUnits: bigint;
  readonly feesBaseUnits: bigint;
}

export function trafficOf({ memo }: Pick<RecentTransfer, 'memo'>): Traffic {
  return claimsCanary(memo) ? 'canary' : 'user';
}

/** Every backend with every traffic, the empty ones too. */
export function trafficSums({ transfers }: RecentLog): readonly TrafficSum[] {
  return BACKENDS.flatMap((backend) =>
    TRAFFICS.map((traffic) => {
      const own = transfers.filter((one) => one.backend === backend && trafficOf(one) === traffic);
      return { backend, traffic, ...sumOf(own) };
    }),
  );
}

/** Above zero: canaries by memo that we did not fire. Below: ours that are shown as users'. */
export function unexplainedOf(
  { transfers }: RecentLog,
  own: readonly OwnTransfer[],
  feeBasisPoints: number,
): Unexplained {
  const canaries = sumOf(transfers.filter((one) => trafficOf(one) === 'canary'));
  const seen = new Set(transfers.map(({ transferId }) => transferId));
  const ours = own.filter(({ transferId }) => seen.has(transferId));
  const volume = ours.reduce((sum, { amountBaseUnits }) => sum + amountBaseUnits, 0n);
  const fees = ours.reduce((sum, one) => sum + feeOf(one.amountBaseUnits, feeBasisPoints), 0n);
  return {
    transfers: canaries.transfers - ours.length,
    volumeBaseUnits: canaries.volumeBaseUnits - volume,
    feesBaseUnits: canaries.feesBaseUnits - fees,
  };
}

function sumOf(transfers: readonly RecentTransfer[]) {
  return {
    transfers: transfers.length,
    volumeBaseUnits: transfers.reduce((sum, one) => sum + one.amountBaseUnits, 0n),
    feesBaseUnits: transfers.reduce((sum, one) => sum + (one.feeBaseUnits ?? 0n), 0n),
  };
}
