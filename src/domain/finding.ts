// A finding is something that must not be: stored with kind, subject and evidence, and alarming.
import type { TestId } from './test.js';

export const FINDING_KINDS = [
  'impossible_stamp',
  'second_event',
  'unexpected_event',
  'wrong_sender',
  'wrong_receiver',
  'wrong_amount',
  'wrong_fee',
  'wrong_backend',
  'missing_in_event_store',
  'missing_in_kafka',
] as const;

export type FindingKind = (typeof FINDING_KINDS)[number];

export interface Finding {
  readonly kind: FindingKind;
  readonly testId: TestId;
  /** What the finding is about, unique within kind and test: `A/cf_settled_local`, an event id. */
  readonly subject: string;
  /** What was seen and what should have been, for people. */
  readonly evidence: string;
}
