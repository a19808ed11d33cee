// A validator's activity: the stream for speed, the poll for proof, the watermark for both.
import { activityInfo, cancellationSignal, heartbeat } from '@temporalio/activity';
import type { ValidatedEventType } from '../domain/event.js';
import type { FeedKind } from '../domain/feed-kind.js';
import type { FrameId } from '../domain/frame.js';
import type { Matcher } from '../domain/mark.js';
import type {
  Clock,
  EventFeed,
  FeedPage,
  FeedSubscription,
  RawEvent,
  StreamState,
  ValidatorBoard,
} from '../ports.js';
import { createEventIntake, type EventIntake } from './event-intake.js';
import { whileBeating } from './heartbeats.js';
import { createHeldFees } from './held-fees.js';
import type { RaiseDependencies } from './raise-stamps.js';
import { pause, within } from './waiting.js';

export interface ValidatorInput {
  readonly frame: FrameId;
  readonly eventType: ValidatedEventType;
  /** Absent at the very first start. */
  readonly watermark: Watermark | undefined;
}

/** The last place in the log handled without a gap; a place on one feed is none on the other. */
export interface Watermark {
  readonly feed: FeedKind;
  readonly place: number;
}

export interface ValidateActivities {
  /** Follows the events until it rotates; returns the watermark. */
  validateEvents(input: ValidatorInput): Promise<Watermark>;
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
/** However long a step takes; Temporal throttles what is too much. */
const BEAT_MS = 500;
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
  /** The page whose events are being dealt with. */
  open: OpenPage | undefined;
}

interface OpenPage {
  readonly page: FeedPage;
  readonly handled: Promise<boolean>;
}

export function createValidateActivities(deps: ValidateDependencies): ValidateActivities {
  return {
    validateEvents(input) {
      let run: Run | undefined;
      const work = async () => {
        run = await begin(deps, input);
        return validate(run);
      };
      return whileBeating(work(), BEAT_MS, () => run && watermarkOf(run));
    },
  };
}

async function validate(run: Run): Promise<Watermark> {
  const subscription = await subscribe(run);
  const fees = chaseFees(run);
  try {
    await follow(run, subscription);
  } finally {
    run.intake.stop();
    await Promise.allSettled([subscription.close(), fees]);
  }
  return watermarkOf(run);
}

function watermarkOf({ feed, watermark }: Run): Watermark {
  return { feed: feed.kind, place: watermark };
}

async function begin(deps: ValidateDependencies, input: ValidatorInput): Promise<Run> {
  const feed = deps.feeds[input.frame];
  if (feed === undefined) throw new Error(`no feed is configured for frame ${input.frame}`);
  const watermark = await startingPoint(deps, input, feed);
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
    open: undefined,
  };
}

/** The heartbeat of an attempt that died, what the workflow knows, or one final deadline back. */
async function startingPoint(
  deps: ValidateDependencies,
  input: ValidatorInput,
  feed: EventFeed,
): Promise<number> {
  const known = [activityInfo().heartbeatDetails, input.watermark].find(
    (one): one is Watermark => isWatermark(one) && one.feed === feed.kind,
  );
  return known?.place ?? feed.positionBefore(deps.clock.nowMs() - deps.settings.startBackMs);
}

function isWatermark(details: unknown): details is Watermark {
  return typeof details === 'object' && details !== null && 'feed' in details && 'place' in details;
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
async function follow(run: Run, subscription: FeedSubscription): Promise<void> {
  const { clock, settings } = run.deps;
  const rotateAtMs = clock.nowMs() + settings.rotationMs;
  const stopped = cancellationSignal();
  while (clock.nowMs() < rotateAtMs && !stopped.aborted) {
    heartbeat(watermarkOf(run));
    const more = await pollOnce(run, subscription);
    await report(run);
    if (!more) await pause(settings.pollIntervalMs);
  }
}

/** Takes a page on its way as far as it goes within a poll's interval; true: more to read. */
async function pollOnce(run: Run, subscription: FeedSubscription): Promise<boolean> {
  try {
    run.open ??= await openPage(run, subscription);
    const { page, handled } = run.open;
    // A store that is away holds the page, and not the reports, the rotation or the shutdown.
    const outcome = await within(run.deps.settings.pollIntervalMs, handled);
    if (outcome === 'not_yet') return false;
    run.open = undefined;
    return outcome && (await passPage(run, page));
  } catch (error) {
    run.open = undefined;
    run.deps.onTrouble(run.input, 'poll', error);
    return false;
  }
}

/** Polls, and hands every event over; `handled` says whether all of them could be dealt with. */
async function openPage(run: Run, subscription: FeedSubscription): Promise<OpenPage> {
  const page = await subscription.poll(run.watermark, POLL_LIMIT);
  run.head = page.head;
  const taken = page.events.map((raw) => run.intake.take(raw, 'poll'));
  return { page, handled: Promise.all(taken).then((all) => all.every(Boolean)) };
}

/** Every event of the page is dealt with: the watermark may pass it. */
async function passPage(run: Run, { through, head }: FeedPage): Promise<boolean> {
  if (head < run.watermark) return startOver(run);
  run.watermark = Math.max(run.watermark, through);
  run.intake.forgetThrough(run.watermark);
  if (run.watermark >= head) run.caughtUp = true;
  return run.watermark < head;
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
