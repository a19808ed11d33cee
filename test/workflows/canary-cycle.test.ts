// The workflow of a cycle: its phases in order, what it asks the plan for, and how it ends.
import { activityInfo, cancellationSignal, heartbeat, sleep } from '@temporalio/activity';
import { Client, ScheduleOverlapPolicy, WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { NativeConnection, Worker, type WorkflowBundlePath } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { CycleRequest, PlanRequest } from '../../src/activities/run-cycle.js';
import type { CyclePlan } from '../../src/domain/plan.js';
import { type Scoreboard, scoreboardOf } from '../../src/domain/scoreboard.js';
import { SEARCH_ATTRIBUTES, WORKFLOW_TYPES } from '../../src/names.js';
import { testOf } from '../support/samples.js';
import { bundleForTests, quietRuntime } from '../support/temporal.js';
import { until } from '../support/until.js';

let connection: NativeConnection;
let client: Client;
let bundle: WorkflowBundlePath;

beforeAll(async () => {
  quietRuntime();
  connection = await NativeConnection.connect({ address: inject('temporalAddress') });
  client = new Client({ connection });
  bundle = await bundleForTests();
});
afterAll(() => connection.close());

const PATH = 'A1.1-A1.2-intra';
const BY_HAND: CycleRequest = { slot: 'manual', pathIds: [PATH] };

type Phase = 'planCycle' | 'startTests' | 'closeTests';

interface Script {
  /** How many attempts of each phase fail before one succeeds. */
  readonly failures?: Partial<Record<Phase, number>>;
  /** Heartbeats in this phase until it is cancelled. */
  readonly staysIn?: Phase;
  readonly unknownPath?: boolean;
}

interface Outside {
  readonly calls: Phase[];
  readonly asked: PlanRequest[];
  readonly given: CyclePlan[];
  readonly cancelled: Phase[];
}

describe('a cycle', () => {
  test('plans, starts and closes, in this order, and returns the scoreboard', async () => {
    const { outside, workflowId, end } = await run('order', BY_HAND, {});
    expect(end).toEqual(SCOREBOARD);
    expect(outside.calls).toEqual(['planCycle', 'startTests', 'closeTests']);
    expect(outside.asked).toEqual([{ ...BY_HAND, runId: workflowId }]);
    expect(outside.given).toEqual([PLAN, PLAN]);
    const { searchAttributes } = await client.workflow.getHandle(workflowId).describe();
    expect(searchAttributes[SEARCH_ATTRIBUTES.cycle]).toEqual([PLAN.cycleId]);
  });

  test('tries each phase again until it is done', async () => {
    const failures = { planCycle: 1, startTests: 2, closeTests: 1 };
    const { outside, end } = await run('retries', BY_HAND, { failures });
    expect(end).toEqual(SCOREBOARD);
    expect(outside.calls).toEqual([
      ...['planCycle', 'planCycle', 'startTests', 'startTests', 'startTests'],
      ...['closeTests', 'closeTests'],
    ]);
  });

  test('of a path that is unknown fails and starts nothing', async () => {
    const { outside, end } = await run('unknown-path', BY_HAND, { unknownPath: true });
    expect(end).toMatchObject({ cause: { cause: { type: 'UnknownPath' } } });
    expect(outside.calls).toEqual(['planCycle']);
  });

  test('without a due time from the schedule asks for none', async () => {
    const { outside } = await run('no-due-time', { slot: 'scheduled', pathIds: [] }, {});
    expect(outside.asked).toMatchObject([{ slot: 'scheduled' }]);
    expect(outside.asked[0]).not.toHaveProperty('dueAtMs');
  });

  test('of the schedule asks for the slot that was due', async () => {
    const { outside, workflowId, end } = await runScheduled();
    expect(end).toEqual(SCOREBOARD);
    const { searchAttributes } = await client.workflow.getHandle(workflowId).describe();
    const [due] = searchAttributes.TemporalScheduledStartTime ?? [];
    expect(due).toBeInstanceOf(Date);
    expect(outside.asked).toMatchObject([{ slot: 'scheduled', dueAtMs: (due as Date).getTime() }]);
  });

  test.each<readonly [Phase, readonly Phase[]]>([
    ['startTests', ['planCycle', 'startTests']],
    ['closeTests', ['planCycle', 'startTests', 'closeTests']],
  ])('cancelled in %s ends as cancelled, and the activity is told', async (staysIn, calls) => {
    const { outside, end } = await run(`cancel-${staysIn}`, BY_HAND, { staysIn });
    expect(end).toMatchObject({ cause: { name: 'CancelledFailure' } });
    expect(outside.calls).toEqual(calls);
    expect(outside.cancelled).toEqual([staysIn]);
  });
});

const PLAN: CyclePlan = {
  cycleId: '20261123T183000Z',
  startedAtMs: Date.UTC(2026, 10, 23, 18, 30),
  spreadMs: 1_000,
  tests: [testOf(PATH)],
};
const SCOREBOARD: Scoreboard = scoreboardOf(PLAN.cycleId, 1, []);

async function run(name: string, request: CycleRequest, script: Script) {
  const id = `cycle-test-${process.pid}-${name}`;
  const outside = noCalls();
  const worker = await workerOf(id, outside, script);
  const end = await worker.runUntil(async () => {
    const handle = await client.workflow.start(WORKFLOW_TYPES.canaryCycle, {
      args: [request],
      workflowId: id,
      taskQueue: id,
    });
    if (script.staysIn !== undefined) {
      await until(() => expect(outside.calls.at(-1)).toBe(script.staysIn));
      await handle.cancel();
    }
    return endOf(id);
  });
  return { outside, workflowId: id, end };
}

async function runScheduled() {
  const id = `cycle-test-${process.pid}-scheduled`;
  const outside = noCalls();
  const worker = await workerOf(id, outside, {});
  const request: CycleRequest = { slot: 'scheduled', pathIds: [] };
  const schedule = await client.schedule.create({
    scheduleId: id,
    spec: { intervals: [{ every: '24h' }] },
    action: {
      type: 'startWorkflow',
      workflowType: WORKFLOW_TYPES.canaryCycle,
      args: [request],
      taskQueue: id,
      workflowId: id,
    },
    policies: { overlap: ScheduleOverlapPolicy.ALLOW_ALL },
    state: { triggerImmediately: true },
  });
  try {
    return await worker.runUntil(async () => {
      const workflowId = await until(async () => {
        const [action] = (await schedule.describe()).info.recentActions;
        if (action === undefined) throw new Error('the schedule has not fired yet');
        return action.action.workflow.workflowId;
      });
      return { outside, workflowId, end: await endOf(workflowId) };
    });
  } finally {
    await schedule.delete();
  }
}

async function endOf(workflowId: string): Promise<unknown> {
  try {
    return await client.workflow.getHandle(workflowId).result();
  } catch (error) {
    if (error instanceof WorkflowFailedError) return error;
    throw error;
  }
}

function noCalls(): Outside {
  return { calls: [], asked: [], given: [], cancelled: [] };
}

function workerOf(taskQueue: string, outside: Outside, script: Script): Promise<Worker> {
  const enter = async (phase: Phase) => {
    outside.calls.push(phase);
    if (activityInfo().attempt <= (script.failures?.[phase] ?? 0)) throw new Error('not yet');
    if (script.staysIn === phase) await stay(phase, outside);
  };
  return Worker.create({
    connection,
    taskQueue,
    workflowBundle: bundle,
    // Heartbeats bring the cancellation; they would be held back for long otherwise.
    maxHeartbeatThrottleInterval: '100ms',
    activities: {
      async planCycle(request: PlanRequest): Promise<CyclePlan> {
        await enter('planCycle');
        outside.asked.push(request);
        if (script.unknownPath) throw ApplicationFailure.nonRetryable('no path x', 'UnknownPath');
        return PLAN;
      },
      async startTests(plan: CyclePlan): Promise<void> {
        await enter('startTests');
        outside.given.push(plan);
      },
      async closeTests(plan: CyclePlan): Promise<Scoreboard> {
        await enter('closeTests');
        outside.given.push(plan);
        return SCOREBOARD;
      },
    },
  });
}

async function stay(phase: Phase, outside: Outside): Promise<void> {
  cancellationSignal().addEventListener('abort', () => outside.cancelled.push(phase));
  for (;;) {
    heartbeat();
    await sleep(50);
  }
}
