// The ports behind what operators do: the log of their actions, the windows that they set, and
// pruning.
import type { ActionEnd, KeyClaim, NewAction, StoredAction } from './domain/action.js';
import type { PathId } from './domain/path.js';
import type { RetentionCuts } from './domain/retention.js';
import type { NewWindow, OperatorWindow, WindowKind } from './domain/window.js';
import type { ResultPlace } from './result-ports.js';

/** Every action of an operator, append only (PostgreSQL in production). */
export interface ActionLog {
  /**
   * Writes that an action begins. Of several under one key the first that comes begins; the others
   * are told of it, unless the key is free again (`isKeyFree`). The digest of the input is kept
   * with the key and never shown.
   */
  begin(action: NewAction, inputDigest: string): Promise<BegunAction>;
  /** Writes how it ended, once. */
  end(actionId: number, end: ActionEnd): Promise<void>;
  /** The newest first. */
  list(query: ActionQuery): Promise<readonly StoredAction[]>;
}

export type BegunAction =
  | { readonly kind: 'begun'; readonly actionId: number; readonly claimedAtMs: number }
  | { readonly kind: 'repeated'; readonly claim: KeyClaim };

export interface ActionQuery {
  readonly limit: number;
  /** Only actions before this one. */
  readonly below?: number;
  readonly actor?: string;
  readonly operation?: string;
}

/** The pauses and maintenance windows (PostgreSQL in production). */
export interface WindowStore {
  /** A pause takes the place of the one that stands for the same scope. */
  set(window: NewWindow): Promise<OperatorWindow>;
  /** Ends what stands and matches before its time; answers what was ended. */
  end(which: WindowChoice, by: string, atMs: number): Promise<readonly OperatorWindow[]>;
  /** What is active or still to come: not ended, and its time not over. The first set first. */
  standing(nowMs: number): Promise<readonly OperatorWindow[]>;
}

/** Pruning (PostgreSQL in production). Counters are not touched by it. */
export interface RetentionStore {
  /**
   * Deletes those of the next results, in the order of their age, that are past their cut, with
   * their findings and corrections. Answers where to go on; `undefined` at the end.
   */
  pruneResults(
    cuts: RetentionCuts,
    after: ResultPlace | undefined,
    limit: number,
  ): Promise<{ readonly deleted: number; readonly last: ResultPlace | undefined }>;
  /** Deletes cycles of which no result is left, what belongs to nothing, and keys that are over. */
  pruneCycles(cuts: RetentionCuts, limit: number): Promise<number>;
  /** The oldest verdict that is kept. */
  oldestMs(): Promise<number | undefined>;
}

/** One window, a path's, or all of a kind. */
export type WindowChoice = { readonly kind: WindowKind } & (
  | { readonly windowId: number }
  | { readonly pathId: PathId }
  | { readonly all: true }
);
