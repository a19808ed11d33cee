// Firing a test: registered first, sent under one key, and what each answer and each crash leaves.
import { ApplicationFailure } from '@temporalio/common';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  ATTEMPT_IN_DOUBT,
  createFireActivities,
  type FireReport,
} from '../../src/activities/fire-transfer.js';
import { StoreUnavailableError } from '../../src/adapters/store-unavailable-error.js';
import type { Attempt, FireOutcome } from '../../src/domain/fire.js';
import type { StampStore } from '../../src/ports.js';
import { FIRED_AT_MS, SHAPES, testOf } from '../domain/builders.js';
import { begin, fakeClock, stopTime } from '../support/activity-run.js';
import { createMemoryGateway } from '../support/memory-platform.js';
import { createMemoryStamps } from '../support/memory-stamps.js';

beforeEach(() => stopTime(FIRED_AT_MS));
afterEach(() => vi.useRealTimers());

const ONE = testOf(SHAPES['async cross frame']);
const YES: Attempt = { kind: 'accepted', transferId: 'transfer-1' };
const says = (status: number): Attempt => ({
  kind: 'answered',
  status,
  code: `code_${status}`,
  message: 'so it is',
});
const NO = says(422);
const NOTHING: Attempt = { kind: 'unanswered', message: 'connection reset' };
const BETWEEN_MS = 1_000;

interface Case {
  readonly attempts: readonly (Attempt | 'never')[];
  /** Calls of the stamp store that fail in the first attempt. */
  readonly away?: readonly (keyof StampStore)[];
  /** The stamp store has lost everything before this attempt, counted from 1. */
  readonly forgottenBefore?: number;
}

/** Fires as Temporal does, attempt after attempt, until an answer is clear; a second apart. */
async function fire({ attempts, away = [], forgottenBefore }: Case) {
  let stamps = createMemoryStamps(fakeClock);
  const gateway = createMemoryGateway(attempts);
  const order: string[] = [];
  const begunAtMs = fakeClock.nowMs();
  const store = (): StampStore => ({
    ...stamps,
    register: told('register'),
    markFired: told('markFired'),
    markAccepted: told('markAccepted'),
  });
  function told<Name extends 'register' | 'markFired' | 'markAccepted'>(name: Name) {
    return (async (...given: Parameters<StampStore[Name]>) => {
      if (attempt === 1 && away.includes(name)) {
        throw new StoreUnavailableError('redis', name, 'connection refused');
      }
      order.push(name);
      return (stamps[name] as (...all: unknown[]) => unknown)(...given);
    }) as StampStore[Name];
  }
  const heard: string[] = [];
  let attempt = 1;
  let report: FireReport | undefined;
  for (; attempt <= attempts.length + away.length && report === undefined; attempt += 1) {
    if (attempt === forgottenBefore) stamps = createMemoryStamps(fakeClock);
    const { fireTransfer } = createFireActivities({
      clock: fakeClock,
      stamps: store(),
      gateway: {
        attempt: async (request) => {
          order.push('send');
          return gateway.attempt(request);
        },
      },
    });
    const run = begin(fireTransfer, ONE, { attempt });
    const killed = attempts[gateway.requests.length] === 'never';
    if (killed) await vi.advanceTimersByTimeAsync(BETWEEN_MS);
    else report = await run.toEnd().catch((error: unknown) => void heard.push(nameOf(error)));
    await vi.advanceTimersByTimeAsync(BETWEEN_MS);
  }
  return { report, heard, order, requests: gateway.requests, stamps, begunAtMs };
}

function nameOf(error: unknown): string {
  if (error instanceof ApplicationFailure) return error.type ?? '';
  return error instanceof Error ? error.name : String(error);
}

function brief(outcome: FireOutcome | undefined): string {
  if (outcome === undefined) return 'in doubt';
  if (outcome.kind === 'accepted') return `accepted ${outcome.transferId}`;
  if (outcome.kind === 'refused' || outcome.kind === 'unpaid') {
    return outcome.afterDoubt ? `${outcome.kind} after doubt` : outcome.kind;
  }
  return outcome.kind;
}

async function check(one: Case, words: string): Promise<void> {
  const { report, order, requests, begunAtMs } = await fire(one);
  expect(brief(report?.outcome)).toBe(words);
  // Whatever happens, nothing is sent that is not registered and noted, and all under one key.
  for (const [index, what] of order.entries()) {
    if (what === 'send') expect(order.slice(index - 2, index)).toEqual(['register', 'markFired']);
  }
  expect(new Set(requests.map(({ idempotencyKey }) => idempotencyKey)).size).toBeLessThan(2);
  if (report !== undefined) expect(report.firedAtMs).toBe(begunAtMs + firstSendMs(one));
}

/** When the first fire was that the stamp store knows of, after the beginning. */
function firstSendMs({ away = [], forgottenBefore }: Case): number {
  const begun = away.some((call) => call === 'register' || call === 'markFired') ? 1 : 0;
  const lost = forgottenBefore === undefined ? 0 : forgottenBefore - 1;
  return Math.max(begun, lost) * BETWEEN_MS;
}

describe('one clear answer ends it', () => {
  test.each<readonly [string, Case, string]>([
    ['yes', { attempts: [YES] }, 'accepted transfer-1'],
    ['no', { attempts: [NO] }, 'refused'],
    ['no such agent', { attempts: [says(404)] }, 'refused'],
    ['the float does not suffice', { attempts: [says(402)] }, 'unpaid'],
  ])('%s', (_, one, words) => check(one, words));
});

describe('anything else leaves it in doubt', () => {
  test.each([200, 302, 408, 409, 425, 429, 500, 503])('%d', async (status) => {
    const { report, heard } = await fire({ attempts: [says(status)] });
    expect([report, ...heard]).toEqual([undefined, ATTEMPT_IN_DOUBT]);
    await check({ attempts: [says(status), YES] }, 'accepted transfer-1');
    await check({ attempts: [says(status), NO] }, 'refused after doubt');
  });

  test.each<readonly [string, Case, string]>([
    ['no answer, then yes', { attempts: [NOTHING, YES] }, 'accepted transfer-1'],
    ['no answer, then no', { attempts: [NOTHING, NO] }, 'refused after doubt'],
    ['no answer, then no money', { attempts: [NOTHING, says(402)] }, 'unpaid after doubt'],
    ['never an answer', { attempts: [NOTHING, NOTHING] }, 'in doubt'],
    ['killed after the send, then yes', { attempts: ['never', YES] }, 'accepted transfer-1'],
    ['killed after the send, then no', { attempts: ['never', NO] }, 'refused after doubt'],
  ])('%s', (_, one, words) => check(one, words));
});

describe('the stamp store', () => {
  test('away before the send: nothing is sent', async () => {
    const one = { attempts: [YES], away: ['register'] } as const;
    const { heard, order } = await fire(one);
    expect(heard).toEqual(['StoreUnavailableError']);
    expect(order).toEqual(['register', 'markFired', 'send', 'markAccepted']);
    await check(one, 'accepted transfer-1');
    await check({ ...one, away: ['markFired'] }, 'accepted transfer-1');
  });

  test('away after the answer: asked again under the same key, and noted then', async () => {
    const one: Case = { attempts: [YES, YES], away: ['markAccepted'] };
    const { heard, requests, stamps } = await fire(one);
    expect(heard).toEqual(['StoreUnavailableError']);
    expect(requests).toHaveLength(2);
    expect(await stamps.test(ONE.testId)).toMatchObject({ transferId: 'transfer-1' });
    await check(one, 'accepted transfer-1');
  });

  test('that has forgotten the first attempt does not make a doubt a clear no', () =>
    check({ attempts: [NOTHING, NO], forgottenBefore: 2 }, 'refused after doubt'));

  test('knows the transfer, the time of the first send, and whose transfer it is', async () => {
    const { stamps, requests } = await fire({ attempts: [NOTHING, YES] });
    expect(await stamps.test(ONE.testId)).toMatchObject({
      firedAtMs: FIRED_AT_MS,
      acceptedAtMs: FIRED_AT_MS + BETWEEN_MS,
      transferId: 'transfer-1',
    });
    expect(await stamps.testIdOfTransfer('transfer-1')).toBe(ONE.testId);
    expect(requests[0]).toEqual({
      path: ONE.path,
      amountBaseUnits: 10_000n,
      memo: `canary-${ONE.testId}`,
      idempotencyKey: ONE.testId,
    });
  });
});

test('an answer that takes long is waited for with heartbeats', async () => {
  const { fireTransfer } = createFireActivities({
    clock: fakeClock,
    stamps: createMemoryStamps(fakeClock),
    gateway: {
      attempt: () => new Promise((resolve) => setTimeout(() => resolve(YES), 3_500)),
    },
  });
  const run = begin(fireTransfer, ONE);
  expect(brief((await run.toEnd()).outcome)).toBe('accepted transfer-1');
  expect(run.heartbeats).toHaveLength(3);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(run.heartbeats).toHaveLength(3);
});
