// What can happen to one canary test, as data that fast-check draws and shrinks.
import fc from 'fast-check';
import type { TransferEventType } from '../../../src/domain/event.js';

/** What an event gets wrong, if anything. */
export type Distortion = 'none' | 'amount' | 'sender' | 'receiver' | 'backend' | 'source_frame';

/** What one frame, and our validator there, make of an event. */
export interface CopyFate {
  /** The broadcast to this frame is lost. */
  readonly cut: boolean;
  /** From the emitter's store to this frame's. */
  readonly broadcastMs: number;
  /** Our pipe never brings it to the validator. */
  readonly unseen: boolean;
  /** From the frame's store to the validator, and from there to the workflow. */
  readonly seenMs: number;
  readonly signalMs: number;
}

export interface EventFate {
  /** The platform never emits it. */
  readonly lost: boolean;
  readonly delayMs: number;
  readonly storeMs: number;
  readonly distortion: Distortion;
  readonly again: 'no' | 'second event' | 'second copy';
  /** By the frame's index. */
  readonly copies: readonly CopyFate[];
}

export type Fates = Readonly<Record<TransferEventType, EventFate>>;

export interface FrameFate {
  /** How far the frame's clock is ahead of ours, and how far our figure of that is off. */
  readonly offsetMs: number;
  readonly misjudgedMs: number;
  /** All validators of the frame die at a moment and come back; `undefined`: they live. */
  readonly outage: { readonly fromMs: number; readonly lastsMs: number } | undefined;
  readonly awayAtLookBack: boolean;
  readonly awayAtClose: boolean;
}

/** The answer to the fire, and whether the platform executed it all the same. */
export interface FireFate {
  readonly kind: 'accepted' | 'refused' | 'unpaid' | 'unanswered';
  readonly afterDoubt: boolean;
  readonly executed: boolean;
  readonly answerMs: number;
}

export interface Scenario {
  readonly registriesPerFrame: readonly number[];
  readonly pathNumber: number;
  readonly fire: FireFate;
  readonly debitMs: number;
  readonly creditMs: number;
  /** async: `never` leads to the refund, `both` pays twice. 2pc: `never` stays in doubt. */
  readonly credit: 'credited' | 'never' | 'both';
  readonly fates: Fates;
  readonly frames: readonly FrameFate[];
  readonly storeAwayAtLookBack: boolean;
  /** How long the workflow's workers were away when the deadline came; signals wait for them. */
  readonly sleptMs: number;
}

const rarely = (weight: number) =>
  fc.oneof(
    { weight: 100 - weight, arbitrary: fc.constant(false) },
    { weight, arbitrary: fc.constant(true) },
  );

/** Mostly quick, sometimes past the soft deadline, sometimes past every deadline. */
const delay = fc.oneof(
  { weight: 90, arbitrary: fc.nat(400) },
  { weight: 6, arbitrary: fc.integer({ min: 5_000, max: 40_000 }) },
  { weight: 4, arbitrary: fc.integer({ min: 50_000, max: 900_000 }) },
);

function usually<T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> {
  const rest = others.map((other) => ({ weight: 2, arbitrary: fc.constant(other) }));
  return fc.oneof({ weight: 100 - 2 * others.length, arbitrary: fc.constant(usual) }, ...rest);
}

const copyFate: fc.Arbitrary<CopyFate> = fc.record({
  cut: rarely(4),
  broadcastMs: delay,
  unseen: rarely(10),
  seenMs: delay,
  signalMs: delay,
});

const eventFate: fc.Arbitrary<EventFate> = fc.record({
  lost: rarely(5),
  delayMs: delay,
  storeMs: delay,
  distortion: usually<Distortion>(
    'none',
    'amount',
    'sender',
    'receiver',
    'backend',
    'source_frame',
  ),
  again: usually<EventFate['again']>('no', 'second event', 'second copy'),
  copies: fc.tuple(copyFate, copyFate, copyFate),
});

const frameFate: fc.Arbitrary<FrameFate> = fc.record({
  offsetMs: fc.integer({ min: -100, max: 100 }),
  misjudgedMs: fc.integer({ min: -20, max: 20 }),
  outage: fc.oneof(
    { weight: 4, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.record({ fromMs: fc.nat(5_000), lastsMs: delay }) },
  ),
  awayAtLookBack: rarely(8),
  awayAtClose: rarely(8),
});

const fireFate: fc.Arbitrary<FireFate> = fc
  .record({
    kind: fc.oneof(
      { weight: 7, arbitrary: fc.constant('accepted' as const) },
      { weight: 1, arbitrary: fc.constant('refused' as const) },
      { weight: 1, arbitrary: fc.constant('unpaid' as const) },
      { weight: 1, arbitrary: fc.constant('unanswered' as const) },
    ),
    doubt: fc.boolean(),
    executed: fc.boolean(),
    answerMs: delay,
  })
  .map(({ kind, doubt, executed, answerMs }) => {
    const afterDoubt = doubt || kind === 'unanswered';
    // A clear yes always means executed, a clear no never; only doubt leaves it open.
    const done = kind === 'accepted' || (afterDoubt && executed);
    return { kind, afterDoubt, executed: done, answerMs };
  });

export const anyScenario: fc.Arbitrary<Scenario> = fc.record({
  registriesPerFrame: fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 1, maxLength: 3 }),
  pathNumber: fc.nat(10_000),
  fire: fireFate,
  debitMs: delay,
  creditMs: delay,
  credit: fc.oneof(
    { weight: 8, arbitrary: fc.constant('credited' as const) },
    { weight: 2, arbitrary: fc.constant('never' as const) },
    { weight: 1, arbitrary: fc.constant('both' as const) },
  ),
  fates: fc.record({
    TokensTransferred: eventFate,
    TransactionFeeCollected: eventFate,
    CrossFrameTransferInitiated: eventFate,
    CrossFrameTransferSettled: eventFate,
    CrossFrameTransferRefunded: eventFate,
    CrossRegistryTransferCompleted: eventFate,
  }),
  frames: fc.tuple(frameFate, frameFate, frameFate),
  storeAwayAtLookBack: rarely(5),
  sleptMs: delay,
});
