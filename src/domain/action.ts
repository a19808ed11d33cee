// An operator's action as the log keeps it: who did what, over which face, and how it ended.

/** A key names one request for a day; after that it may be used for another one. */
export const KEY_LIFE_MS = 24 * 3_600_000;

/** After these nothing was done, so that the same request may be made again under its key. */
export const UNDONE_OUTCOMES: readonly string[] = ['refused', 'forbidden', 'unreachable'];

export interface NewAction {
  readonly atMs: number;
  readonly actor: string;
  readonly face: string;
  readonly operation: string;
  /** What it acts upon, such as a path; empty where that is nothing in particular. */
  readonly subject: string;
  /** JSON, without secrets. */
  readonly input: unknown;
  readonly idempotencyKey: string | undefined;
}

/** How an action ended: the kind of its answer, and the whole answer as JSON, without secrets. */
export interface ActionEnd {
  readonly atMs: number;
  readonly outcome: string;
  readonly answer: unknown;
}

export interface StoredAction extends NewAction {
  /** Rises with every action. */
  readonly actionId: number;
  /** `undefined` while it runs, and for ever where it was cut off. */
  readonly end: ActionEnd | undefined;
}

/** A claim of a key, and the action that holds it. */
export interface KeyClaim {
  readonly claimedAtMs: number;
  /** Of the whole input, with what the log leaves out. */
  readonly inputDigest: string;
  readonly action: StoredAction;
}

/** Whether a new action may take a key over: its life is over, or nothing was done under it. */
export function isKeyFree({ action, claimedAtMs }: KeyClaim, nowMs: number): boolean {
  const { end } = action;
  return (
    claimedAtMs <= nowMs - KEY_LIFE_MS ||
    (end !== undefined && UNDONE_OUTCOMES.includes(end.outcome))
  );
}
