// What an audit finds: something that must not be, with its class, its place and its evidence.
// Findings are kept for ever; they can be closed by the platform and acknowledged by a person.
import type { FrameId } from './frame.js';
import type { DefectClass } from './supply-comparison.js';
import type { LogDefect } from './supply-log.js';
import type { MatchDefect } from './supply-matching.js';

export type SupplyFindingKind =
  | 'ledger_difference'
  | 'event_missing'
  | 'conflicting_event'
  | LogDefect['kind']
  | 'unclassed_account'
  | 'projection_differs'
  | 'unusable_answer'
  | MatchDefect;

/** In the order in which metrics and pages list them. */
export const DEFECT_CLASSES: readonly DefectClass[] = [
  'ledger_above_events',
  'ledger_below_events',
  'accounts_shifted',
  'log_damaged',
  'match_broken',
  'answer_unusable',
];

export interface SupplyFinding {
  readonly kind: SupplyFindingKind;
  readonly class: DefectClass;
  readonly frame: FrameId;
  /** What it is about; with kind and frame the key under which it is found only once. */
  readonly subject: string;
  /** Positions since the last conclusive audit, `after` excluded; where it has any. */
  readonly interval: { readonly after: number; readonly through: number } | undefined;
  /** Ledger minus events, base units as text; where it is known. */
  readonly delta: string | undefined;
  /** The account buckets that differ. */
  readonly buckets: readonly number[];
  readonly transferIds: readonly string[];
  /** For people: what was seen. */
  readonly evidence: string;
}

/** Who explained a finding, when and how. */
export interface Acknowledgement {
  readonly by: string;
  readonly atMs: number;
  readonly reason: string;
}

/** A finding as it is kept. */
export interface StoredFinding extends SupplyFinding {
  /** `F12-1`: the first finding of certificate 12. */
  readonly id: string;
  /** The certificate that found it. */
  readonly foundBy: number;
  readonly foundAtMs: number;
  /** The certificate that saw it gone; `undefined` while it stands. */
  readonly closedBy: number | undefined;
  readonly acknowledged: Acknowledgement | undefined;
}

export function findingKey({ kind, frame, subject }: SupplyFinding): string {
  return JSON.stringify([kind, frame, subject]);
}

export function findingId(certificate: number, index: number): string {
  return `F${certificate}-${index + 1}`;
}

/** Whether it says that the books are wrong, rather than that nothing can be said. */
export function isViolation({ class: defect }: Pick<SupplyFinding, 'class'>): boolean {
  return defect !== 'answer_unusable';
}

/** One finding of most kinds: no figures, only what was seen. */
export function plainFinding(
  kind: SupplyFindingKind,
  defect: DefectClass,
  frame: FrameId,
  subject: string,
  evidence: string,
): SupplyFinding {
  return {
    kind,
    class: defect,
    frame,
    subject,
    interval: undefined,
    delta: undefined,
    buckets: [],
    transferIds: [],
    evidence,
  };
}
