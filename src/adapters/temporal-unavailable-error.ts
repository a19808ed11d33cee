// The named error for a Temporal server that did not take a call.

/** Thrown where Temporal is away, or refuses; names the call and the workflow that it spoke of. */
export class TemporalUnavailableError extends Error {
  readonly operation: string;
  readonly workflowId: string;

  constructor(operation: string, workflowId: string, cause: unknown) {
    super(`Temporal did not ${operation} ${workflowId}: ${reasonOf(cause)}`, { cause });
    this.name = 'TemporalUnavailableError';
    this.operation = operation;
    this.workflowId = workflowId;
  }
}

/** The client wraps what gRPC says: the reason stands in the innermost cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message;
}
