// The workflow of a test on the time-skipping server: every way it can end, whatever comes when.
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Finding } from '../../src/domain/finding.js';
import { stampAt } from '../support/samples.js';
import { bundleForTests, timeSkippingEnvironment } from '../support/temporal.js';
import { FIRED_AT_MS, openStage, type Played, type Script, type Stage } from './scripted-test.js';

let environment: TestWorkflowEnvironment;
let stage: Stage;

beforeAll(async () => {
  const [created, bundle] = await Promise.all([timeSkippingEnvironment(), bundleForTests()]);
  environment = created;
  const { nativeConnection: connection } = created;
  stage = await openStage({ client: created.client.workflow, connection, bundle });
});
afterAll(async () => {
  await stage.close();
  await environment.teardown();
});

const INITIATED = stampAt('cf_initiated', 'A', FIRED_AT_MS + 20);
const SETTLED = stampAt('cf_settled_remote', 'A', FIRED_AT_MS + 60);
const SETTLED_AT_B = stampAt('cf_settled_local', 'B', FIRED_AT_MS + 50);
const REFUNDED = stampAt('cf_refunded', 'A', FIRED_AT_MS + 60);
const SENT = stampAt('tokens_xfer', 'A', FIRED_AT_MS + 20);
const TOO_LATE = stampAt('tokens_xfer', 'A', FIRED_AT_MS + 120_000);
const WRONG_AMOUNT: Finding = {
  kind: 'wrong_amount',
  testId: 'any',
  subject: 'teg-a/7',
  evidence: '20000 instead of 10000',
};

const INTRA = 'A1.1-A1.2-intra';
const ASYNC = 'A1.1-B1.1-async';
const TWO_PHASE = 'A1.1-B1.1-2pc';

interface Expected {
  /** How the workflow ends: the outcome that it returns, or `cancelled`. */
  readonly end: string;
  /** The stored outcome, where the workflow does not return it. */
  readonly stored?: string;
  readonly signal?: string;
  /** Names of the stamps, and subjects of findings, in the last record. */
  readonly recorded?: readonly string[];
  readonly lookBacks?: number;
  /** On the clock of the server, which skips time. */
  readonly tookSecondsMin?: number;
}

type Case = readonly [Script, Expected];

const PASSES: Readonly<Record<string, Case>> = {
  'one signal passes intra': [
    { path: INTRA, afterAnswer: [SENT] },
    { end: 'passed', recorded: ['tokens_xfer'], lookBacks: 0 },
  ],
  'two signals pass async': [
    { path: ASYNC, afterAnswer: [INITIATED, SETTLED] },
    { end: 'passed', recorded: ['cf_initiated', 'cf_settled_remote'] },
  ],
  'signals may come in the wrong order': [
    { path: ASYNC, afterAnswer: [SETTLED, INITIATED] },
    { end: 'passed', recorded: ['cf_settled_remote', 'cf_initiated'] },
  ],
  'a signal before the answer passes, and the answer is waited for': [
    { path: INTRA, beforeAnswer: [SENT] },
    { end: 'passed', recorded: ['tokens_xfer'] },
  ],
  'signals between the verdict and the answer are recorded before the end': [
    { path: TWO_PHASE, beforeAnswer: [SENT, SETTLED, WRONG_AMOUNT, SETTLED_AT_B] },
    {
      end: 'passed',
      recorded: ['tokens_xfer', 'cf_settled_remote', 'cf_settled_local', 'teg-a/7'],
    },
  ],
  'signals in the task of the completion are recorded before the end': [
    { path: TWO_PHASE, afterAnswer: [SENT], whileRecording: [SETTLED, WRONG_AMOUNT] },
    { end: 'passed', recorded: ['tokens_xfer', 'cf_settled_remote', 'teg-a/7'] },
  ],
  'a signal that was lost is found in the stamp store': [
    { path: INTRA, found: [{ stamps: [SENT] }] },
    { end: 'passed', recorded: ['tokens_xfer'], lookBacks: 1 },
  ],
  'a signal while looking back counts': [
    { path: INTRA, whileLookingBack: [SENT] },
    { end: 'passed', recorded: ['tokens_xfer'], lookBacks: 1 },
  ],
  'with PostgreSQL away the record waits as a regular activity': [
    { path: INTRA, afterAnswer: [SENT], recordFailures: 4 },
    { end: 'passed', recorded: ['tokens_xfer'] },
  ],
  'signals while PostgreSQL is away are recorded before the end': [
    { path: TWO_PHASE, afterAnswer: [SENT], recordFailures: 3, whileRecording: [SETTLED] },
    { end: 'passed', recorded: ['tokens_xfer', 'cf_settled_remote'] },
  ],
};

const FAILS: Readonly<Record<string, Case>> = {
  'a refund fails at once': [
    { path: ASYNC, afterAnswer: [REFUNDED] },
    { end: 'failed', signal: 'refunded', lookBacks: 0 },
  ],
  'a refund before the answer fails': [
    { path: ASYNC, beforeAnswer: [INITIATED, REFUNDED] },
    { end: 'failed', signal: 'refunded' },
  ],
  'a refund after the verdict is recorded, and does not change it': [
    { path: ASYNC, afterAnswer: [INITIATED, SETTLED], whileRecording: [REFUNDED] },
    { end: 'passed', recorded: ['cf_initiated', 'cf_settled_remote', 'cf_refunded'] },
  ],
  'a refusal fails without waiting': [
    { path: TWO_PHASE, fire: { kind: 'refused', code: 'no', message: 'no', afterDoubt: false } },
    { end: 'failed', signal: 'rejected', lookBacks: 0 },
  ],
  'a refusal after doubt counts only at the deadline': [
    {
      path: TWO_PHASE,
      fire: { kind: 'refused', code: 'no', message: 'no', afterDoubt: true },
      found: [{ fire: { kind: 'unanswered', message: 'none' } }],
    },
    { end: 'failed', signal: 'rejected', lookBacks: 1 },
  ],
  'an empty float is unpaid': [
    { path: INTRA, fire: { kind: 'unpaid', message: 'insufficient funds', afterDoubt: false } },
    { end: 'unpaid', lookBacks: 0 },
  ],
  'no event before the deadline is a timeout': [
    { path: ASYNC, afterAnswer: [INITIATED] },
    {
      end: 'failed',
      signal: 'timeout',
      recorded: ['cf_initiated'],
      lookBacks: 1,
      tookSecondsMin: 62,
    },
  ],
  'a stamp committed after the deadline does not pass': [
    { path: INTRA, afterAnswer: [TOO_LATE] },
    { end: 'failed', signal: 'timeout', recorded: ['tokens_xfer'], lookBacks: 1 },
  ],
  'no answer and no event is unreachable': [
    {
      path: INTRA,
      fire: 'fails',
      found: [{ fire: { kind: 'unanswered', message: 'refused connection' } }],
    },
    { end: 'failed', signal: 'unreachable', lookBacks: 1 },
  ],
  'a test that never left us is inconclusive': [
    {
      path: INTRA,
      fire: 'fails',
      found: [{ fire: { kind: 'unanswered', message: 'none' }, firedAtMs: undefined }],
    },
    { end: 'inconclusive' },
  ],
  'what our own pipe lost is observer': [
    { path: INTRA, found: [{ unseen: [SENT] }] },
    { end: 'observer', lookBacks: 1 },
  ],
  'with an EventStore away nothing is said': [
    { path: INTRA, found: [{ unreachableFrames: ['A'] }] },
    { end: 'inconclusive', lookBacks: 1 },
  ],
  'a look-back that always fails is inconclusive after five attempts': [
    { path: INTRA, found: ['fails'] },
    { end: 'inconclusive', lookBacks: 5 },
  ],
};

/** The fire left 40 s before the first look-back asked: 20 s of its 60 are left. */
const FIRED_LATE = { askedAtMs: FIRED_AT_MS + 40_000 };

const LATE: Readonly<Record<string, Case>> = {
  'a look-back that finds a late fire waits out its whole deadline': [
    { path: INTRA, fire: 'fails', found: [FIRED_LATE, {}] },
    { end: 'failed', signal: 'timeout', lookBacks: 2, tookSecondsMin: 82 },
  ],
  'a stamp in the added wait passes': [
    { path: INTRA, fire: 'fails', found: [FIRED_LATE], whileLookingBack: [SENT] },
    { end: 'passed', lookBacks: 1 },
  ],
};

const CANCELLED: Readonly<Record<string, Case>> = {
  'while firing: the answer that is out is waited for': [
    { path: INTRA, cancel: 'while firing' },
    { end: 'cancelled', stored: 'inconclusive' },
  ],
  'while waiting': [
    { path: ASYNC, afterAnswer: [INITIATED], cancel: 'while waiting' },
    { end: 'cancelled', stored: 'inconclusive', recorded: ['cf_initiated'], lookBacks: 0 },
  ],
  'while looking back: too late, the answers decide': [
    { path: INTRA, cancel: 'while looking back' },
    { end: 'failed', signal: 'timeout', lookBacks: 1 },
  ],
  'while a look-back finds that there is time left: no further wait': [
    { path: INTRA, cancel: 'while looking back', fire: 'fails', found: [FIRED_LATE] },
    { end: 'cancelled', stored: 'inconclusive', lookBacks: 1 },
  ],
  'while waiting with PostgreSQL away: the row comes all the same': [
    { path: INTRA, cancel: 'while waiting', recordFailures: 3 },
    { end: 'cancelled', stored: 'inconclusive' },
  ],
  'while recording: too late to change anything': [
    { path: INTRA, afterAnswer: [SENT], cancel: 'while recording' },
    { end: 'passed', recorded: ['tokens_xfer'] },
  ],
  'while recording with PostgreSQL away: too late, too': [
    { path: INTRA, afterAnswer: [SENT], cancel: 'while recording', recordFailures: 3 },
    { end: 'passed', recorded: ['tokens_xfer'] },
  ],
};

describe.each([
  ['passes', PASSES],
  ['does not pass', FAILS],
  ['was fired late', LATE],
  ['is cancelled', CANCELLED],
])('a test that %s', (_name, cases) => {
  test.each(Object.entries(cases))('%s', async (_case, [script, expected]) => {
    check(await stage.play(script), expected);
  });
});

function check(played: Played, expected: Expected): void {
  expect(played.end).toBe(expected.end);
  // Recording is idempotent: the first call stores the verdict, the last one has all facts.
  const stored = played.decisions[0]?.verdict;
  const last = played.decisions.at(-1);
  expect(last?.test).toEqual(played.test);
  expect(stored?.kind).toBe(expected.stored ?? expected.end);
  expect(stored?.kind === 'failed' ? stored.signal : undefined).toBe(expected.signal);
  if (expected.recorded !== undefined) {
    const stamps = last?.stamps.map(({ name }) => name) ?? [];
    const findings = last?.findings.map(({ subject }) => subject) ?? [];
    expect([...stamps, ...findings]).toEqual(expected.recorded);
  }
  if (expected.lookBacks !== undefined) expect(played.lookBacks).toBe(expected.lookBacks);
  expect(tookSeconds(played)).toBeGreaterThanOrEqual(expected.tookSecondsMin ?? 0);
}

function tookSeconds({ events }: Played): number {
  const secondsOf = (event: (typeof events)[number] | undefined) =>
    Number(event?.eventTime?.seconds);
  return secondsOf(events.at(-1)) - secondsOf(events[0]);
}
