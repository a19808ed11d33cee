// What a TEG says of its business: stakes and A2A tokens by its API, transfers and fees by its own
// metrics, by the closed lists of the contract.
import { formatAmount } from '../domain/amount.js';
import type { Backend } from '../domain/backend.js';
import type { FrameId } from '../domain/frame.js';
import type { TegBusiness } from '../domain/platform-state.js';
import { TRAFFICS } from '../domain/recent-traffic.js';
import type { Clock, PlatformState } from '../ports.js';
import { type Family, familyOf, type Labels } from './family.js';
import { fetchFamilies } from './fetch-families.js';
import { METRICS } from './metrics.js';
import { PROTOCOL_KEEP_MS } from './protocol-source.js';
import { createSource, type Source } from './source.js';

export interface TegSourceDependencies {
  readonly clock: Clock;
  readonly platformState: Pick<PlatformState, 'teg'>;
  /** The `teg_*` families of a frame; a TEG without them is away. */
  readonly tegFamilies: (frame: FrameId) => Promise<readonly Family[]>;
}

const TRANSFERS = 'teg_transfers_total';
const FEES = 'teg_fees_collected_total';

/** What the statuses of a transfer can come to (platform contract, metrics of the TEG). */
const RESULTS: Readonly<Record<Backend, readonly string[]>> = {
  intra: ['settled'],
  async: ['in_transit', 'settled', 'refunded'],
  '2pc': ['in_doubt', 'settled', 'aborted'],
};

const TIMEOUT_MS = 2_000;
const BYTES_MAX = 4 * 1024 * 1024;

/** The families of a TEG that are wanted here, by its /metrics; throws `ScrapeError`. */
export function fetchTegFamilies(tegUrl: string): Promise<readonly Family[]> {
  const url = `${tegUrl.replace(/\/$/, '')}/metrics`;
  const accepts = (name: string) => name === TRANSFERS || name === FEES;
  return fetchFamilies({ url, timeoutMs: TIMEOUT_MS, bytesMax: BYTES_MAX, accepts });
}

export function createTegSource(deps: TegSourceDependencies, frame: FrameId): readonly Source[] {
  const { clock, platformState, tegFamilies } = deps;
  const options = { clock, keepMs: PROTOCOL_KEEP_MS };
  return [
    createSource({
      ...options,
      name: `protocol_economy/${frame}`,
      load: async () => ({ families: economyFamilies(frame, await platformState.teg(frame)) }),
    }),
    createSource({
      ...options,
      name: `protocol_transfers/${frame}`,
      load: async () => ({ families: transferFamilies(frame, await tegFamilies(frame)) }),
    }),
  ];
}

function economyFamilies(frame: FrameId, teg: TegBusiness): readonly Family[] {
  const labels = { frame };
  const { a2a, escrowedBaseUnits, lockedBaseUnits, stakers, votingPowerMillionths } = teg;
  return [
    familyOf(
      METRICS.a2aTokens,
      a2a.map(({ state, tokens }) => ({ labels: { frame, state }, value: tokens })),
    ),
    familyOf(
      METRICS.a2aAmount,
      a2a.map(({ amountBaseUnits, state }) => ({
        labels: { frame, state },
        value: formatAmount(amountBaseUnits),
      })),
    ),
    familyOf(METRICS.a2aEscrowed, [{ labels, value: formatAmount(escrowedBaseUnits) }]),
    familyOf(METRICS.staked, [{ labels, value: formatAmount(lockedBaseUnits) }]),
    familyOf(METRICS.stakers, [{ labels, value: stakers }]),
    familyOf(METRICS.votingPower, [{ labels, value: formatAmount(votingPowerMillionths) }]),
  ];
}

function transferFamilies(frame: FrameId, families: readonly Family[]): readonly Family[] {
  const seriesValue = (name: string, labels: Labels) =>
    sampleOf(families, name, labels)?.value ?? '0';
  for (const name of [TRANSFERS, FEES]) {
    if (!families.some((one) => one.name === name)) throw new Error(`the TEG has no ${name}`);
  }
  return [
    familyOf(
      METRICS.transfers,
      Object.entries(RESULTS).flatMap(([backend, results]) =>
        results.flatMap((result) =>
          TRAFFICS.map((traffic) => ({
            labels: { frame, backend, result, traffic },
            value: seriesValue(TRANSFERS, { backend, status: result, traffic }),
          })),
        ),
      ),
    ),
    familyOf(
      METRICS.fees,
      TRAFFICS.map((traffic) => ({
        labels: { frame, traffic },
        value: seriesValue(FEES, { traffic }),
      })),
    ),
  ];
}

function sampleOf(families: readonly Family[], name: string, labels: Labels) {
  const samples = families.find((family) => family.name === name)?.samples ?? [];
  return samples.find((sample) =>
    Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  );
}
