// The intake of a validator: every event once, whether the stream or the poll brings it, tried
// again until it is dealt with, and counted.
import { formatEventId, type StoredEvent } from '../domain/event.js';
import type { EventFeed, RawEvent, ValidatorCounts } from '../ports.js';
import type { HeldFee, HeldFees } from './held-fees.js';
import { type Raised, raiseStamp } from './raise-stamps.js';
import type { ValidateDependencies, ValidatorInput } from './validate-events.js';

export type Source = 'stream' | 'poll';

export interface EventIntake {
  /** Deals with an event; false when the intake was stopped before it could. */
  take(raw: RawEvent, source: Source): Promise<boolean>;
  retryFees(): Promise<void>;
  /** Everything up to a place in the log is dealt with: what comes again from there is ignored. */
  forgetThrough(sequence: number): void;
  stop(): void;
  stopped(): boolean;
  lagMs(): number | undefined;
  counts(): Omit<ValidatorCounts, 'reconnects'>;
}

interface IntakeOptions {
  readonly deps: ValidateDependencies;
  readonly input: ValidatorInput;
  readonly feed: EventFeed;
  readonly fees: HeldFees;
  readonly retryMs: number;
}

interface Met {
  readonly sequence: number;
  readonly handled: Promise<boolean>;
}

export function createEventIntake(options: IntakeOptions): EventIntake {
  const { deps, input, feed, fees } = options;
  const met = new Map<string, Met>();
  const tally = createTally();
  let stopped = false;
  let lagMs: number | undefined;
  let passed = 0;
  const raise = createRaise(options, tally, () => stopped);

  function takeStored(stored: StoredEvent, source: Source): Promise<boolean> {
    if (stored.sequence <= passed) return Promise.resolve(true);
    const seenAtMs = deps.clock.nowMs();
    // Foreign copies keep the id of their origin, so the place in the log names the delivery.
    const key = `${formatEventId(stored.event.id)}@${stored.sequence}`;
    const known = met.get(key);
    if (known !== undefined) return known.handled;
    if (source === 'poll') tally.counts.backstopped += 1;
    lagMs = seenAtMs - stored.storedAtMs;
    const handled = raise.untilRaised(stored, seenAtMs);
    met.set(key, { sequence: stored.sequence, handled });
    return handled;
  }

  return {
    async take(raw, source) {
      tally.counts.events += 1;
      if (!deps.matches(raw.text)) return true;
      const parsed = feed.parse(raw);
      // It has no id by which its second delivery could be told; the poll brings each once.
      if (parsed.kind === 'malformed' && source === 'poll') tally.counts.malformed += 1;
      if (parsed.kind !== 'event') return true;
      if (parsed.stored.event.eventType !== input.eventType) return true;
      return takeStored(parsed.stored, source);
    },
    async retryFees() {
      for (const fee of fees.waiting(deps.clock.nowMs())) await raise.retryFee(fee);
    },
    forgetThrough(sequence) {
      passed = sequence;
      for (const [key, one] of met) if (one.sequence <= sequence) met.delete(key);
    },
    stop() {
      stopped = true;
    },
    stopped: () => stopped,
    lagMs: () => lagMs,
    counts: () => ({ ...tally.counts }),
  };
}

type Counts = { -readonly [Name in keyof ValidatorCounts]: number };

interface Tally {
  readonly counts: Omit<Counts, 'reconnects'>;
  add(raised: Raised): void;
}

function createTally(): Tally {
  const counts = { events: 0, stamped: 0, malformed: 0, unregistered: 0, backstopped: 0 };
  return {
    counts,
    add(raised) {
      if (raised === 'stamped') counts.stamped += 1;
      if (raised === 'unregistered') counts.unregistered += 1;
    },
  };
}

/** Raising with its retries: an event until it is dealt with, a held fee once per look. */
function createRaise(
  { deps, input, fees, retryMs }: IntakeOptions,
  tally: Tally,
  stopped: () => boolean,
) {
  const { frame, eventType } = input;
  return {
    async untilRaised(stored: StoredEvent, seenAtMs: number): Promise<boolean> {
      while (!stopped()) {
        try {
          const raised = await raiseStamp(deps, frame, eventType, stored, seenAtMs);
          if (raised === 'unknown_transfer') fees.hold({ stored, seenAtMs });
          tally.add(raised);
          return true;
        } catch (error) {
          deps.onTrouble(input, `event ${formatEventId(stored.event.id)}`, error);
          await delay(retryMs);
        }
      }
      return false;
    },
    async retryFee(fee: HeldFee): Promise<void> {
      try {
        const { stored, seenAtMs } = fee;
        const raised = await raiseStamp(deps, frame, eventType, stored, seenAtMs);
        if (raised === 'unknown_transfer') return;
        fees.release(fee);
        tally.add(raised);
      } catch (error) {
        deps.onTrouble(input, `fee ${formatEventId(fee.stored.event.id)}`, error);
      }
    },
  };
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
