// The workflow of a test on the time-skipping server: every way it can end, and what it costs.
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker, type WorkflowBundlePath } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FireReport } from '../../src/activities/fire-transfer.js';
import type { Decision } from '../../src/activities/record-result.js';
import type { FireOutcome } from '../../src/domain/fire.js';
import type { Stamp } from '../../src/domain/stamp.js';
import type { CanaryTest } from '../../src/domain/test.js';
import type { LookBack } from '../../src/domain/verdict.js';
import { SIGNALS, testWorkflowId, WORKFLOW_TYPES } from '../../src/names.js';
import type { TestSignal } from '../../src/ports.js';
import { stampAt, testOf } from '../support/samples.js';
import { bundleForTests, timeSkippingEnvironment } from '../support/temporal.js';

let environment: TestWorkflowEnvironment;
let bundle: WorkflowBundlePath;

beforeAll(async () => {
  [environment, bundle] = await Promise.all([timeSkippingEnvironment(), bundleForTests()]);
});
afterAll(() => environment.teardown());

const FIRED_AT = Date.UTC(2026, 10, 23, 18, 30);
const ACCEPTED: FireOutcome = { kind: 'accepted', transferId: 't-1', acceptedAtMs: FIRED_AT + 9 };

interface Case {
  readonly path: string;
  readonly fire?: FireOutcome | 'fails';
  readonly signals?: readonly (readonly Stamp[])[];
  readonly found?: Partial<LookBack>;
  readonly recordFailsLocally?: boolean;
  readonly outcome: string;
  readonly signal?: string;
  readonly eventsMax: number;
}

/** A look-back that reached everything and found nothing. */
const NOTHING_FOUND: LookBack = {
  stamps: [],
  unseen: [],
  unreachableFrames: [],
  storeReachable: true,
  fire: ACCEPTED,
  firedAtMs: 0,
  askedAtMs: FIRED_AT + 3_600_000,
};

const INITIATED = stampAt('cf_initiated', 'A', FIRED_AT + 20);
const SETTLED = stampAt('cf_settled_remote', 'A', FIRED_AT + 60);
const REFUNDED = stampAt('cf_refunded', 'A', FIRED_AT + 60);
const SENT = stampAt('tokens_xfer', 'A', FIRED_AT + 20);

const CASES: Readonly<Record<string, Case>> = {
  'one signal passes intra within 20 events': {
    path: 'A1.1-A1.2-intra',
    signals: [[SENT]],
    outcome: 'passed',
    eventsMax: 20,
  },
  'a second signal costs at most 4 events more': {
    path: 'A1.1-B1.1-async',
    signals: [[INITIATED], [SETTLED]],
    outcome: 'passed',
    eventsMax: 24,
  },
  'a refund fails at once': {
    path: 'A1.1-B1.1-async',
    signals: [[REFUNDED]],
    outcome: 'failed',
    signal: 'refunded',
    eventsMax: 20,
  },
  'a refusal fails without waiting': {
    path: 'A1.1-B1.1-2pc',
    fire: { kind: 'refused', code: 'unknown_agent', message: 'no A1:canary-1', afterDoubt: false },
    outcome: 'failed',
    signal: 'rejected',
    eventsMax: 20,
  },
  'an empty float is unpaid': {
    path: 'A1.1-A1.2-intra',
    fire: { kind: 'unpaid', message: 'insufficient funds', afterDoubt: false },
    outcome: 'unpaid',
    eventsMax: 20,
  },
  'no event before the deadline is a timeout': {
    path: 'A1.1-B1.1-async',
    signals: [[INITIATED]],
    outcome: 'failed',
    signal: 'timeout',
    eventsMax: 36,
  },
  'no answer and no event is unreachable': {
    path: 'A1.1-A1.2-intra',
    fire: 'fails',
    found: { fire: { kind: 'unanswered', message: 'refused connection' }, firedAtMs: FIRED_AT },
    outcome: 'failed',
    signal: 'unreachable',
    eventsMax: 36,
  },
  'what our own pipe lost is observer': {
    path: 'A1.1-A1.2-intra',
    found: { unseen: [SENT] },
    outcome: 'observer',
    eventsMax: 32,
  },
  'a signal that was lost is found in the stamp store': {
    path: 'A1.1-A1.2-intra',
    found: { stamps: [SENT] },
    outcome: 'passed',
    eventsMax: 32,
  },
  'without looking back nothing is said': {
    path: 'A1.1-A1.2-intra',
    found: { unreachableFrames: ['A'] },
    outcome: 'inconclusive',
    eventsMax: 32,
  },
  'with PostgreSQL away the record waits as a regular activity': {
    path: 'A1.1-A1.2-intra',
    signals: [[SENT]],
    recordFailsLocally: true,
    outcome: 'passed',
    eventsMax: 30,
  },
};

describe('canaryTest', () => {
  for (const [name, one] of Object.entries(CASES)) {
    test(name, () => check(name, one));
  }
});

async function check(name: string, one: Case): Promise<void> {
  const canary = testOf(one.path, `20261123T183000Z-${Object.keys(CASES).indexOf(name)}`);
  const recorded: Decision[] = [];
  const worker = await Worker.create({
    connection: environment.nativeConnection,
    taskQueue: canary.testId,
    workflowBundle: bundle,
    activities: activitiesOf(one, recorded),
  });
  const handle = await worker.runUntil(async () => {
    const started = await environment.client.workflow.start(WORKFLOW_TYPES.canaryTest, {
      args: [canary],
      workflowId: testWorkflowId(canary.testId),
      taskQueue: canary.testId,
    });
    for (const stamps of one.signals ?? []) {
      for (const stamp of stamps) await started.signal(SIGNALS.stamp, signalOf(stamp));
    }
    expect(await started.result()).toBe(one.outcome);
    return started;
  });
  const history = await handle.fetchHistory();
  expect(history.events?.length).toBeLessThanOrEqual(one.eventsMax);
  expectRecorded(recorded, canary, one);
}

function expectRecorded(recorded: readonly Decision[], canary: CanaryTest, one: Case): void {
  // A task that the server repeats records again; the record is idempotent for that reason.
  const [decision] = recorded;
  expect(new Set(recorded.map(({ verdict }) => JSON.stringify(verdict))).size).toBe(1);
  expect(decision?.test).toEqual(canary);
  expect(decision?.verdict.kind).toBe(one.outcome);
  const signal = decision?.verdict.kind === 'failed' ? decision.verdict.signal : undefined;
  expect(signal).toBe(one.signal);
}

function signalOf(stamp: Stamp): TestSignal {
  return { stamp, findings: [], firedAtMs: FIRED_AT };
}

function activitiesOf(one: Case, recorded: Decision[]) {
  let attempts = 0;
  return {
    async fireTransfer(): Promise<FireReport> {
      if (one.fire === 'fails') throw new Error('refused connection');
      return { outcome: one.fire ?? ACCEPTED, firedAtMs: FIRED_AT };
    },
    async lookBack(): Promise<LookBack> {
      return { ...NOTHING_FOUND, firedAtMs: FIRED_AT, ...one.found };
    },
    async recordResult(decision: Decision): Promise<void> {
      attempts += 1;
      if (one.recordFailsLocally === true && attempts < 3) throw new Error('no PostgreSQL');
      recorded.push(decision);
    },
  };
}
