// The end of each frame's log as metrics, with and without canaries, and the check that the canary
// traffic in it is what the reactor's own tests moved.
import { formatAmount } from '../domain/amount.js';
import type { FrameId } from '../domain/frame.js';
import {
  type RecentLog,
  type TrafficSum,
  trafficSums,
  type Unexplained,
  unexplainedOf,
} from '../domain/recent-traffic.js';
import type { Clock, OwnTransfers, PlatformState } from '../ports.js';
import { type Family, familyOf } from './family.js';
import { METRICS } from './metrics.js';
import { createSource, type Source } from './source.js';

export interface RecentSourceDependencies {
  readonly clock: Clock;
  readonly platformState: Pick<PlatformState, 'recentLog'>;
  readonly ownTransfers: OwnTransfers;
}

/** A page of the log and a question to PostgreSQL: once a minute is enough for a check. */
const KEEP_MS = 60_000;

/** Without our own stores the traffic is shown all the same, and the check is absent. */
export function createRecentSource(
  { clock, ownTransfers, platformState }: RecentSourceDependencies,
  frame: FrameId,
  feeBasisPoints: number,
): Source {
  return createSource({
    name: `protocol_recent/${frame}`,
    clock,
    keepMs: KEEP_MS,
    async load() {
      const log = await platformState.recentLog(frame);
      const families = recentFamilies(frame, log);
      try {
        const own = await ownTransfers.among(log.transfers, log.sinceMs);
        const rest = unexplainedOf(log, own, feeBasisPoints);
        return { families: [...families, ...unexplainedFamilies(frame, rest)] };
      } catch (problem) {
        return { families, problem };
      }
    },
  });
}

function recentFamilies(frame: FrameId, log: RecentLog): readonly Family[] {
  const sums = trafficSums(log);
  const rows = (value: (sum: TrafficSum) => number | string) =>
    sums.map((sum) => ({
      labels: { frame, backend: sum.backend, traffic: sum.traffic },
      value: value(sum),
    }));
  const one = (value: number | string) => [{ labels: { frame }, value }];
  return [
    familyOf(
      METRICS.recentTransfers,
      rows(({ transfers }) => transfers),
    ),
    familyOf(
      METRICS.recentVolume,
      rows((sum) => formatAmount(sum.volumeBaseUnits)),
    ),
    familyOf(
      METRICS.recentFees,
      rows((sum) => formatAmount(sum.feesBaseUnits)),
    ),
    familyOf(METRICS.recentStaked, one(formatAmount(log.stakedBaseUnits))),
    familyOf(METRICS.recentUnstaked, one(formatAmount(log.unstakedBaseUnits))),
    familyOf(METRICS.recentSpan, one((log.untilMs - log.sinceMs) / 1_000)),
  ];
}

function unexplainedFamilies(frame: FrameId, rest: Unexplained): readonly Family[] {
  const one = (value: number | string) => [{ labels: { frame }, value }];
  return [
    familyOf(METRICS.unexplainedTransfers, one(rest.transfers)),
    familyOf(METRICS.unexplainedVolume, one(formatAmount(rest.volumeBaseUnits))),
    familyOf(METRICS.unexplainedFees, one(formatAmount(rest.feesBaseUnits))),
  ];
}
