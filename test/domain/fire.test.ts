// What one attempt to fire means: a clear yes, a clear no, no money, or doubt (decision 5).
import { describe, expect, test } from 'vitest';
import { type AttemptMeaning, meaningOf } from '../../src/domain/fire.js';

function check(status: number, meaning: AttemptMeaning) {
  const answer = { kind: 'answered', status, code: 'some_code', message: 'some message' } as const;
  expect(meaningOf(answer)).toBe(meaning);
}

test('a transfer id is a clear yes', () => {
  expect(meaningOf({ kind: 'accepted', transferId: 'transfer-1' })).toBe('accepted');
});

test('no answer is doubt', () => {
  expect(meaningOf({ kind: 'unanswered', message: 'connection reset' })).toBe('doubt');
});

describe('every status', () => {
  const DOUBTFUL_4XX = [408, 409, 425, 429];

  test('402 is unpaid', () => check(402, 'unpaid'));

  test.each([400, 401, 403, 404, 410, 418, 422, 423, 424, 451, 499])('%s is refused', (status) =>
    check(status, 'refused'),
  );

  test('408, 409, 425, 429 are doubt, all other 4xx but 402 a refusal, all else doubt', () => {
    for (let status = 100; status < 600; status += 1) {
      const client = status >= 400 && status < 500;
      if (status === 402) continue;
      check(status, client && !DOUBTFUL_4XX.includes(status) ? 'refused' : 'doubt');
    }
  });
});
