// What a result store takes and answers: results, cycles, and the queries and places of both.
import type { Acknowledgement } from './domain/attention.js';
import type { Backend } from './domain/backend.js';
import type { Correction } from './domain/correction.js';
import type { Finding } from './domain/finding.js';
import type { PathId } from './domain/path.js';
import type { Result } from './domain/result.js';
import type { ClosedResult, Scoreboard } from './domain/scoreboard.js';
import type { Stamp } from './domain/stamp.js';
import type { TestId } from './domain/test.js';
import type { Outcome } from './domain/verdict.js';

export interface RecordedResult {
  readonly stored: Result;
  readonly first: boolean;
}

export interface News {
  readonly findings: readonly Finding[];
  readonly corrections: readonly Correction[];
}

export interface StoredResult extends ClosedResult {
  readonly closedAtMs: number | undefined;
  readonly correctionCount: number;
  /** Passed, and nothing is known that would spoil it. */
  readonly clean: boolean;
  readonly acknowledgement: Acknowledgement | undefined;
}

/** With its stamps, which are half of a row: lists do without. */
export interface WholeResult extends StoredResult {
  readonly stamps: readonly Stamp[];
}

/** A test, or everything that is open of a path. */
export type AcknowledgeChoice = { readonly testId: TestId } | { readonly pathId: PathId };

export interface LastPass {
  readonly pathId: PathId;
  readonly decidedAtMs: number;
}

export interface ResultQuery {
  readonly limit: number;
  readonly pathId?: PathId;
  readonly backend?: Backend;
  readonly outcome?: Outcome;
  readonly clean?: boolean;
  /** Decided at this moment or later. */
  readonly sinceMs?: number;
  /** Decided before this moment. */
  readonly untilMs?: number;
  /** Only what comes behind this place. */
  readonly after?: ResultPlace;
}

/** A place in the order of results: the newest verdict first, at one moment by test id. */
export interface ResultPlace {
  readonly decidedAtMs: number;
  readonly testId: TestId;
}

/** A place in the order of cycles: the newest start first, at one moment by cycle id. */
export interface CyclePlace {
  readonly startedAtMs: number;
  readonly cycleId: string;
}

export interface NewCycle {
  readonly cycleId: string;
  /** The due moment of a scheduled cycle; `undefined` for one fired by hand. */
  readonly slotMs: number | undefined;
  readonly planned: number;
  readonly startedAtMs: number;
}

export interface StoredCycle extends NewCycle {
  readonly closedAtMs: number | undefined;
  readonly scoreboard: Scoreboard | undefined;
}
