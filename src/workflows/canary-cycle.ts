// One cycle: plan, start every test once, wait for the verdicts and close them; the result is the
// scoreboard.
import { proxyActivities, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { CycleActivities, CycleRequest } from '../activities/run-cycle.js';
import { describeScoreboard, type Scoreboard } from '../domain/scoreboard.js';

const { planCycle } = proxyActivities<CycleActivities>({
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '10 seconds' },
  summary: 'plan the tests of the slot',
});

/** Starting and closing are idempotent and go on from their heartbeat, on whichever worker. */
const { startTests, closeTests } = proxyActivities<CycleActivities>({
  startToCloseTimeout: '1 hour',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '10 seconds' },
});

/** The due moment that the schedule puts on the workflows it starts (Temporal: Schedules). */
const SCHEDULED_START = 'TemporalScheduledStartTime';

/** Fires all paths, or those asked for, and returns the scoreboard of the closed cycle. */
export async function canaryCycle(request: CycleRequest): Promise<Scoreboard> {
  const plan = await planCycle({
    ...request,
    dueAtMs: request.slot === 'scheduled' ? dueAtMs() : undefined,
    runId: workflowInfo().workflowId,
  });
  setCurrentDetails(`Cycle ${plan.cycleId}: ${plan.tests.length} tests`);
  await startTests(plan);
  const scoreboard = await closeTests(plan);
  setCurrentDetails(describeScoreboard(scoreboard));
  return scoreboard;
}

function dueAtMs(): number | undefined {
  const [due] = workflowInfo().searchAttributes[SCHEDULED_START] ?? [];
  return due instanceof Date ? due.getTime() : undefined;
}
