// The port through which a frame's events travel from its TEG to its EventStore.

export interface PipeRecord {
  /** The transfer id, or empty. */
  readonly key: string;
  /** The envelope as JSON text. */
  readonly value: string;
  /** The frame that a foreign copy came from; absent for the frame's own events. */
  readonly foreignFrom?: string;
}

export type OnBatch = (records: readonly PipeRecord[]) => Promise<void>;

export interface EventPipe {
  readonly kind: 'kafka' | 'direct';
  /**
   * Resolves when the frame's pipe has acknowledged all records, in order. While the pipe is away
   * it tries again for ever, at most 2 s apart, so a record may arrive twice, never out of order
   * against a record of an earlier call. Rejects with PipeError when the signal aborts or the pipe
   * closes: then the records may or may not have arrived.
   */
  publish(
    frameId: string,
    records: readonly PipeRecord[],
    options?: { readonly signal?: AbortSignal },
  ): Promise<void>;
  /**
   * Delivers the frame's records in order, one batch at a time. A batch counts as consumed when
   * `onBatch` resolves; when it rejects, the same batch comes again. Resolves at once: while the
   * pipe is away it goes on trying.
   */
  consume(frameId: string, onBatch: OnBatch): Promise<{ close(): Promise<void> }>;
  close(): Promise<void>;
}

/** The records were not acknowledged before the caller or the pipe gave up. */
export class PipeError extends Error {
  override readonly name = 'PipeError';
}
