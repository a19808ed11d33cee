// What became of firing a transfer: a clear yes, a clear no, no money, or still in doubt.

export type FireOutcome =
  | { readonly kind: 'pending' }
  | { readonly kind: 'accepted'; readonly transferId: string; readonly acceptedAtMs: number }
  /** The platform said no. After an attempt in doubt that alone proves nothing (decision 5). */
  | {
      readonly kind: 'refused';
      readonly code: string;
      readonly message: string;
      readonly afterDoubt: boolean;
    }
  /** The agent's float did not suffice; counted apart from refusals. */
  | { readonly kind: 'unpaid'; readonly message: string; readonly afterDoubt: boolean }
  /** No attempt was ever answered clearly. */
  | { readonly kind: 'unanswered'; readonly message: string };

/** What one attempt over HTTP brought: the status and the platform's error code. */
export type Attempt =
  | { readonly kind: 'accepted'; readonly transferId: string }
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly code: string;
      readonly message: string;
    }
  | { readonly kind: 'unanswered'; readonly message: string };

/** 4xx answers that decide nothing: ask again under the same key (decision 5). */
const UNDECIDED_STATUSES: readonly number[] = [408, 425, 429];
const CONFLICT_STATUS = 409;
const INSUFFICIENT_FUNDS_STATUS = 402;

export type AttemptMeaning = 'accepted' | 'refused' | 'unpaid' | 'doubt';

/**
 * What an attempt means. A 4xx is a refusal except 408, 425, 429 and a 409 under our own key;
 * anything that is not a clear yes or a clear no leaves the attempt in doubt (decision 5).
 */
export function meaningOf(attempt: Attempt): AttemptMeaning {
  if (attempt.kind === 'accepted') return 'accepted';
  if (attempt.kind === 'unanswered') return 'doubt';
  const { status } = attempt;
  if (status < 400 || status >= 500) return 'doubt';
  if (status === CONFLICT_STATUS || UNDECIDED_STATUSES.includes(status)) return 'doubt';
  return status === INSUFFICIENT_FUNDS_STATUS ? 'unpaid' : 'refused';
}
