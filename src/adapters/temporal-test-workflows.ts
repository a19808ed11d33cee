// Canary tests as Temporal workflows: started once for ever, signalled while they live.
import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { CanaryTest } from '../domain/test.js';
import {
  SEARCH_ATTRIBUTES,
  SIGNALS,
  TASK_QUEUES,
  testWorkflowId,
  WORKFLOW_TYPES,
} from '../names.js';
import type { TestWorkflows } from '../ports.js';
import { TemporalUnavailableError } from './temporal-unavailable-error.js';

const keyword = (name: string) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);

const KEYS = {
  path: keyword(SEARCH_ATTRIBUTES.path),
  backend: keyword(SEARCH_ATTRIBUTES.backend),
  cycle: keyword(SEARCH_ATTRIBUTES.cycle),
};

/** One call each, none retried here but by the client. Both throw `TemporalUnavailableError`. */
export function createTemporalTestWorkflows(client: Client): TestWorkflows {
  return {
    async start(test) {
      try {
        await client.workflow.start(WORKFLOW_TYPES.canaryTest, {
          args: [test],
          workflowId: testWorkflowId(test.testId),
          taskQueue: TASK_QUEUES.canary,
          // A slot and path give one test id, and one test id is fired once (decision 5).
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          workflowIdConflictPolicy: 'FAIL',
          typedSearchAttributes: searchAttributesOf(test),
          staticSummary: `${test.path.sender} → ${test.path.receiver} by ${test.path.backend}`,
          staticDetails: detailsOf(test),
        });
        return 'started';
      } catch (error) {
        if (error instanceof WorkflowExecutionAlreadyStartedError) return 'already_started';
        throw new TemporalUnavailableError('start', testWorkflowId(test.testId), error);
      }
    },
    async signal(testId, signal) {
      try {
        await client.workflow.getHandle(testWorkflowId(testId)).signal(SIGNALS.stamp, signal);
        return 'delivered';
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return 'closed';
        throw new TemporalUnavailableError('signal', testWorkflowId(testId), error);
      }
    },
  };
}

/** Markdown for the Temporal UI: what is moved, and how long the test waits. */
function detailsOf({ testId, cycleId, path, amount, deadlines }: CanaryTest): string {
  return [
    `Test \`${testId}\` of path \`${path.id}\` in cycle \`${cycleId}\``,
    `moves ${amount} base units`,
    `late after ${deadlines.softMs / 1000} s, judged after ${deadlines.finalMs / 1000} s`,
  ].join('; ');
}

function searchAttributesOf(test: CanaryTest) {
  return [
    { key: KEYS.path, value: test.path.id },
    { key: KEYS.backend, value: test.path.backend },
    { key: KEYS.cycle, value: test.cycleId },
  ];
}
