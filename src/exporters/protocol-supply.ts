// The supply by its two voices, each at its own moment: the EventStore's projection and the TEG's
// snapshot. What compares them at one cut is the auditor; here each is only held against itself.
import { formatAmount } from '../domain/amount.js';
import type { FrameId } from '../domain/frame.js';
import type { Clock, SupplyPlatform } from '../ports.js';
import { type Family, familyOf } from './family.js';
import { METRICS } from './metrics.js';
import { createValueSource, joinReadings } from './protocol-source.js';
import type { Source } from './source.js';

export interface SupplySourceDependencies {
  readonly clock: Clock;
  readonly supplyPlatform: Pick<SupplyPlatform, 'cut' | 'projection'>;
}

/** A snapshot sums every account and leaves a marker in the log, so it is taken seldom. */
const SNAPSHOT_KEEP_MS = 60_000;
/** The label of the sums over all frames, as the auditor's. */
const ALL = 'all';

/** What a voice says of one frame, or of all; what it does not count is `undefined`. */
interface Voice {
  readonly source: 'events' | 'ledger';
  readonly issued: bigint | undefined;
  readonly destroyed: bigint | undefined;
  readonly circulating: bigint;
  readonly inTransit: bigint;
  readonly delta: bigint;
}

/** The sums are shown while every frame answers; else they would jump by a frame. */
export function createSupplySource(
  deps: SupplySourceDependencies,
  frames: readonly FrameId[],
): Source {
  const voices = [
    frames.map((frame) => events(deps, frame)),
    frames.map((one) => ledger(deps, one)),
  ];
  return {
    async read() {
      const answers = await Promise.all(
        voices.map((voice) => Promise.all(voice.map((source) => source.read()))),
      );
      const totals = answers.flatMap((voice) => totalOf(voice.map(({ value }) => value)));
      const readings = answers.flat().map(({ reading }) => reading);
      return joinReadings(readings, totals);
    },
  };
}

function events({ clock, supplyPlatform }: SupplySourceDependencies, frame: FrameId) {
  return createValueSource<Voice>({
    name: `protocol_projection/${frame}`,
    clock,
    async load() {
      const answer = await supplyPlatform.projection(frame);
      if (answer.kind !== 'projection') throw new Error(problemOf(answer));
      const { circulating, destroyed, issued, transitNet } = answer.projection;
      const delta = circulating - (issued - destroyed + transitNet);
      return { source: 'events', issued, destroyed, circulating, inTransit: -transitNet, delta };
    },
    families: (voice) => familiesOf(frame, voice),
  });
}

function ledger({ clock, supplyPlatform }: SupplySourceDependencies, frame: FrameId) {
  return createValueSource<Voice>({
    name: `protocol_snapshot/${frame}`,
    clock,
    keepMs: SNAPSHOT_KEEP_MS,
    async load() {
      const answer = await supplyPlatform.cut(frame);
      if (answer.kind !== 'cut') throw new Error(problemOf(answer));
      const { circulating, grade, inTransit, issuance } = answer.cut;
      if (grade !== 'snapshot') throw new Error(`the TEG of frame ${frame} has no snapshot`);
      // Double entry: what circulates and what is on its way was issued, to the last unit.
      const delta = circulating + inTransit + issuance;
      const none = { issued: undefined, destroyed: undefined };
      return { source: 'ledger', ...none, circulating, inTransit, delta };
    },
    families: (voice) => familiesOf(frame, voice),
  });
}

function problemOf(
  answer:
    | { readonly kind: 'away'; readonly reason: string }
    | { readonly kind: 'unusable'; readonly problem: string },
): string {
  return answer.kind === 'away' ? answer.reason : answer.problem;
}

function totalOf(voices: readonly (Voice | undefined)[]): readonly Family[] {
  const [first, ...rest] = voices;
  if (first === undefined) return [];
  let total: Voice = first;
  for (const voice of rest) {
    if (voice === undefined) return [];
    total = sumOf(total, voice);
  }
  return familiesOf(ALL, total);
}

function sumOf(one: Voice, other: Voice): Voice {
  return {
    source: one.source,
    issued: plus(one.issued, other.issued),
    destroyed: plus(one.destroyed, other.destroyed),
    circulating: one.circulating + other.circulating,
    inTransit: one.inTransit + other.inTransit,
    delta: one.delta + other.delta,
  };
}

function plus(one: bigint | undefined, other: bigint | undefined): bigint | undefined {
  return one === undefined || other === undefined ? undefined : one + other;
}

function familiesOf(frame: string, voice: Voice): readonly Family[] {
  const labels = { frame, source: voice.source };
  const rowsOf = (value: bigint | undefined) =>
    value === undefined ? [] : [{ labels, value: formatAmount(value) }];
  return [
    familyOf(METRICS.supplyIssued, rowsOf(voice.issued)),
    familyOf(METRICS.supplyDestroyed, rowsOf(voice.destroyed)),
    familyOf(METRICS.supplyCirculating, rowsOf(voice.circulating)),
    familyOf(METRICS.supplyInTransit, rowsOf(voice.inTransit)),
    familyOf(METRICS.supplyDelta, rowsOf(voice.delta)),
  ];
}
