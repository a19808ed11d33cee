// What validators say of themselves on the shared board, and what their silence says.
import type { FrameId } from '../domain/frame.js';
import type { ValidatorCounts, ValidatorState } from '../ports.js';
import { type Family, familyOf, type Metric, type Row } from './family.js';
import { type ValidatorKey, validatorKeys, validatorLabels } from './label-sets.js';
import { METRICS } from './metrics.js';

type ValidatorLabel = 'frame' | 'event_type';

const STREAM_STATES = ['open', 'silent', 'closed', 'absent'] as const;

const COUNTERS: readonly {
  readonly metric: Metric<ValidatorLabel>;
  readonly count: keyof ValidatorCounts;
}[] = [
  { metric: METRICS.validatorEvents, count: 'events' },
  { metric: METRICS.validatorStamped, count: 'stamped' },
  { metric: METRICS.validatorMalformed, count: 'malformed' },
  { metric: METRICS.validatorUnregistered, count: 'unregistered' },
  { metric: METRICS.validatorBackstopped, count: 'backstopped' },
  { metric: METRICS.validatorReconnects, count: 'reconnects' },
];

interface Validator extends ValidatorKey {
  readonly reported: ValidatorState | undefined;
  /** The report, while it is young enough to be true still. */
  readonly fresh: ValidatorState | undefined;
}

/**
 * All validators of the frames. One that has not reported since `silentSinceMs` is `absent`: its
 * gap and lag are unknown and have no series; its counters stand still.
 */
export function validatorFamilies(
  states: readonly ValidatorState[],
  frames: readonly FrameId[],
  silentSinceMs: number,
): readonly Family[] {
  const validators = validatorKeys(frames).map((key) => withState(key, states, silentSinceMs));
  const family = (
    metric: Metric<ValidatorLabel>,
    measure: (validator: Validator) => Row['value'] | undefined,
  ) =>
    familyOf(
      metric,
      validators.flatMap((one) => {
        const value = measure(one);
        return value === undefined ? [] : [{ labels: validatorLabels(one), value }];
      }),
    );
  return [
    familyOf(METRICS.validatorStream, validators.flatMap(streamRows)),
    family(METRICS.validatorCaughtUp, ({ fresh }) => fresh?.caughtUp ?? false),
    family(METRICS.validatorReported, ({ reported }) => (reported?.reportedAtMs ?? 0) / 1_000),
    family(METRICS.validatorGap, ({ fresh }) => fresh && Math.max(0, fresh.head - fresh.watermark)),
    family(METRICS.validatorLag, ({ fresh }) => fresh?.lagMs && fresh.lagMs / 1_000),
    familyOf(METRICS.validatorInfo, validators.flatMap(infoRows)),
    ...COUNTERS.map(({ metric, count }) =>
      family(metric, ({ reported }) => reported?.counts[count] ?? 0),
    ),
  ];
}

function withState(
  key: ValidatorKey,
  states: readonly ValidatorState[],
  silentSinceMs: number,
): Validator {
  const reported = states.find(
    (state) => state.frame === key.frame && state.eventType === key.eventType,
  );
  const isFresh = reported !== undefined && reported.reportedAtMs >= silentSinceMs;
  return { ...key, reported, fresh: isFresh ? reported : undefined };
}

function streamRows(validator: Validator) {
  const current = validator.fresh?.stream ?? 'absent';
  return STREAM_STATES.map((state) => ({
    labels: { ...validatorLabels(validator), state },
    value: state === current,
  }));
}

function infoRows(validator: Validator) {
  const { fresh } = validator;
  if (fresh === undefined) return [];
  const { feed, worker } = fresh;
  return [{ labels: { ...validatorLabels(validator), feed, worker }, value: 1 }];
}
