// Faults that strike between the outbox and the pipe: drop, duplicate, delay, reorder.
import type { FaultKind } from '../names.js';
import { type ActiveFault, type FaultEngine, numberParam } from '../service/faults.js';
import type { OutboxEvent } from './outbox.js';
import { type Strike, strikeOn } from './strikes.js';

/** What the relay does with one event. */
export interface RelayDecision {
  /** How often it is published with its batch. */
  readonly copies: number;
  /** Published later: when that time has passed, or when the cursor is at that position. */
  readonly hold?: {
    readonly position: number;
    readonly delayMs: number;
    readonly afterPosition: number | null;
  };
  readonly strikes: readonly Strike[];
}

type Effect = (event: OutboxEvent, fault: ActiveFault) => Omit<RelayDecision, 'strikes'>;

const DEFAULT_DELAY_MS = 5_000;
/** A reordered event that has no successor is published alone after this time. */
const LONGEST_REORDER_MS = 5_000;

/** The first fault of this list that strikes decides. */
const RELAY_FAULTS: readonly (readonly [FaultKind, Effect])[] = [
  ['drop_event', () => ({ copies: 0 })],
  ['duplicate_event', () => ({ copies: 2 })],
  [
    'delay_event',
    ({ position }, fault) => {
      const delayMs = numberParam(fault, 'delay_ms', DEFAULT_DELAY_MS);
      return { copies: 0, hold: { position, delayMs, afterPosition: null } };
    },
  ],
  [
    'reorder_event',
    ({ position }) => ({
      copies: 0,
      hold: { position, delayMs: LONGEST_REORDER_MS, afterPosition: position + 1 },
    }),
  ],
];

/** Draws what happens to an event on its way into the pipe. */
export function decide(faults: FaultEngine, event: OutboxEvent): RelayDecision {
  for (const [kind, effect] of RELAY_FAULTS) {
    const fault = faults.hit(kind, event.scope);
    if (fault === undefined) continue;
    const detail = { event_type: event.scope.eventType, position: event.position };
    const strikes = [strikeOn(fault, event.transferId, detail)];
    return { ...effect(event, fault), strikes };
  }
  return { copies: 1, strikes: [] };
}
