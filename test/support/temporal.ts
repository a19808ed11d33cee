// Temporal for tests: the time-skipping server, and one workflow bundle for the whole run.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import {
  DefaultLogger,
  makeTelemetryFilterString,
  Runtime,
  type WorkflowBundlePath,
} from '@temporalio/worker';
import { inject } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../src/names.js';
import { workflowBundle } from '../../src/workers/workflow-bundle.js';

/** Temporal's number for the indexed value type KEYWORD. */
const KEYWORD = 2;

/** Logs errors only; must run before the process makes its first connection or worker. */
export function quietRuntime(): void {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) },
    },
  });
}

/** The time-skipping server with our search attributes registered. */
export async function timeSkippingEnvironment(): Promise<TestWorkflowEnvironment> {
  quietRuntime();
  const path = inject('testServerPath');
  const environment = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
  });
  await environment.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: Object.fromEntries(
      Object.values(SEARCH_ATTRIBUTES).map((name) => [name, KEYWORD]),
    ),
  });
  return environment;
}

/** The product's own workflow bundle, built once and shared by every test file. */
export function bundleForTests(): Promise<WorkflowBundlePath> {
  return workflowBundle(join(tmpdir(), 'canary-reactor-bundles'));
}
