// The workflow of a frame's evidence on the time-skipping server: places are carried from activity
// to activity and from run to run, and it ends where evidence was turned off.
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker, type WorkflowBundlePath } from '@temporalio/worker';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Compared, CompareInput } from '../../src/activities/compare-feeds.js';
import type { FeedPlaces } from '../../src/domain/feed-comparison.js';
import { WORKFLOW_TYPES } from '../../src/names.js';
import { bundleForTests, timeSkippingEnvironment } from '../support/temporal.js';

let environment: TestWorkflowEnvironment;
let bundle: WorkflowBundlePath;

beforeAll(async () => {
  [environment, bundle] = await Promise.all([timeSkippingEnvironment(), bundleForTests()]);
});
afterAll(() => environment.teardown());

const placesAt = (count: number): FeedPlaces => ({ 'event-store': count, kafka: 2 * count });

/** Rotations until the configuration has no evidence feed any more; answers what was called. */
async function follow(rotations: number): Promise<readonly CompareInput[]> {
  const taskQueue = `evidence-test-${rotations}`;
  const calls: CompareInput[] = [];
  const worker = await Worker.create({
    connection: environment.nativeConnection,
    taskQueue,
    workflowBundle: bundle,
    activities: {
      async compareFeeds(input: CompareInput): Promise<Compared> {
        calls.push(input);
        if (calls.length > rotations) return { kind: 'off' };
        return { kind: 'rotated', places: calls.length === 1 ? undefined : placesAt(calls.length) };
      },
    },
  });
  await worker.runUntil(
    environment.client.workflow.execute(WORKFLOW_TYPES.evidence, {
      args: [{ frame: 'A', places: undefined }],
      workflowId: taskQueue,
      taskQueue,
    }),
  );
  return calls;
}

test.each([0, 3, 101])(
  'after %i rotations it ends where it is off',
  async (rotations) => {
    const calls = await follow(rotations);
    // Nothing was on both feeds in the first rotation, so the second begins as the first did.
    const expected = Array.from({ length: rotations + 1 }, (_, index) => ({
      frame: 'A',
      ...(index < 2 ? {} : { places: placesAt(index) }),
    }));
    expect(calls).toEqual(expected);
  },
  180_000,
);
