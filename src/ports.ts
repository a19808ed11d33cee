// The ports: what activities, exporters and admin faces need of the outside, vendor-free. Adapters
// make them real; contract suites in test/adapters hold every implementation to the same cases.
import type { Acknowledgement, PathTrouble } from './domain/attention.js';
import type { Backend } from './domain/backend.js';
import type { Correction } from './domain/correction.js';
import type { StoredEvent, ValidatedEventType } from './domain/event.js';
import type { FeedKind } from './domain/feed-kind.js';
import type { Finding } from './domain/finding.js';
import type { Attempt } from './domain/fire.js';
import type { AgentId, FrameId } from './domain/frame.js';
import type { ClockOffset } from './domain/latency.js';
import type { Path, PathId } from './domain/path.js';
import type { Closing, Result } from './domain/result.js';
import type { Scoreboard } from './domain/scoreboard.js';
import type { Stamp } from './domain/stamp.js';
import type { Tally } from './domain/tally.js';
import type { CanaryTest, RegisteredTest, TestId } from './domain/test.js';
import type { Outcome } from './domain/verdict.js';
import type { WarmUp, WarmUpEnd } from './domain/warm-up.js';
import type { PathTotals, PathVerdict, UnpassedPath } from './path-ports.js';
import type {
  AcknowledgeChoice,
  CyclePlace,
  LastPass,
  NewCycle,
  News,
  RecordedResult,
  ResultQuery,
  StoredCycle,
  StoredResult,
  WholeResult,
} from './result-ports.js';

export type * from './access-ports.js';
export type * from './health-ports.js';
export type * from './operator-ports.js';

export type * from './path-ports.js';
export type * from './platform-state-ports.js';
export type * from './result-ports.js';
export type * from './supply-ports.js';
export type * from './upstream-ports.js';

/** The only source of wall-clock time; `Date.now` stands in its adapter and nowhere else. */
export interface Clock {
  nowMs(): number;
}

/** The doors of the TEGs that user traffic goes through, too. */
export interface TransferGateway {
  /** One attempt, never retried here; every way it can end is a value (design, decision 5). */
  attempt(request: TransferRequest): Promise<Attempt>;
  /** The float of an agent, base units; throws `PlatformUnavailableError`. */
  balance(agent: AgentId): Promise<Float>;
  /** The frame's clock against ours; `undefined` when it could not be measured. */
  clockOffset(frame: FrameId): Promise<ClockOffset | undefined>;
  /** What the platform charges; throws `PlatformUnavailableError`. */
  feeBasisPoints(frame: FrameId): Promise<number>;
}

export interface TransferRequest {
  readonly path: Path;
  readonly amountBaseUnits: bigint;
  readonly memo: string;
  readonly idempotencyKey: string;
}

export interface Float {
  readonly availableBaseUnits: bigint;
  readonly heldBaseUnits: bigint;
  readonly status: 'active' | 'revoked';
}

/** An event as a feed delivers it, before anybody parses it. */
export interface RawEvent {
  readonly text: string;
  /** Known without parsing only where the transport says it (Kafka: the record's offset). */
  readonly offset?: number;
  readonly timestampMs?: number;
  readonly foreignFrom?: FrameId;
}

export type ParsedEvent =
  | { readonly kind: 'event'; readonly stored: StoredEvent }
  /** A well-formed event that is no transfer event (markers, issue), or of a type unknown to us. */
  | { readonly kind: 'other'; readonly eventType: string }
  | { readonly kind: 'malformed'; readonly problem: string };

export interface FeedPage {
  readonly events: readonly RawEvent[];
  /** Nothing of the subscribed types up to here is missing from the pages so far. */
  readonly through: number;
  readonly head: number;
}

/** `open`: connected and heard from; `silent`: connected, nothing for too long; `closed`. */
export type StreamState = 'open' | 'silent' | 'closed';

/** One frame's events, by one of the two ways to hear them (design, decision 15). */
export interface EventFeed {
  readonly kind: FeedKind;
  subscribe(options: FeedOptions): Promise<FeedSubscription>;
  /** The last place in the log whose event was stored before a time: where a validator starts. */
  positionBefore(timeMs: number): Promise<number>;
  parse(raw: RawEvent): ParsedEvent;
}

export interface FeedOptions {
  /** Which types the subscription hears, one or more. */
  readonly eventTypes: readonly ValidatedEventType[];
  readonly after: number;
  /** Called for every streamed event; the stream is a hint and proves nothing. */
  readonly onEvent: (raw: RawEvent) => void;
  readonly onState: (state: StreamState) => void;
}

export interface FeedSubscription {
  /** The backstop: events after a place, and how far that is complete. Throws when away. */
  poll(after: number, limit: number): Promise<FeedPage>;
  close(): Promise<void>;
}

/** Look-ups in a frame's EventStore, own and foreign events. */
export interface EventLookup {
  byMemo(frame: FrameId, memo: string): Promise<readonly StoredEvent[]>;
  byTransferId(frame: FrameId, transferId: string): Promise<readonly StoredEvent[]>;
}

/** The shared store of registered tests and their stamps (Redis in production). */
export interface StampStore {
  /** Registers before the fire; the first registration wins and is returned. */
  register(test: CanaryTest): Promise<RegisteredTest>;
  /** Notes that an attempt leaves now; the first time wins and is returned. */
  markFired(testId: TestId, atMs: number): Promise<number>;
  /** Notes the acceptance and writes the reverse index. */
  markAccepted(testId: TestId, transferId: string, atMs: number): Promise<void>;
  /** Notes the stored outcome, and that the test is open no more. */
  markDecided(testId: TestId, outcome: Outcome): Promise<void>;
  test(testId: TestId): Promise<StoredTest | undefined>;
  testIdOfTransfer(transferId: string): Promise<TestId | undefined>;
  /** Writes the reverse index; the first write wins. */
  indexTransfer(transferId: string, testId: TestId): Promise<void>;
  /** First write wins per stamp and frame; returns the stamp that is stored. */
  stamp(testId: TestId, stamp: Stamp): Promise<Stamp>;
  stamps(testId: TestId): Promise<readonly Stamp[]>;
  /** Registered tests without a decided outcome, with their soft deadlines. */
  openTests(): Promise<readonly OpenTest[]>;
  ping(): Promise<void>;
}

export interface StoredTest extends RegisteredTest {
  readonly acceptedAtMs: number | undefined;
  readonly transferId: string | undefined;
  readonly outcome: Outcome | undefined;
}

export interface OpenTest {
  readonly testId: TestId;
  readonly pathId: PathId;
  readonly backend: Backend;
  readonly softDeadlineAtMs: number;
}

/** Results, cycles, findings and corrections (PostgreSQL in production). */
export interface ResultStore {
  /** Stores the verdict unless one is stored; its tallies in the same transaction. */
  record(result: Result, tallies: readonly Tally[]): Promise<RecordedResult>;
  /** Appends what is news, each by kind and subject once, and counts only what was new. */
  append(testId: TestId, news: News): Promise<void>;
  /** Stores the close unless one is stored, its findings and tallies in the same transaction. */
  close(testId: TestId, closing: Closing, tallies: readonly Tally[]): Promise<void>;
  result(testId: TestId): Promise<WholeResult | undefined>;
  resultsOfCycle(cycleId: string): Promise<readonly StoredResult[]>;
  /** The newest results first. */
  recent(query: ResultQuery): Promise<readonly StoredResult[]>;
  /** Opens a cycle once; answers the newest scheduled slot before this one. */
  openCycle(cycle: NewCycle): Promise<{ readonly previousSlotMs: number | undefined }>;
  recordMissedSlots(slotsMs: readonly number[]): Promise<void>;
  closeCycle(scoreboard: Scoreboard, closedAtMs: number): Promise<void>;
  /** The newest first, those behind a place where one is given. */
  cycles(limit: number, after?: CyclePlace): Promise<readonly StoredCycle[]>;
  cycle(cycleId: string): Promise<StoredCycle | undefined>;
  /** The cycle whose close is the newest, whoever fired it; `undefined` before the first close. */
  lastClosedCycle(): Promise<StoredCycle | undefined>;
  /** When each path last passed, by the time of the verdict; paths that never did are left out. */
  lastPasses(): Promise<readonly LastPass[]>;
  /** Says of what is open that it was seen; answers the tests that it was said of. */
  acknowledge(which: AcknowledgeChoice, word: Acknowledgement): Promise<readonly TestId[]>;
  /** The paths that fail, and those with failures that nobody has seen; as asked. */
  troubles(pathIds: readonly PathId[]): Promise<readonly PathTrouble<StoredResult>[]>;
  /** How every path went since a moment; paths without a verdict since then are left out. */
  pathTotals(sinceMs: number): Promise<readonly PathTotals[]>;
  /** The newest verdicts of each of these paths, the newest first within a path. */
  newestOfPaths(pathIds: readonly PathId[], each: number): Promise<readonly PathVerdict[]>;
  /** The first verdict of each of these paths after its last pass; none for one that passes. */
  unpassedSince(pathIds: readonly PathId[]): Promise<readonly UnpassedPath[]>;
  corrections(testId: TestId): Promise<readonly Correction[]>;
  findings(testId: TestId): Promise<readonly Finding[]>;
  tallies(): Promise<readonly Tally[]>;
  /** Begins a warm-up unless one runs. */
  beginWarmUp(atMs: number): Promise<WarmUp>;
  endWarmUp(end: WarmUpEnd, atMs: number): Promise<void>;
  warmUp(): Promise<WarmUp | undefined>;
  ping(): Promise<void>;
}

/** What changed, for whoever watches. */
export interface ResultChanges {
  /** Results whose verdict or close is of that moment or later, the earliest changes first. */
  changedSince(atMs: number, limit: number): Promise<readonly StoredResult[]>;
}

/** The workflows of canary tests, as activities start and signal them. */
export interface TestWorkflows {
  /** Starts a test's workflow once for ever (`REJECT_DUPLICATE`). */
  start(test: CanaryTest): Promise<'started' | 'already_started'>;
  /** Delivers facts; `closed` when the test's workflow is no more. */
  signal(testId: TestId, signal: TestSignal): Promise<'delivered' | 'closed'>;
}

/** What a validator tells a test's workflow. */
export interface TestSignal {
  readonly stamp: Stamp | undefined;
  readonly findings: readonly Finding[];
  readonly firedAtMs: number | undefined;
}

/** What one validator says of itself, as pages and metrics show it. */
export interface ValidatorState {
  readonly frame: FrameId;
  readonly eventType: ValidatedEventType;
  readonly feed: FeedKind;
  readonly stream: StreamState;
  readonly watermark: number;
  readonly head: number;
  /** Whether the watermark has reached the head since this activity started. */
  readonly caughtUp: boolean;
  /** From the store's commit to our eyes, of the last canary event, milliseconds. */
  readonly lagMs: number | undefined;
  readonly reportedAtMs: number;
  readonly worker: string;
  readonly counts: ValidatorCounts;
}

/** What a validator has met since its activity started. */
export interface ValidatorCounts {
  readonly events: number;
  readonly stamped: number;
  readonly malformed: number;
  /** Memos that name no registered test: forged, foreign or expired. */
  readonly unregistered: number;
  /** Events that only the backstop brought. */
  readonly backstopped: number;
  readonly reconnects: number;
}

/** Where validators leave their state for the exporter, whichever worker runs them. */
export interface ValidatorBoard {
  report(state: ValidatorState): Promise<void>;
  states(): Promise<readonly ValidatorState[]>;
}

/** A worker process as the exporter finds it. */
export interface WorkerEntry {
  readonly id: string;
  readonly sdkMetricsUrl: string;
  readonly healthUrl: string;
  readonly startedAtMs: number;
}

/** Which workers live; an entry that is not renewed for 15 s counts as gone. */
export interface WorkerBoard {
  renew(entry: WorkerEntry): Promise<void>;
  remove(id: string): Promise<void>;
  alive(): Promise<readonly WorkerEntry[]>;
}
