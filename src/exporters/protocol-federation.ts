// The drift between every ordered pair of frames, by what both EventStores say of their exchange.
import { driftOf, type Exchange } from '../domain/federation-drift.js';
import type { FrameId } from '../domain/frame.js';
import type { Clock, PlatformState } from '../ports.js';
import { type Family, familyOf } from './family.js';
import { METRICS } from './metrics.js';
import { PROTOCOL_KEEP_MS } from './protocol-source.js';
import { createSource, type Source } from './source.js';

export interface FederationSourceDependencies {
  readonly clock: Clock;
  readonly platformState: Pick<PlatformState, 'exchange'>;
}

type Exchanges = ReadonlyMap<FrameId, readonly Exchange[]>;

/** A frame that is away hides the pairs that it is in; the others are shown. */
export function createFederationSource(
  { clock, platformState }: FederationSourceDependencies,
  frames: readonly FrameId[],
): Source {
  return createSource({
    name: 'protocol_federation',
    clock,
    keepMs: PROTOCOL_KEEP_MS,
    async load() {
      // What was received is read first, so that an event on its way can only add to the drift.
      const received = await readAll(platformState, frames);
      const emitted = await readAll(platformState, frames);
      const families = driftFamilies(frames, received.exchanges, emitted.exchanges);
      const problem = received.problem ?? emitted.problem;
      return problem === undefined ? { families } : { families, problem };
    },
  });
}

async function readAll(platformState: Pick<PlatformState, 'exchange'>, frames: readonly FrameId[]) {
  const exchanges = new Map<FrameId, readonly Exchange[]>();
  let problem: unknown;
  await Promise.all(
    frames.map(async (frame) => {
      try {
        exchanges.set(frame, await platformState.exchange(frame));
      } catch (error) {
        problem ??= error;
      }
    }),
  );
  return { exchanges, problem };
}

function driftFamilies(
  frames: readonly FrameId[],
  before: Exchanges,
  after: Exchanges,
): readonly Family[] {
  const pairs = frames.flatMap((frame) =>
    frames
      .filter((peer) => peer !== frame)
      .flatMap((peer) => {
        const own = after.get(frame)?.find((one) => one.peer === peer);
        const received = before.get(peer)?.find((one) => one.peer === frame)?.received;
        if (own === undefined || received === undefined) return [];
        const drift = driftOf(received, own.emitted);
        return [{ labels: { frame, peer }, own, received, drift }];
      }),
  );
  type Pair = (typeof pairs)[number];
  const rows = (value: (pair: Pair) => number) =>
    pairs.map((pair) => ({ labels: pair.labels, value: value(pair) }));
  return [
    familyOf(
      METRICS.emitted,
      rows(({ own }) => own.emitted.events),
    ),
    familyOf(
      METRICS.acknowledged,
      rows(({ own }) => own.sent.events),
    ),
    familyOf(
      METRICS.received,
      rows(({ received }) => received.events),
    ),
    familyOf(
      METRICS.driftEvents,
      rows(({ drift }) => drift.events),
    ),
    familyOf(
      METRICS.driftSeconds,
      rows(({ drift }) => drift.behindMs / 1_000),
    ),
  ];
}
