// Plays one canary test's workflow against a scripted outside: which signals come before or after
// the fire's answer or while the verdict is recorded, what a look-back finds, who cancels when.
import { randomUUID } from 'node:crypto';
import { activityInfo } from '@temporalio/activity';
import { type WorkflowClient, WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { type NativeConnection, Worker, type WorkflowBundlePath } from '@temporalio/worker';
import type { FireReport } from '../../src/activities/fire-transfer.js';
import type { Decision } from '../../src/activities/record-result.js';
import type { Finding } from '../../src/domain/finding.js';
import type { FireOutcome } from '../../src/domain/fire.js';
import type { Stamp } from '../../src/domain/stamp.js';
import type { CanaryTest } from '../../src/domain/test.js';
import type { LookBack, Outcome } from '../../src/domain/verdict.js';
import { SIGNALS, testWorkflowId, WORKFLOW_TYPES } from '../../src/names.js';
import type { TestSignal } from '../../src/ports.js';
import { testOf } from '../support/samples.js';
import { until } from '../support/until.js';

export const FIRED_AT_MS = Date.UTC(2026, 10, 23, 18, 30);

export const ACCEPTED: FireOutcome = {
  kind: 'accepted',
  transferId: 't-1',
  acceptedAtMs: FIRED_AT_MS + 9,
};

export interface Script {
  readonly path: string;
  /** Each signal is dealt with before the next is sent, the fire's answer being held back. */
  readonly beforeAnswer?: readonly Told[];
  /** Each signal is dealt with before the next is sent, the fire having been answered. */
  readonly afterAnswer?: readonly Told[];
  /** Sent by the first record, so that they wait at the server when the workflow would end. */
  readonly whileRecording?: readonly Told[];
  /** Sent by the first look-back. */
  readonly whileLookingBack?: readonly Told[];
  readonly fire?: FireOutcome | 'fails';
  /** What each look-back finds; the last answer is given again and again. */
  readonly found?: readonly (Partial<LookBack> | 'fails')[];
  /** How many attempts to record fail before one succeeds. */
  readonly recordFailures?: number;
  readonly cancel?: 'while firing' | 'while waiting' | 'while looking back' | 'while recording';
}

export type Told = Stamp | Finding;

export interface Played {
  readonly test: CanaryTest;
  readonly end: string;
  readonly decisions: readonly Decision[];
  readonly lookBacks: number;
  readonly events: readonly HistoryEvent[];
}

export interface HistoryEvent {
  readonly eventTime?: { readonly seconds?: unknown } | null;
  readonly workflowExecutionSignaledEventAttributes?: unknown;
  readonly workflowExecutionCancelRequestedEventAttributes?: unknown;
  readonly workflowTaskCompletedEventAttributes?: unknown;
  readonly activityTaskCompletedEventAttributes?: unknown;
}

export interface Server {
  readonly client: WorkflowClient;
  readonly connection: NativeConnection;
  readonly bundle: WorkflowBundlePath;
}

/** A look-back that reached everything and found nothing. */
const NOTHING_FOUND: LookBack = {
  stamps: [],
  unseen: [],
  unreachableFrames: [],
  storeReachable: true,
  fire: ACCEPTED,
  firedAtMs: FIRED_AT_MS,
  askedAtMs: FIRED_AT_MS + 3_600_000,
};

export interface Stage {
  play(script: Script): Promise<Played>;
  close(): Promise<void>;
}

/** One worker plays all scripts, each with the outside of its own workflow. */
export async function openStage({ bundle, client, connection }: Server): Promise<Stage> {
  const taskQueue = `stage-${randomUUID()}`;
  const outsides = new Map<string, Outside>();
  const outside = (): Outside['activities'] => {
    const { workflowId = '' } = activityInfo().workflowExecution ?? {};
    const mine = outsides.get(workflowId);
    if (mine === undefined) throw new Error(`no script is played as ${workflowId}`);
    return mine.activities;
  };
  const worker = await Worker.create({
    connection,
    taskQueue,
    workflowBundle: bundle,
    activities: {
      fireTransfer: () => outside().fireTransfer(),
      lookBack: () => outside().lookBack(),
      recordResult: (decision: Decision) => outside().recordResult(decision),
    },
  });
  const running = worker.run();
  return {
    async play(script) {
      const test = testOf(script.path, `20261123T183000Z-${randomUUID()}`);
      const workflowId = testWorkflowId(test.testId);
      const mine = outsideOf(script, () => client.getHandle(workflowId));
      outsides.set(workflowId, mine);
      const options = { args: [test], workflowId, taskQueue };
      const handle = await client.start(WORKFLOW_TYPES.canaryTest, options);
      try {
        await direct(script, handle, mine.answer);
        const end = await endOf(handle);
        const events = await eventsOf(handle);
        return { test, end, decisions: mine.decisions, lookBacks: mine.lookBacks(), events };
      } finally {
        mine.answer();
      }
    },
    async close() {
      worker.shutdown();
      await running;
    },
  };
}

/** What happens around the workflow until it may end, in the order of the script. */
async function direct(script: Script, handle: WorkflowHandle, answer: () => void): Promise<void> {
  const before = script.beforeAnswer ?? [];
  if (before.length > 0 || script.cancel === 'while firing') await settled(handle);
  for (const told of before) await sendAndSettle(handle, told);
  if (script.cancel === 'while firing') {
    await handle.cancel();
    await settled(handle);
  }
  answer();
  const after = script.afterAnswer ?? [];
  if (after.length > 0 || script.cancel === 'while waiting') await answered(handle);
  for (const told of after) await sendAndSettle(handle, told);
  if (script.cancel === 'while waiting') await handle.cancel();
}

async function endOf(handle: WorkflowHandle): Promise<string> {
  try {
    return String(await handle.result());
  } catch (error) {
    if (error instanceof WorkflowFailedError && error.cause instanceof CancelledFailure) {
      return 'cancelled';
    }
    throw error;
  }
}

async function sendAndSettle(handle: WorkflowHandle, told: Told): Promise<void> {
  await handle.signal(SIGNALS.stamp, signalOf(told));
  await settled(handle);
}

function signalOf(told: Told): TestSignal {
  const isFinding = 'evidence' in told;
  return {
    stamp: isFinding ? undefined : told,
    findings: isFinding ? [told] : [],
    firedAtMs: FIRED_AT_MS,
  };
}

/** Waits until the workflow waits: nothing came after its last completed task. */
function settled(handle: WorkflowHandle): Promise<void> {
  return until(async () => {
    const events = await eventsOf(handle);
    const task = events.findLastIndex((one) => one.workflowTaskCompletedEventAttributes);
    const asked = events.findLastIndex(
      (one) =>
        one.workflowExecutionSignaledEventAttributes ||
        one.workflowExecutionCancelRequestedEventAttributes,
    );
    if (task < 0 || task < asked) throw new Error(`${events.length} events, task not completed`);
  });
}

function answered(handle: WorkflowHandle): Promise<void> {
  return until(async () => {
    const events = await eventsOf(handle);
    const answer = events.findLastIndex((one) => one.activityTaskCompletedEventAttributes);
    const task = events.findLastIndex((one) => one.workflowTaskCompletedEventAttributes);
    if (answer < 0 || task < answer) throw new Error('the fire is not answered yet');
  });
}

async function eventsOf(handle: WorkflowHandle): Promise<readonly HistoryEvent[]> {
  return (await handle.fetchHistory()).events ?? [];
}

type Outside = ReturnType<typeof outsideOf>;

function outsideOf(script: Script, handle: () => WorkflowHandle) {
  const decisions: Decision[] = [];
  let lookBacks = 0;
  let records = 0;
  let answer: () => void = () => undefined;
  const mayAnswer = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const send = async (all: readonly Told[] = []) => {
    for (const told of all) await handle().signal(SIGNALS.stamp, signalOf(told));
  };
  return {
    decisions,
    answer: () => answer(),
    lookBacks: () => lookBacks,
    activities: {
      async fireTransfer(): Promise<FireReport> {
        await mayAnswer;
        if (script.fire === 'fails') throw new Error('refused connection');
        return { outcome: script.fire ?? ACCEPTED, firedAtMs: FIRED_AT_MS };
      },
      async lookBack(): Promise<LookBack> {
        const found = script.found?.[Math.min(lookBacks, script.found.length - 1)];
        lookBacks += 1;
        if (lookBacks === 1) {
          await send(script.whileLookingBack);
          if (script.cancel === 'while looking back') await handle().cancel();
        }
        if (found === 'fails') throw new Error('no answer');
        return { ...NOTHING_FOUND, ...found };
      },
      async recordResult(decision: Decision): Promise<Outcome> {
        records += 1;
        if (records === 1) {
          await send(script.whileRecording);
          if (script.cancel === 'while recording') await handle().cancel();
        }
        if (records <= (script.recordFailures ?? 0)) throw new Error('no PostgreSQL');
        decisions.push(decision);
        return decisions[0]?.verdict.kind ?? decision.verdict.kind;
      },
    },
  };
}
