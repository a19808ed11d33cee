// A validator in a world of its own: a feed, stores and workflows that a case can take away at a
// moment, and a record of all that it said and did.
import {
  createValidateActivities,
  type ValidatorInput,
  type Watermark,
} from '../../src/activities/validate-events.js';
import { StoreUnavailableError } from '../../src/adapters/store-unavailable-error.js';
import type { ValidatedEventType } from '../../src/domain/event.js';
import type { FeedKind } from '../../src/domain/feed-kind.js';
import { createMatcher } from '../../src/domain/mark.js';
import type { CanaryTest } from '../../src/domain/test.js';
import type { StampStore, TestSignal, ValidatorState } from '../../src/ports.js';
import { at, begin, fakeClock } from '../support/activity-run.js';
import { createMemoryStamps } from '../support/memory-stamps.js';
import { testOf } from '../support/samples.js';
import { createSwitchedFeed, type SwitchedFeed } from '../support/switched-feed.js';
import { feeEnvelope, transferEnvelope, type WireEnvelope } from '../support/wire-events.js';

export const START_MS = Date.parse('2026-11-23T18:30:00.000Z');
export const ROTATION_MS = 120_000;
export const FEE_WAIT_MS = 60_000;
/** One final deadline. */
export const START_BACK_MS = 40_000;

/** A moment after the start. */
export const later = (ms: number): number => START_MS + ms;

export const INTRA = 'A1.1-A1.2-intra';

export interface ValidatorWorld {
  readonly feed: SwitchedFeed;
  readonly stamps: StampStore;
  readonly away: { stamps: boolean; signals: boolean; board: boolean };
  /** Whether the workflows of the tests have ended. */
  readonly ended: { tests: boolean };
  readonly states: readonly ValidatorState[];
  /** Signals that were acknowledged: the stamp's name, or the kinds of the findings. */
  readonly told: readonly string[];
  /** The same of what was recorded because the workflow had ended. */
  readonly recorded: readonly string[];
  readonly troubles: ReadonlySet<string>;
  /** A registered test; its events are made with `transferOf`. */
  register(cycle: string, pathId?: string): Promise<CanaryTest>;
  bring(atMs: number, envelope: WireEnvelope): void;
  run(start?: { readonly input?: Watermark; readonly beaten?: unknown }): Promise<ValidatorEnd>;
  /** The watermark as it was last reported by a moment. */
  watermarkAt(atMs: number): number | undefined;
}

export interface ValidatorEnd {
  readonly watermark: Watermark;
  readonly heartbeats: readonly unknown[];
}

interface WorldOptions {
  readonly eventType?: ValidatedEventType;
  readonly frame?: string;
  readonly kind?: FeedKind;
}

export function createValidatorWorld(options: WorldOptions = {}): ValidatorWorld {
  const { eventType = 'TokensTransferred', frame = 'A', kind = 'event-store' } = options;
  const feed = createSwitchedFeed(kind);
  const away = { stamps: false, signals: false, board: false };
  const ended = { tests: false };
  const stamps = createMemoryStamps(fakeClock);
  const states: ValidatorState[] = [];
  const told: string[] = [];
  const recorded: string[] = [];
  const troubles = new Set<string>();
  const { validateEvents } = createValidateActivities({
    clock: fakeClock,
    feeds: { [frame]: feed },
    board: {
      async report(state) {
        if (away.board) throw new StoreUnavailableError('redis', 'report', 'switched off');
        states.push(state);
      },
      states: async () => states,
    },
    stamps: unless(() => away.stamps, stamps),
    tests: {
      async signal(_testId, signal) {
        if (away.signals) throw new Error('Temporal is away');
        if (ended.tests) return 'closed';
        told.push(wordsOf(signal));
        return 'delivered';
      },
    },
    async recordLate(_testId, facts) {
      recorded.push(wordsOf({ stamp: facts.stamps[0], findings: facts.findings }));
      return 'recorded';
    },
    matches: createMatcher(['canary-', 'A1:canary-1']),
    settings: {
      pollIntervalMs: 1_000,
      rotationMs: ROTATION_MS,
      feeWaitMs: FEE_WAIT_MS,
      startBackMs: START_BACK_MS,
    },
    worker: 'w1',
    onTrouble: (_input, what) => void troubles.add(what.replace(/ .*/, '')),
  });
  return {
    ...{ feed, stamps, away, ended, states, told, recorded, troubles },
    register: async (cycle, pathId = INTRA) => stamps.register(testOf(pathId, cycle)),
    bring: (atMs, envelope) => at(atMs, () => feed.publish(envelope, atMs)),
    async run({ input: watermark, beaten: heartbeatDetails } = {}) {
      const input: ValidatorInput = { frame, eventType, watermark };
      const run = begin(validateEvents, input, { heartbeatDetails });
      return { watermark: await run.toEnd(), heartbeats: run.heartbeats };
    },
    watermarkAt: (atMs) => states.findLast((one) => one.reportedAtMs <= atMs)?.watermark,
  };
}

/** The transfer of a test as the platform writes it, with whatever a case changes in it. */
export function transferOf(test: CanaryTest, changes: Partial<WireEnvelope> = {}): WireEnvelope {
  const { path } = test;
  return transferEnvelope({
    event_type: 'TokensTransferred',
    backend: path.backend,
    transfer_id: `transfer-of-${test.testId}`,
    data: {
      memo:
        path.backend === '2pc' ? `cross_registry:canary-${test.testId}` : `canary-${test.testId}`,
      sender: path.sender,
      receiver: path.receiver,
      sender_frame: path.senderFrame,
      receiver_frame: path.receiverFrame,
      amount: '0.010000',
    },
    ...changes,
  });
}

/** The fee of a test's transfer. */
export function feeOf(test: CanaryTest): WireEnvelope {
  return feeEnvelope({ backend: test.path.backend, transfer_id: `transfer-of-${test.testId}` });
}

function wordsOf({ stamp, findings }: Pick<TestSignal, 'stamp' | 'findings'>): string {
  return [stamp?.name ?? [], ...findings.map(({ kind }) => kind)].flat().join(' ');
}

/** A store whose every call fails while it is away. */
function unless(isAway: () => boolean, store: StampStore): StampStore {
  return new Proxy(store, {
    get(target, name: keyof StampStore) {
      const call = target[name] as (...given: readonly unknown[]) => Promise<unknown>;
      return async (...given: readonly unknown[]) => {
        if (isAway()) throw new StoreUnavailableError('redis', name, 'switched off');
        return call(...given);
      };
    },
  });
}
