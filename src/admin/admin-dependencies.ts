// What the operations need of the outside: the ports, and Temporal as starting a cycle sees it.
import type { Config } from '../config.js';
import type { AgentId, FrameId } from '../domain/frame.js';
import type { PathId } from '../domain/path.js';
import type { Scoreboard } from '../domain/scoreboard.js';
import type {
  ActionLog,
  ApiTokenStore,
  Clock,
  EventFeed,
  EventLookup,
  Float,
  ResultChanges,
  ResultStore,
  RetentionStore,
  StampStore,
  SupplyPlatform,
  SupplyStore,
  TransferGateway,
  Upstreams,
  ValidatorBoard,
  WindowStore,
  WorkerBoard,
  WorkerEntry,
} from '../ports.js';

/**
 * What fires and records runs in workflows and activities: no face writes into a store, but for
 * what operators say and order.
 */
export interface AdminDependencies {
  readonly config: Config;
  readonly clock: Clock;
  readonly actions: ActionLog;
  readonly windows: WindowStore;
  readonly retention: RetentionStore;
  readonly cycles: Cycles;
  readonly audits: Audits;
  readonly supply: AuditReads;
  readonly results: ResultReads;
  readonly changes: ResultChanges;
  readonly stamps: StampReads;
  readonly tokens: ApiTokenStore;
  readonly validators: Pick<ValidatorBoard, 'states'>;
  readonly workers: Pick<WorkerBoard, 'alive'>;
  /** Throws `ConfigError` where the agents' tokens cannot be read. */
  readonly platform: () => PlatformReads;
  readonly services: ServiceReads;
  readonly upstreams: Upstreams;
  readonly floats: FloatReads;
}

/** The floats of the canary agents, asked of the platform seldom and never waited for. */
export interface FloatReads {
  /** By the last answers, none of them older than a minute; asks anew behind the scenes. */
  known(): readonly AgentFloat[];
}

export interface AgentFloat {
  readonly agent: AgentId;
  readonly float: Float;
}

/** What the doctor asks of the programs beside the stores. */
export interface ServiceReads {
  /** Throws when no broker answers. */
  readonly askKafka: () => Promise<void>;
  /** What a worker's /readyz names as away; `undefined` where it cannot be asked from here. */
  readonly awayOf: (worker: WorkerEntry) => Promise<readonly AwayDependency[] | undefined>;
}

export interface AwayDependency {
  readonly name: string;
  readonly problem: string;
}

export type AuditReads = Pick<
  SupplyStore,
  'acknowledge' | 'certificateOf' | 'certificates' | 'findings' | 'load' | 'transfers'
>;

/** The audits in Temporal. Every call throws `TemporalUnavailableError` when Temporal is away. */
export interface Audits {
  /** Starts an audit, once for ever under its id. */
  start(auditId: string): Promise<void>;
  /** Waits for its end, until the signal, which makes it throw. */
  ended(auditId: string, signal: AbortSignal): Promise<void>;
  schedule(): Promise<ScheduleState>;
  /** Workers that have asked the audits' task queue for work within the last minutes. */
  pollers(): Promise<number>;
}

export type ResultReads = Pick<
  ResultStore,
  | 'result'
  | 'resultsOfCycle'
  | 'recent'
  | 'cycles'
  | 'cycle'
  | 'acknowledge'
  | 'troubles'
  | 'lastPasses'
  | 'pathTotals'
  | 'newestOfPaths'
  | 'unpassedSince'
  | 'corrections'
  | 'findings'
  | 'tallies'
  | 'warmUp'
  | 'ping'
>;

export type StampReads = Pick<StampStore, 'test' | 'stamps' | 'openTests' | 'ping'>;

/** What the doctor asks the platform. */
export interface PlatformReads {
  readonly gateway: Pick<TransferGateway, 'balance' | 'clockOffset' | 'feeBasisPoints'>;
  readonly lookup: Pick<EventLookup, 'byMemo'>;
  readonly supply: SupplyPlatform;
  readonly feeds: Readonly<Record<FrameId, Pick<EventFeed, 'positionBefore'>>>;
  /** Asks a service's `/healthz`; throws `PlatformUnavailableError`. */
  readonly askHealth: (frame: FrameId, url: string) => Promise<void>;
}

/** The cycles in Temporal. Every call throws `TemporalUnavailableError` when Temporal is away. */
export interface Cycles {
  /** Loads what speaks to Temporal, which holds up all else in the process while it lasts. */
  load(): Promise<void>;
  /**
   * Starts a cycle fired by hand, once for ever under its id; no path ids mean all paths. Forced,
   * it fires paused paths as well.
   */
  start(
    cycleId: string,
    pathIds: readonly PathId[],
    force?: boolean,
  ): Promise<'started' | 'already_started'>;
  /**
   * Waits for the cycle's end, until the signal, which makes it throw. Throws `CycleFailedError`
   * when the cycle ended without a scoreboard.
   */
  scoreboard(cycleId: string, signal: AbortSignal): Promise<Scoreboard>;
  schedule(): Promise<ScheduleState>;
  /** The product's search attributes that the namespace does not know. */
  missingSearchAttributes(): Promise<readonly string[]>;
}

export type ScheduleState =
  | { readonly kind: 'missing' }
  | {
      readonly kind: 'present';
      readonly paused: boolean;
      readonly note: string | undefined;
      readonly nextAtMs: number | undefined;
    };

/** Thrown where Temporal does not answer, or refuses the call; the cause says why. */
export class TemporalUnavailableError extends Error {
  constructor(address: string, cause: unknown) {
    const why = innermostMessage(cause);
    super(`Temporal at ${address} is unavailable: ${why}`, { cause });
    this.name = 'TemporalUnavailableError';
  }
}

/** The client wraps what gRPC said, and gRPC's own words are the ones that help. */
function innermostMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? innermostMessage(error.cause) : error.message;
}

/** Thrown where a cycle's workflow ended without a scoreboard: failed, terminated or cancelled. */
export class CycleFailedError extends Error {
  constructor(cycleId: string, why: string, options?: ErrorOptions) {
    super(`cycle ${cycleId} ended without a scoreboard: ${why}`, options);
    this.name = 'CycleFailedError';
  }
}
