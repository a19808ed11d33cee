// The outbox to the TEG: what each answer means, and how long the next attempt waits.
import { expect, test } from 'vitest';
import type { JsonAnswer } from '../../src/registry/json-call.js';
import { fateOf, retryDelayMs } from '../../src/registry/teg-relay.js';

const answered = (status: number): JsonAnswer => ({ kind: 'answer', status, body: undefined });

test.each([
  ...[200, 201, 204].map((status) => [answered(status), 'done'] as const),
  ...[408, 425, 429, 500, 502, 503].map((status) => [answered(status), 'retry'] as const),
  ...[400, 401, 403, 404, 409, 422].map((status) => [answered(status), 'refused'] as const),
  [{ kind: 'no_answer', reason: 'timeout', message: '' }, 'retry'] as const,
  [{ kind: 'no_answer', reason: 'unreachable', message: '' }, 'retry'] as const,
])('%j -> %s', (answer, fate) => {
  expect(fateOf(answer)).toBe(fate);
});

test.each([
  [0, 100],
  [1, 200],
  [5, 3_200],
  [6, 5_000],
  [1_000_000, 5_000],
])('after %i failed attempts the next waits %i ms', (attempts, delayMs) => {
  expect(retryDelayMs(attempts)).toBe(delayMs);
});
