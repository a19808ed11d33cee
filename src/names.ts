// Every name that Temporal, Redis and operators see, written once. Metric names live in exporters/.

import type { ValidatedEventType } from './domain/event.js';
import type { FrameId } from './domain/frame.js';
import type { TestId } from './domain/test.js';

/** The task queue of each kind of work (design, section 6). */
export const TASK_QUEUES = {
  canary: 'canary',
  validators: 'validators',
  audit: 'audit',
} as const;

export const WORKFLOW_TYPES = {
  canaryTest: 'canaryTest',
  canaryCycle: 'canaryCycle',
  validator: 'validator',
  evidence: 'evidence',
  supplyAudit: 'supplyAudit',
  retention: 'retention',
} as const;

export const SCHEDULE_IDS = {
  canaryCycle: 'canary-cycle',
  supplyAudit: 'supply-audit',
  retention: 'canary-retention',
} as const;

/** The signals of a canary test's workflow. */
export const SIGNALS = { stamp: 'stamp' } as const;

/** The search attributes that make tests findable in the Temporal UI, all of type Keyword. */
export const SEARCH_ATTRIBUTES = {
  path: 'CanaryPath',
  backend: 'CanaryBackend',
  outcome: 'CanaryOutcome',
  cycle: 'CanaryCycle',
} as const;

export function testWorkflowId(testId: TestId): string {
  return `canary-test/${testId}`;
}

export function validatorWorkflowId(frame: FrameId, eventType: ValidatedEventType): string {
  return `validator/${frame}/${eventType}`;
}

export function evidenceWorkflowId(frame: FrameId): string {
  return `evidence/${frame}`;
}

/** The workflow id of a cycle; the schedule appends the due time to it by itself. */
export function cycleWorkflowId(suffix: string): string {
  return `canary-cycle/${suffix}`;
}

/** The workflow id of an audit; the schedule appends the due time to it by itself. */
export function auditWorkflowId(suffix: string): string {
  return `supply-audit/${suffix}`;
}

/** The workflow id of a pruning; the schedule appends the due time to it by itself. */
export function retentionWorkflowId(suffix: string): string {
  return `canary-retention/${suffix}`;
}

/** How the reactor's own clients and consumer groups begin; no group of the platform may. */
export const KAFKA_CLIENT_ID = 'canary-reactor';

/** Redis keys (design, section 3). */
export const REDIS_KEYS = {
  test: (testId: TestId) => `canary:${testId}`,
  testOfTransfer: (transferId: string) => `canary_xfer:${transferId}`,
  openTests: 'canary_open',
  workers: 'canary_workers',
  validators: 'canary_validators',
} as const;
