// The due moment of a workflow that a schedule started.
import { workflowInfo } from '@temporalio/workflow';

/** The search attribute that the schedule puts on the workflows it starts (Temporal: Schedules). */
const SCHEDULED_START = 'TemporalScheduledStartTime';

/** Epoch milliseconds; `undefined` where no schedule started it. */
export function dueAtMs(): number | undefined {
  const [due] = workflowInfo().searchAttributes[SCHEDULED_START] ?? [];
  return due instanceof Date ? due.getTime() : undefined;
}
