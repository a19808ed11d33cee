// Faults that spoil what an event says, or keep it from being written; the ledger stays right.
import { formatAmount, parseAmount } from '../money.js';
import type { FaultKind } from '../names.js';
import type { ActiveFault, FaultEngine } from '../service/faults.js';
import { canaryAgentIds, registryOfAgent, type Topology, userAgentIds } from '../topology.js';
import type { EventDraft } from './events.js';
import type { Strike } from './strikes.js';

interface EventFault {
  readonly kind: FaultKind;
  appliesTo(draft: EventDraft): boolean;
  /** The event as the fault makes it; undefined when it is not written at all. */
  spoil(draft: EventDraft, topology: Topology): EventDraft | undefined;
}

const EVENT_FAULTS: readonly EventFault[] = [
  { kind: 'omit_event', appliesTo: () => true, spoil: () => undefined },
  {
    kind: 'wrong_source_frame',
    appliesTo: () => true,
    spoil: (draft, topology) => ({
      ...draft,
      sourceFrame: anotherFrame(draft.sourceFrame, topology),
    }),
  },
  {
    kind: 'wrong_fee',
    appliesTo: (draft) => draft.eventType === 'TransactionFeeCollected',
    spoil: withOtherAmount,
  },
  {
    kind: 'wrong_amount',
    appliesTo: (draft) => 'amount' in draft.data && draft.eventType !== 'TransactionFeeCollected',
    spoil: withOtherAmount,
  },
  {
    kind: 'wrong_receiver',
    appliesTo: (draft) => 'receiver' in draft.data,
    spoil: (draft, topology) => ({
      ...draft,
      data: { ...draft.data, receiver: anotherReceiver(draft, topology) },
    }),
  },
];

/** Applies the active faults to a transaction's events, each fault at most once to an event. */
export function spoilEvents(
  drafts: readonly EventDraft[],
  faults: FaultEngine,
  topology: Topology,
): { readonly events: readonly EventDraft[]; readonly strikes: readonly Strike[] } {
  const events: EventDraft[] = [];
  const strikes: Strike[] = [];
  for (const draft of drafts) {
    let spoiled: EventDraft | undefined = draft;
    for (const { kind, appliesTo, spoil } of EVENT_FAULTS) {
      if (spoiled === undefined || !appliesTo(spoiled)) continue;
      const fault = faults.hit(kind, draft.scope);
      if (fault === undefined) continue;
      spoiled = spoil(spoiled, topology);
      strikes.push(strikeOf(fault, draft, spoiled));
    }
    if (spoiled !== undefined) events.push(spoiled);
  }
  return { events, strikes };
}

function strikeOf(fault: ActiveFault, truth: EventDraft, told: EventDraft | undefined): Strike {
  const say = (draft: EventDraft) => ({ source_frame: draft.sourceFrame, ...draft.data });
  return {
    kind: fault.kind,
    faultId: fault.id,
    transferId: truth.transferId,
    detail: {
      event_type: truth.eventType,
      truth: say(truth),
      told: told === undefined ? null : say(told),
    },
  };
}

/** The event names one base unit too much. */
function withOtherAmount(draft: EventDraft): EventDraft {
  const truth = parseAmount(String(draft.data.amount));
  const amount = formatAmount((truth.ok ? truth.baseUnits : 0n) + 1n);
  return { ...draft, data: { ...draft.data, amount } };
}

function anotherFrame(frame: string, topology: Topology): string {
  return topology.frames.find((other) => other.id !== frame)?.id ?? `NOT-${frame}`;
}

/** An agent of the receiver's own registry, so that nothing but the name looks wrong. */
function anotherReceiver(draft: EventDraft, topology: Topology): string {
  const receiver = String(draft.data.receiver);
  const registry = registryOfAgent(topology, receiver) ?? '';
  const agents = [...canaryAgentIds(topology, registry), ...userAgentIds(topology, registry)];
  return agents.find((other) => other !== receiver) ?? `${receiver}-other`;
}
