// The named errors of the reactor's own stores, so that callers can tell "away" from "wrong".

const TEXT_LENGTH_MAX = 200;

/** Thrown where a store is away, too slow, or refuses work for now: the call may be retried. */
export class StoreUnavailableError extends Error {
  readonly store: 'redis' | 'postgres';
  readonly operation: string;

  constructor(store: 'redis' | 'postgres', operation: string, cause: unknown) {
    super(`${store} is unavailable for ${operation}: ${reasonOf(cause)}`, { cause });
    this.name = 'StoreUnavailableError';
    this.store = store;
    this.operation = operation;
  }
}

/** The driver speaks of its own switches where it means that there is no connection. */
const NOT_CONNECTED = /^Stream isn't writeable/;

function reasonOf(cause: unknown): string {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return NOT_CONNECTED.test(reason) ? 'not connected' : reason;
}

/** Thrown where a call speaks of a test, result or cycle that the store does not hold. */
export class UnknownRecordError extends Error {
  readonly id: string;

  constructor(what: 'test' | 'result' | 'cycle' | 'action', id: string) {
    super(`no ${what} is stored under ${id}`);
    this.name = 'UnknownRecordError';
    this.id = id;
  }
}

/** Thrown where a store holds, in a place of ours, a text that is not of the form we write. */
export class UnreadableRecordError extends Error {
  readonly store: 'redis' | 'postgres';
  /** The start of the text; whoever wrote it may have written a long one. */
  readonly text: string;

  constructor(store: 'redis' | 'postgres', what: string, text: string, cause: unknown) {
    const start = text.length <= TEXT_LENGTH_MAX ? text : `${text.slice(0, TEXT_LENGTH_MAX)}…`;
    super(`${store} holds what is no ${what}: ${start}`, { cause });
    this.name = 'UnreadableRecordError';
    this.store = store;
    this.text = start;
  }
}
