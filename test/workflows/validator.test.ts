// The workflow of a validator on the time-skipping server: the watermark is carried from activity
// to activity and from run to run, and a cancellation ends it.
import { activityInfo, CancelledFailure, heartbeat, sleep } from '@temporalio/activity';
import { WorkflowFailedError } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker, type WorkflowBundlePath } from '@temporalio/worker';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ValidatorInput, Watermark } from '../../src/activities/validate-events.js';
import { WORKFLOW_TYPES } from '../../src/names.js';
import { bundleForTests, timeSkippingEnvironment } from '../support/temporal.js';
import { until } from '../support/until.js';

let environment: TestWorkflowEnvironment;
let bundle: WorkflowBundlePath;

beforeAll(async () => {
  [environment, bundle] = await Promise.all([timeSkippingEnvironment(), bundleForTests()]);
});
afterAll(() => environment.teardown());

const FIRST: ValidatorInput = { frame: 'A', eventType: 'TokensTransferred', watermark: undefined };

const at = (place: number): Watermark => ({ feed: 'event-store', place });

interface Call {
  readonly input: ValidatorInput;
  readonly attempt: number;
  readonly runId: string;
}

interface Script {
  /** Rotations that end by themselves, each 10 events further; the next one stays. */
  readonly rotations: number;
  /** Rotations, from 0 on, whose first attempt fails. */
  readonly failing?: readonly number[];
}

test('each rotation goes on from the watermark of the one before', async () => {
  const { calls, end } = await follow('rotate', { rotations: 3 });
  expect(calls.map(({ input }) => input.watermark)).toEqual([undefined, at(10), at(20), at(30)]);
  expect(calls.map(({ input }) => input)).toMatchObject(
    calls.map(() => ({ frame: 'A', eventType: 'TokensTransferred' })),
  );
  expect(end).toBe('cancelled');
});

test('a rotation that fails is tried again from the same watermark', async () => {
  const { calls } = await follow('retry', { rotations: 2, failing: [1] });
  expect(calls.map(({ input, attempt }) => [input.watermark, attempt])).toEqual([
    [undefined, 1],
    [at(10), 1],
    [at(10), 2],
    [at(20), 1],
  ]);
});

test('after a hundred rotations a new run goes on from the watermark', async () => {
  const { calls, firstRunEnds } = await follow('continue', { rotations: 101 });
  expect(calls.map(({ input }) => input.watermark?.place ?? 0)).toEqual(
    calls.map((_, index) => index * 10),
  );
  const runs = [...new Set(calls.map(({ runId }) => runId))];
  expect(runs.map((run) => calls.filter(({ runId }) => runId === run).length)).toEqual([100, 2]);
  expect(firstRunEnds).toBe('continued as new');
}, 180_000);

/** Runs a validator until it stays in a rotation, cancels it there and answers what was called. */
async function follow(name: string, script: Script) {
  const taskQueue = `validator-test-${name}`;
  const calls: Call[] = [];
  const worker = await Worker.create({
    connection: environment.nativeConnection,
    taskQueue,
    workflowBundle: bundle,
    maxHeartbeatThrottleInterval: '100ms',
    activities: { validateEvents: validateEvents(script, calls) },
  });
  return worker.runUntil(async () => {
    const started = await environment.client.workflow.start(WORKFLOW_TYPES.validator, {
      args: [FIRST],
      workflowId: taskQueue,
      taskQueue,
    });
    const last = script.rotations * 10;
    await until(() => expect(calls.at(-1)?.input.watermark).toEqual(at(last)), 150_000);
    const handle = environment.client.workflow.getHandle(taskQueue);
    await handle.cancel();
    const end = await handle.result().catch(nameOfEnd);
    const firstRun = environment.client.workflow.getHandle(taskQueue, started.firstExecutionRunId);
    const lastEvent = (await firstRun.fetchHistory()).events?.at(-1);
    const continued = lastEvent?.workflowExecutionContinuedAsNewEventAttributes;
    return { calls, end, firstRunEnds: continued ? 'continued as new' : 'otherwise' };
  });
}

function nameOfEnd(error: unknown): string {
  if (error instanceof WorkflowFailedError && error.cause instanceof CancelledFailure) {
    return 'cancelled';
  }
  throw error;
}

/** As the real one, it answers its watermark when it is cancelled. */
function validateEvents(script: Script, calls: Call[]) {
  return async (input: ValidatorInput): Promise<Watermark> => {
    const { attempt, workflowExecution } = activityInfo();
    calls.push({ input, attempt, runId: workflowExecution?.runId ?? '' });
    const place = input.watermark?.place ?? 0;
    const rotation = place / 10;
    if (attempt === 1 && script.failing?.includes(rotation)) throw new Error('worker gone');
    if (rotation < script.rotations) return at(place + 10);
    try {
      for (;;) {
        heartbeat(at(place));
        await sleep(50);
      }
    } catch (error) {
      if (!(error instanceof CancelledFailure)) throw error;
      return at(place);
    }
  };
}
