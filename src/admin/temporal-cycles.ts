// Cycles fired by hand and the cycle schedule, as Temporal keeps them.
import {
  type Client,
  isGrpcServiceError,
  NamespaceNotFoundError,
  ScheduleNotFoundError,
  ServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
} from '@temporalio/client';
import type { CycleRequest } from '../activities/run-cycle.js';
import type { Scoreboard } from '../domain/scoreboard.js';
import {
  cycleWorkflowId,
  SCHEDULE_IDS,
  SEARCH_ATTRIBUTES,
  TASK_QUEUES,
  WORKFLOW_TYPES,
} from '../names.js';
import {
  CycleFailedError,
  type Cycles,
  type ScheduleState,
  TemporalUnavailableError,
} from './admin-dependencies.js';

/** No call is retried here beyond what the Temporal client does by itself within seconds. */
export function createTemporalCycles(connect: () => Promise<Client>, address: string): Cycles {
  const call = <T>(work: (client: Client) => Promise<T>) => callTemporal(connect, address, work);
  return {
    load: async () => undefined,
    start: (cycleId, pathIds, force) => call((client) => start(client, cycleId, pathIds, force)),
    scoreboard: (cycleId, signal) =>
      call((client) => {
        // The client heeds only what is aborted later.
        signal.throwIfAborted();
        return client.withAbortSignal(signal, () => scoreboard(client, cycleId));
      }),
    schedule: () => call((client) => readSchedule(client, SCHEDULE_IDS.canaryCycle)),
    missingSearchAttributes: () => call(missingSearchAttributes),
  };
}

/** Calls Temporal; what is away is named. Throws `TemporalUnavailableError`. */
export async function callTemporal<T>(
  connect: () => Promise<Client>,
  address: string,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  let client: Client;
  try {
    client = await connect();
  } catch (error) {
    throw new TemporalUnavailableError(address, error);
  }
  try {
    return await work(client);
  } catch (error) {
    throw isAway(error) ? new TemporalUnavailableError(address, error) : error;
  }
}

/** What the server did not answer, or answered about itself rather than about our call. */
function isAway(error: unknown): boolean {
  return (
    error instanceof ServiceError ||
    error instanceof NamespaceNotFoundError ||
    isGrpcServiceError(error)
  );
}

async function start(client: Client, cycleId: string, pathIds: readonly string[], force = false) {
  const request: CycleRequest = { slot: 'manual', pathIds, ...(force ? { force } : {}) };
  const paths = pathIds.length === 0 ? 'every path' : pathIds.join(', ');
  try {
    await client.workflow.start(WORKFLOW_TYPES.canaryCycle, {
      args: [request],
      workflowId: cycleWorkflowId(cycleId),
      taskQueue: TASK_QUEUES.canary,
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
      staticSummary: `fired by hand: ${paths}`,
    });
    return 'started' as const;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return 'already_started' as const;
    throw error;
  }
}

async function scoreboard(client: Client, cycleId: string): Promise<Scoreboard> {
  try {
    const result: unknown = await client.workflow.getHandle(cycleWorkflowId(cycleId)).result();
    return result as Scoreboard;
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    throw new CycleFailedError(cycleId, error.cause?.message ?? error.message, { cause: error });
  }
}

export async function readSchedule(client: Client, scheduleId: string): Promise<ScheduleState> {
  try {
    const { info, state } = await client.schedule.getHandle(scheduleId).describe();
    return {
      kind: 'present' as const,
      paused: state.paused,
      note: state.note,
      nextAtMs: info.nextActionTimes[0]?.getTime(),
    };
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return { kind: 'missing' as const };
    throw error;
  }
}

async function missingSearchAttributes(client: Client): Promise<readonly string[]> {
  const { namespace } = client.options;
  const { customAttributes } = await client.connection.operatorService.listSearchAttributes({
    namespace,
  });
  return Object.values(SEARCH_ATTRIBUTES).filter((name) => !(name in customAttributes));
}
