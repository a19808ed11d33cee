// The memo carries a test's id through the platform; the 2pc backend wraps it, and we unwrap it.
import type { Backend } from './backend.js';

const MEMO_PREFIX = 'canary-';
const CROSS_REGISTRY_PREFIX = 'cross_registry:';
const TEST_ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;

/** The memo prefix that marks a canary's transfer; feeds search raw text for it. */
export const CANARY_MEMO_MARK = MEMO_PREFIX;

/** The memo with which a test is fired. */
export function memoOf(testId: string): string {
  return MEMO_PREFIX + testId;
}

/** The memo as the platform stores it: 2pc wraps it (design, section 3). */
export function storedMemoOf(testId: string, backend: Backend): string {
  return backend === '2pc' ? CROSS_REGISTRY_PREFIX + memoOf(testId) : memoOf(testId);
}

/** Whether a memo, wrapped or not, says of its transfer that a canary made it. */
export function claimsCanary(memo: string): boolean {
  return unwrapped(memo).startsWith(MEMO_PREFIX);
}

/** The test id in a memo, wrapped or not; `undefined` when the memo is not a canary's. */
export function testIdOf(memo: string): string | undefined {
  if (!claimsCanary(memo)) return undefined;
  const testId = unwrapped(memo).slice(MEMO_PREFIX.length);
  return TEST_ID_PATTERN.test(testId) ? testId : undefined;
}

function unwrapped(memo: string): string {
  return memo.startsWith(CROSS_REGISTRY_PREFIX) ? memo.slice(CROSS_REGISTRY_PREFIX.length) : memo;
}
