// The workflow of one audit on the time-skipping server: the audit's id, attempts until it is
// stored, and the summary as its result.
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker, type WorkflowBundlePath } from '@temporalio/worker';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AuditRequest } from '../../src/activities/audit-supply.js';
import { summaryOf } from '../../src/activities/supply-summary.js';
import { auditWorkflowId, WORKFLOW_TYPES } from '../../src/names.js';
import { nextCertificate } from '../support/supply-samples.js';
import { bundleForTests, timeSkippingEnvironment } from '../support/temporal.js';

let environment: TestWorkflowEnvironment;
let bundle: WorkflowBundlePath;

beforeAll(async () => {
  [environment, bundle] = await Promise.all([timeSkippingEnvironment(), bundleForTests()]);
});
afterAll(() => environment.teardown());

const START = { previous: { number: 0, hash: '0'.repeat(64) } };

test('an audit by hand is one audit however often it is attempted', async () => {
  const taskQueue = 'supply-audit-test';
  const asked: AuditRequest[] = [];
  const worker = await Worker.create({
    connection: environment.nativeConnection,
    taskQueue,
    workflowBundle: bundle,
    activities: {
      async auditSupply(request: AuditRequest) {
        asked.push(request);
        if (asked.length < 3) throw new Error('postgres is away');
        return summaryOf(nextCertificate(START, request.auditId));
      },
    },
  });
  const result: unknown = await worker.runUntil(
    environment.client.workflow.execute(WORKFLOW_TYPES.supplyAudit, {
      args: [{ slot: 'manual' }],
      workflowId: auditWorkflowId('hand-1'),
      taskQueue,
    }),
  );
  expect(asked.map(({ auditId }) => auditId)).toEqual(['hand-1', 'hand-1', 'hand-1']);
  expect(result).toMatchObject({ auditId: 'hand-1', certificate: 1, outcome: 'ok' });
});
