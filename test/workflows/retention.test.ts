// The workflow of one pruning on the time-skipping server: attempts until nothing old is left, and
// what was deleted as its result.
import { heartbeat } from '@temporalio/activity';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker, type WorkflowBundlePath } from '@temporalio/worker';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pruneOld } from '../../src/activities/prune-results.js';
import { retentionWorkflowId, WORKFLOW_TYPES } from '../../src/names.js';
import type { RetentionStore } from '../../src/ports.js';
import { NOTHING_OLD } from '../support/nothing-old.js';
import { bundleForTests, timeSkippingEnvironment } from '../support/temporal.js';

let environment: TestWorkflowEnvironment;
let bundle: WorkflowBundlePath;

beforeAll(async () => {
  [environment, bundle] = await Promise.all([timeSkippingEnvironment(), bundleForTests()]);
});
afterAll(() => environment.teardown());

const SETTINGS = { passedMs: 1, failedMs: 1, unacknowledgedMs: 1 };

/** A store of as many old results, which goes away after the first batch, and once more. */
function storeOf(old: number): RetentionStore & { readonly calls: () => number } {
  let left = old;
  let calls = 0;
  return {
    ...NOTHING_OLD,
    calls: () => calls,
    async pruneResults(_cuts, _after, limit) {
      calls += 1;
      if (calls === 2 || calls === 3) throw new Error('postgres is away');
      const deleted = Math.min(limit, left);
      left -= deleted;
      const last = { decidedAtMs: calls, testId: `test-${calls}` };
      return { deleted, last: left === 0 ? undefined : last };
    },
  };
}

test('a pruning that is broken off goes on until nothing old is left', async () => {
  const taskQueue = 'retention-test';
  const workflowId = retentionWorkflowId('test-1');
  const retention = storeOf(2_500);
  const clock = { nowMs: () => 1_000 };
  const worker = await Worker.create({
    connection: environment.nativeConnection,
    taskQueue,
    workflowBundle: bundle,
    activities: { pruneOld: () => pruneOld({ clock, retention, settings: SETTINGS }, heartbeat) },
  });
  const result: unknown = await worker.runUntil(
    environment.client.workflow.execute(WORKFLOW_TYPES.retention, {
      workflowId,
      taskQueue,
      args: [],
    }),
  );
  // The first batch is of the attempt that broke off: what it deleted stays so.
  expect(result).toEqual({ results: 1_500, cycles: 0 });
  expect(retention.calls()).toBe(5);
});
