// What a test may cost at the real server: 20 history events when it ends by one signal, 4 more for
// each further one, whenever its signals come. The Temporal UI finds it by its search attributes.
import { Client, type WorkflowClient } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Stamp } from '../../src/domain/stamp.js';
import { SEARCH_ATTRIBUTES, testWorkflowId } from '../../src/names.js';
import { stampAt } from '../support/samples.js';
import { bundleForTests, quietRuntime } from '../support/temporal.js';
import { eventsMaxOf, signalsOf } from './event-budget.js';
import { FIRED_AT_MS, openStage, type Script, type Stage } from './scripted-test.js';

let connection: NativeConnection;
let client: WorkflowClient;
let stage: Stage;

beforeAll(async () => {
  quietRuntime();
  connection = await NativeConnection.connect({ address: inject('temporalAddress') });
  client = new Client({ connection }).workflow;
  stage = await openStage({ client, connection, bundle: await bundleForTests() });
});
afterAll(async () => {
  await stage.close();
  await connection.close();
});

const SENT = stampAt('tokens_xfer', 'A', FIRED_AT_MS + 20);
const INITIATED = stampAt('cf_initiated', 'A', FIRED_AT_MS + 20);
const INITIATED_AT_B = stampAt('cf_initiated', 'B', FIRED_AT_MS + 30);
const SETTLED = stampAt('cf_settled_local', 'B', FIRED_AT_MS + 40);
const SETTLED_AT_A = stampAt('cf_settled_remote', 'A', FIRED_AT_MS + 50);
const REFUNDED = stampAt('cf_refunded', 'A', FIRED_AT_MS + 60);

interface Order {
  readonly path: string;
  readonly stamps: readonly Stamp[];
  /** How many of them it takes to decide. */
  readonly decidedBy: number;
  readonly outcome: string;
}

const order = (path: string, stamps: readonly Stamp[], decidedBy: number, outcome: string) =>
  ({ path, stamps, decidedBy, outcome }) satisfies Order;

const ASYNC = 'A1.1-B1.1-async';
const ORDERS: Readonly<Record<string, Order>> = {
  'intra by its one signal': order('A1.1-A1.2-intra', [SENT], 1, 'passed'),
  '2pc by its first': order('A1.1-B1.1-2pc', [SENT, SETTLED, SETTLED_AT_A], 1, 'passed'),
  'async by its last': order(ASYNC, [INITIATED, INITIATED_AT_B, SETTLED], 3, 'passed'),
  'async by its second': order(
    ASYNC,
    [INITIATED, SETTLED, SETTLED_AT_A, INITIATED_AT_B],
    2,
    'passed',
  ),
  'a refund alone': order(ASYNC, [REFUNDED], 1, 'failed'),
  'a refund after others': order(ASYNC, [INITIATED, INITIATED_AT_B, REFUNDED], 3, 'failed'),
};

describe.each(Object.entries(ORDERS))('%s', (_name, { path, stamps, decidedBy, outcome }) => {
  // Each signal in a task of its own is the dearest way for them to come.
  test.each<readonly [string, Partial<Script>]>([
    ['before the answer of the fire', { beforeAnswer: stamps }],
    ['after it, those that decide nothing at the last moment', afterAnswer(stamps, decidedBy)],
  ])('signals come %s', async (_when, signals) => {
    const { end, events } = await stage.play({ path, ...signals });
    expect(end).toBe(outcome);
    expect(signalsOf(events)).toBe(stamps.length);
    expect(events.length).toBeLessThanOrEqual(eventsMaxOf(events) ?? 0);
  });
});

test('the outcome is a search attribute', async () => {
  const { test: canary } = await stage.play({ path: 'A1.1-A1.2-intra', afterAnswer: [SENT] });
  const { searchAttributes } = await client.getHandle(testWorkflowId(canary.testId)).describe();
  expect(searchAttributes[SEARCH_ATTRIBUTES.outcome]).toEqual(['passed']);
});

/** Answered, a decided test ends at once: what comes later meets its record. */
function afterAnswer(stamps: readonly Stamp[], decidedBy: number): Partial<Script> {
  return { afterAnswer: stamps.slice(0, decidedBy), whileRecording: stamps.slice(decidedBy) };
}
