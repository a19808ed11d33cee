// A validator's activity: the stream for speed, the poll for proof, the watermark for both.
import {
  activityInfo,
  CancelledFailure,
  cancellationSignal,
  heartbeat,
  sleep,
} from '@temporalio/activity';
import type { ValidatedEventType } from '../domain/event.js';
import type { FrameId } from '../domain/frame.js';
import type { Matcher } from '../domain/mark.js';
import type {
  Clock,
  EventFeed,
  FeedSubscription,
  RawEvent,
  StreamState,
  ValidatorBoard,
} from '../ports.js';
import { createEventIntake, type EventIntake } from './event-intake.js';
import { createHeldFees } from './held-fees.js';
import type { RaiseDependencies } from './raise-stamps.js';

export interface ValidatorInput {
  readonly frame: FrameId;
  readonly eventType: ValidatedEventType;
  /** The last place in the log handled without a gap; absent at the very first start. */
  readonly watermark: number | undefined;
}

export interface ValidateActivities {
  /** Follows the events until it rotates; returns the watermark. */
  validateEvents(input: ValidatorInput): Promise<number>;
}

export interface ValidatorSettings {
  readonly pollIntervalMs: number;
  readonly rotationMs: number;
  readonly feeWaitMs: number;
  /** How far back a validator without a watermark begins: one final deadline. */
  readonly startBackMs: number;
}

export interface ValidateDependencies extends RaiseDependencies {
  readonly clock: Clock;
  readonly feeds: Readonly<Record<FrameId, EventFeed>>;
  readonly board: ValidatorBoard;
  readonly matches: Matcher;
  readonly settings: ValidatorSettings;
  readonly worker: string;
  /** Told of every failure that is retried, so that the log shows what holds the watermark. */
  readonly onTrouble: (input: ValidatorInput, what: string, error: unknown) => void;
}

const POLL_LIMIT = 1_000;
/** How often held fees look for their transfer, and how often a failed step is tried again. */
const RETRY_MS = 200;

interface Run {
  readonly deps: ValidateDependencies;
  readonly input: ValidatorInput;
  readonly feed: EventFeed;
  readonly intake: EventIntake;
  watermark: number;
  head: number;
  caughtUp: boolean;
  stream: StreamState;
  reconnects: number;
}

export function createValidateActivities(deps: ValidateDependencies): ValidateActivities {
  return {
    async validateEvents(input) {
      const run = await begin(deps, input);
      const subscription = await subscribe(run);
      const fees = chaseFees(run);
      try {
        return await follow(run, subscription);
      } finally {
        run.intake.stop();
        await Promise.allSettled([subscription.close(), fees]);
      }
    },
  };
}

async function begin(deps: ValidateDependencies, input: ValidatorInput): Promise<Run> {
  const feed = deps.feeds[input.frame];
  if (feed === undefined) throw new Error(`no feed is configured for frame ${input.frame}`);
  const watermark = await startingPoint(deps, input, feed);
  heartbeat(watermark);
  const intake = createEventIntake({
    deps,
    input,
    feed,
    fees: createHeldFees(deps.settings.feeWaitMs),
    retryMs: RETRY_MS,
  });
  return {
    deps,
    input,
    feed,
    intake,
    watermark,
    head: watermark,
    caughtUp: false,
    stream: 'closed',
    reconnects: 0,
  };
}

/** The heartbeat of an attempt that died, what the workflow knows, or one final deadline back. */
async function startingPoint(
  deps: ValidateDependencies,
  input: ValidatorInput,
  feed: EventFeed,
): Promise<number> {
  const beaten: unknown = activityInfo().heartbeatDetails;
  if (typeof beaten === 'number') return beaten;
  if (input.watermark !== undefined) return input.watermark;
  return feed.positionBefore(deps.clock.nowMs() - deps.settings.startBackMs);
}

function subscribe(run: Run): Promise<FeedSubscription> {
  return run.feed.subscribe({
    eventTypes: [run.input.eventType],
    after: run.watermark,
    onEvent: (raw: RawEvent) => void run.intake.take(raw, 'stream'),
    onState: (state) => {
      if (state === 'open' && run.stream === 'silent') run.reconnects += 1;
      run.stream = state;
    },
  });
}

/** Polls until rotation or cancellation; only here the watermark moves (design, decision 7). */
async function follow(run: Run, subscription: FeedSubscription): Promise<number> {
  const { clock, settings } = run.deps;
  const rotateAtMs = clock.nowMs() + settings.rotationMs;
  const stopped = cancellationSignal();
  while (clock.nowMs() < rotateAtMs && !stopped.aborted) {
    heartbeat(run.watermark);
    const more = await pollOnce(run, subscription);
    await report(run);
    if (!more) await pause(settings.pollIntervalMs);
  }
  return run.watermark;
}

async function pollOnce(run: Run, subscription: FeedSubscription): Promise<boolean> {
  try {
    const page = await subscription.poll(run.watermark, POLL_LIMIT);
    run.head = page.head;
    if (page.head < run.watermark) return await startOver(run);
    if (!(await handlePage(run, page.events))) return false;
    run.watermark = Math.max(run.watermark, page.through);
    run.intake.forgetThrough(run.watermark);
    if (run.watermark >= page.head) run.caughtUp = true;
    return run.watermark < page.head;
  } catch (error) {
    run.deps.onTrouble(run.input, 'poll', error);
    return false;
  }
}

/** A log that ends before the watermark is another log: the platform's store was replaced. */
async function startOver(run: Run): Promise<boolean> {
  const { deps, input, feed } = run;
  const problem = new Error(`the log ends at ${run.head}, the watermark is ${run.watermark}`);
  deps.onTrouble(input, 'log replaced', problem);
  run.watermark = await feed.positionBefore(deps.clock.nowMs() - deps.settings.startBackMs);
  run.intake.forgetThrough(run.watermark);
  return true;
}

/** Hands a page over; true when every event of it is dealt with, so that the watermark may pass. */
async function handlePage(run: Run, events: readonly RawEvent[]): Promise<boolean> {
  const beats = setInterval(() => heartbeat(run.watermark), run.deps.settings.pollIntervalMs);
  try {
    const handled = await Promise.all(events.map((raw) => run.intake.take(raw, 'poll')));
    return handled.every(Boolean);
  } finally {
    clearInterval(beats);
  }
}

/**
 * Fees whose transfer was not known are looked up again until they are, or their wait ends. Once
 * cancelled, no pause lasts any longer: to go on then would leave nobody else a turn.
 */
async function chaseFees(run: Run): Promise<void> {
  const stopped = cancellationSignal();
  while (!run.intake.stopped() && !stopped.aborted) {
    await run.intake.retryFees();
    await pause(RETRY_MS);
  }
}

async function report(run: Run): Promise<void> {
  const { input, deps } = run;
  try {
    await deps.board.report({
      frame: input.frame,
      eventType: input.eventType,
      feed: run.feed.kind,
      stream: run.stream,
      watermark: run.watermark,
      head: run.head,
      caughtUp: run.caughtUp,
      lagMs: run.intake.lagMs(),
      reportedAtMs: deps.clock.nowMs(),
      worker: deps.worker,
      counts: { ...run.intake.counts(), reconnects: run.reconnects },
    });
  } catch (error) {
    deps.onTrouble(input, 'report', error);
  }
}

/** A worker that shuts down ends the wait; the loop then returns the watermark as at rotation. */
async function pause(ms: number): Promise<void> {
  try {
    await sleep(ms);
  } catch (error) {
    if (!(error instanceof CancelledFailure)) throw error;
  }
}
