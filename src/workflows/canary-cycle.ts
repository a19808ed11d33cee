// One cycle: plan, start every test once, wait for the verdicts and close them; the result is the
// scoreboard. Cancelled, it fires no more and closes nothing; tests that run go on by themselves.
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import {
  proxyActivities,
  setCurrentDetails,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { CycleActivities, CycleRequest } from '../activities/run-cycle.js';
import { describeScoreboard, type Scoreboard } from '../domain/scoreboard.js';
import { SEARCH_ATTRIBUTES } from '../names.js';
import { dueAtMs } from './due-time.js';

const RETRY = {
  initialInterval: '1 second',
  backoffCoefficient: 2,
  maximumInterval: '10 seconds',
} as const;

const { planCycle } = proxyActivities<CycleActivities>({
  startToCloseTimeout: '10 seconds',
  retry: RETRY,
  summary: 'plan the tests of the slot',
});

/** Starting and closing are idempotent and go on from their heartbeat, on whichever worker. */
const LONG = {
  startToCloseTimeout: '1 hour',
  heartbeatTimeout: '10 seconds',
  retry: RETRY,
} as const;

const { startTests } = proxyActivities<CycleActivities>({
  ...LONG,
  summary: 'start every test at its moment, each once',
});

const { closeTests } = proxyActivities<CycleActivities>({
  ...LONG,
  summary: 'wait for the verdicts and close every test',
});

const cycleKey = defineSearchAttributeKey(SEARCH_ATTRIBUTES.cycle, SearchAttributeType.KEYWORD);

/** Fires all paths, or those asked for, and returns the scoreboard of the closed cycle. */
export async function canaryCycle(request: CycleRequest): Promise<Scoreboard> {
  const plan = await planCycle({
    ...request,
    dueAtMs: request.slot === 'scheduled' ? dueAtMs() : undefined,
    runId: workflowInfo().workflowId,
  });
  const { cycleId, tests } = plan;
  upsertSearchAttributes([{ key: cycleKey, value: cycleId }]);
  setCurrentDetails(`Cycle ${cycleId}: starting ${tests.length} tests`);
  await startTests(plan);
  setCurrentDetails(`Cycle ${cycleId}: ${tests.length} tests started, waiting for their verdicts`);
  const scoreboard = await closeTests(plan);
  setCurrentDetails(`Cycle ${cycleId}: ${describeScoreboard(scoreboard)}`);
  return scoreboard;
}
