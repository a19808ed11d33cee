// The closed label sets: every series that can exist, by the configuration and the domain's lists.
import { isRefundable } from '../domain/contract.js';
import { VALIDATED_EVENT_TYPES, type ValidatedEventType } from '../domain/event.js';
import { FEED_KINDS } from '../domain/feed-kind.js';
import type { FrameId } from '../domain/frame.js';
import type { Path } from '../domain/path.js';
import { NO_REASON } from '../domain/tally.js';
import { FAILURE_SIGNALS, OUTCOMES } from '../domain/verdict.js';

export function pathLabels(path: Path) {
  return { path: path.id, backend: path.backend };
}

/** Every outcome of a path, with every reason that it can have. */
export function testLabels(path: Path) {
  return OUTCOMES.flatMap((outcome) =>
    reasonsOf(path, outcome).map((reason) => ({ ...pathLabels(path), outcome, reason })),
  );
}

export function outcomeLabels(path: Path) {
  return OUTCOMES.map((outcome) => ({ ...pathLabels(path), outcome }));
}

export interface ValidatorKey {
  readonly frame: FrameId;
  readonly eventType: ValidatedEventType;
}

/** Every validator there is: five per frame. */
export function validatorKeys(frames: readonly FrameId[]): readonly ValidatorKey[] {
  return frames.flatMap((frame) =>
    VALIDATED_EVENT_TYPES.map((eventType) => ({ frame, eventType })),
  );
}

export function validatorLabels({ frame, eventType }: ValidatorKey) {
  return { frame, event_type: eventType };
}

/** Every frame has a path of its own, every event type can be missed by either feed. */
export function missedEventLabelSets(paths: readonly Path[]) {
  const frames = new Set(paths.flatMap((path) => [path.senderFrame, path.receiverFrame]));
  return validatorKeys([...frames]).flatMap((key) =>
    FEED_KINDS.map((missing) => ({ ...validatorLabels(key), missing })),
  );
}

function reasonsOf(path: Path, outcome: (typeof OUTCOMES)[number]): readonly string[] {
  if (outcome !== 'failed') return [NO_REASON];
  return FAILURE_SIGNALS.filter((signal) => signal !== 'refunded' || isRefundable(path.backend));
}
