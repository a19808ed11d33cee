// Every name of the sandbox that others see: event types, classes, backends, codes, faults.
// The source is docs/platform-contract.md; fault kinds are the sandbox's own.

export const EVENT_TYPES = [
  'TokensTransferred',
  'TransactionFeeCollected',
  'CrossFrameTransferInitiated',
  'CrossFrameTransferSettled',
  'CrossFrameTransferRefunded',
  'CrossRegistryTransferCompleted',
  'TokensIssued',
  'TokensDestroyed',
  'TokensStaked',
  'TokensUnstaked',
  'A2ATokenEscrowed',
  'A2ATokenReleased',
  'SupplyMarker',
] as const;

export type EventType = (typeof EVENT_TYPES)[number];

/** The types that an EventStore sends to every other frame. */
export const BROADCAST_TYPES = [
  'CrossFrameTransferInitiated',
  'CrossFrameTransferSettled',
] as const satisfies readonly EventType[];

export const ACCOUNT_CLASSES = [
  'agent',
  'treasury',
  'stake',
  'escrow',
  'in_transit',
  'issuance',
] as const;

export type AccountClass = (typeof ACCOUNT_CLASSES)[number];

/** The states of an A2A token: the first two live, the others are ends. */
export const A2A_STATES = ['offered', 'accepted', 'redeemed', 'cancelled', 'expired'] as const;

export type A2aState = (typeof A2A_STATES)[number];

export const BACKENDS = ['intra', 'async', '2pc'] as const;

export type Backend = (typeof BACKENDS)[number];

/** What the 2pc backend puts before a memo. */
export const TWO_PHASE_MEMO_PREFIX = 'cross_registry:';

/** What the memo of a canary's transfer begins with; users' memos never do. */
export const CANARY_MEMO_PREFIX = 'canary-';

/** Whose transfer it is: a canary's, by its memo, or a user's. */
export const TRAFFICS = ['canary', 'user'] as const;

export type Traffic = (typeof TRAFFICS)[number];

/** The Kafka header that names the frame a foreign copy came from. */
export const FOREIGN_FROM_HEADER = 'foreign_from';

export const SERVICE_NAMES = ['teg', 'event-store', 'registry', 'traffic'] as const;

export type ServiceName = (typeof SERVICE_NAMES)[number];

export const ERROR_CODES = [
  'malformed_request',
  'malformed_amount',
  'unknown_backend',
  'wrong_topology',
  'missing_idempotency_key',
  'unauthenticated',
  'forbidden',
  'agent_revoked',
  'insufficient_funds',
  'unknown_agent',
  'unknown_account',
  'unknown_transfer',
  'unknown_proposal',
  'unknown_dispute',
  'unknown_fault',
  'unknown_a2a_token',
  'unknown_event',
  'not_found',
  'idempotency_conflict',
  'idempotency_in_progress',
  'already_exists',
  'already_voted',
  'illegal_transition',
  'stake_locked',
  'refused',
  'peer_refused',
  'too_many_requests',
  'payload_too_large',
  'unavailable',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

interface FaultDescription {
  /** The services that can strike it. */
  readonly services: readonly ServiceName[];
  readonly meaning: string;
  /** Parameter name -> what it says. */
  readonly params: Readonly<Record<string, string>>;
}

const DELAY = { delay_ms: 'milliseconds to wait' } as const;
const TEG = ['teg'] as const;
const EVENT_STORE = ['event-store'] as const;
const EVENT_PATH = ['teg', 'event-store'] as const;

/**
 * Every fault kind: who strikes it, what it does, its parameters. Those of the event path
 * strike before the store (at the TEG) or after it (at the EventStore, for subscribers only).
 */
export const FAULT_KINDS = {
  refuse_transfer: { services: TEG, meaning: 'the transfer is refused with 422', params: {} },
  hang_transfer: {
    services: TEG,
    meaning: 'the request is never answered',
    params: { when: 'before or after the commit' },
  },
  slow_transfer: { services: TEG, meaning: 'the answer is late', params: DELAY },
  unavailable: {
    services: ['teg', 'registry'],
    meaning: 'the service answers 503',
    params: {},
  },
  never_credit: {
    services: TEG,
    meaning: 'async: never credited, so refunded; 2pc: stays in doubt',
    params: {},
  },
  credit_twice: { services: TEG, meaning: 'the receiver is credited two times', params: {} },
  refund_and_settle: { services: TEG, meaning: 'refunded although settled', params: {} },
  never_refund: {
    services: TEG,
    meaning: 'an async transfer that was not credited in time is never refunded',
    params: {},
  },
  wrong_fee: { services: TEG, meaning: 'the fee event names another fee', params: {} },
  wrong_amount: { services: TEG, meaning: 'the event names another amount', params: {} },
  wrong_receiver: { services: TEG, meaning: 'the event names another receiver', params: {} },
  wrong_source_frame: {
    services: TEG,
    meaning: 'the event names a frame that did not emit it',
    params: {},
  },
  settled_without_posting: {
    services: TEG,
    meaning: 'Settled is emitted although nothing was credited',
    params: {},
  },
  unlock_early: {
    services: TEG,
    meaning: 'a stake is given back before its lock has ended',
    params: {},
  },
  illegal_a2a_step: {
    services: TEG,
    meaning: 'a step of an A2A token is made that is not drawn',
    params: {},
  },
  omit_event: { services: TEG, meaning: 'the posting happens without its event', params: {} },
  drop_event: { services: EVENT_PATH, meaning: 'the event never arrives', params: {} },
  duplicate_event: { services: EVENT_PATH, meaning: 'the event arrives twice', params: {} },
  delay_event: { services: EVENT_PATH, meaning: 'the event arrives late', params: DELAY },
  reorder_event: {
    services: EVENT_PATH,
    meaning: 'the event arrives after its successor',
    params: {},
  },
  crash: {
    services: TEG,
    meaning: 'the process exits between two steps of the saga or of 2pc',
    params: { step: 'the step after which it exits' },
  },
  lose_event: {
    services: EVENT_STORE,
    meaning: 'the event never enters the log, as if the pipe had lost it',
    params: {},
  },
  silence_stream: {
    services: EVENT_STORE,
    meaning: 'subscribers get no events, only heartbeats',
    params: {},
  },
  stall_stream: {
    services: EVENT_STORE,
    meaning: 'no events, no heartbeats; the socket stays open and unread',
    params: {},
  },
  cut_broadcast: {
    services: EVENT_STORE,
    meaning: 'the event is not sent to the other frame',
    params: {
      to: 'the other frame; without it every frame',
      mode: 'lose (skipped for ever, the default) or hold (sent when the fault has gone)',
    },
  },
  poll_unavailable: { services: EVENT_STORE, meaning: 'polls answer 503', params: {} },
  lookup_unavailable: { services: EVENT_STORE, meaning: 'lookups answer 503', params: {} },
  slow: { services: ['registry'], meaning: 'the answer is late', params: DELAY },
} as const satisfies Readonly<Record<string, FaultDescription>>;

export type FaultKind = keyof typeof FAULT_KINDS;

export const FAULT_KIND_NAMES = Object.keys(FAULT_KINDS) as readonly FaultKind[];

/** The TEG's one-shot leaks: balances change, no event is written. */
export const LEAK_KINDS = ['create', 'destroy', 'move', 'offset'] as const;

export type LeakKind = (typeof LEAK_KINDS)[number];

/** The EventStore's one-shot leaks: a stored event is gone, or says another amount. */
export const LOG_LEAK_KINDS = ['erase', 'forge'] as const;

export type LogLeakKind = (typeof LOG_LEAK_KINDS)[number];

/** Faults after which ledger, events and transfers no longer agree. */
export const LEAKING_FAULTS = [
  'settled_without_posting',
  'credit_twice',
  'refund_and_settle',
  'never_credit',
  'never_refund',
  'omit_event',
  'wrong_amount',
  'wrong_fee',
  'wrong_receiver',
  'drop_event',
  'lose_event',
] as const satisfies readonly FaultKind[];

export type LeakingFault = (typeof LEAKING_FAULTS)[number];
