// The ports behind what operators do: the log of their actions and the windows that they set.
import type { ActionEnd, KeyClaim, NewAction, StoredAction } from './domain/action.js';
import type { PathId } from './domain/path.js';
import type { NewWindow, OperatorWindow, WindowKind } from './domain/window.js';

/** Every action of an operator, append only (PostgreSQL in production). */
export interface ActionLog {
  /**
   * Writes that an action begins. Of several under one key the first that comes begins; the others
   * are told of it, unless the key is free again (`isKeyFree`).
   */
  begin(action: NewAction): Promise<BegunAction>;
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

/** One window, a path's, or all of a kind. */
export type WindowChoice = { readonly kind: WindowKind } & (
  | { readonly windowId: number }
  | { readonly pathId: PathId }
  | { readonly all: true }
);
