// How an outcome looks: its name, the shape drawn for it, and its class. Shape before colour.
import type { AttentionView } from '../../src/admin/views/attention-view.js';
import type { ResultView } from '../../src/admin/views/result-view.js';

/** Everything that a mark can say. */
export const LOOKS = [
  'passed',
  'late',
  'degraded',
  'finding',
  'unknown',
  'refunded',
  'timeout',
  'rejected',
  'unreachable',
  'observer',
  'inconclusive',
  'unpaid',
  'correction',
  'open',
  'overdue',
  'paused',
  'maintenance',
  'notfired',
] as const;

export type Look = (typeof LOOKS)[number];

/** `pass` is dull, `warn` incomplete, `fail` broken, `own` lost by us, `none` not decided. */
export type LookClass = 'pass' | 'warn' | 'fail' | 'own' | 'none';

const CLASSES: Readonly<Record<Look, LookClass>> = {
  passed: 'pass',
  late: 'warn',
  degraded: 'warn',
  finding: 'warn',
  unknown: 'none',
  refunded: 'fail',
  timeout: 'fail',
  rejected: 'fail',
  unreachable: 'fail',
  observer: 'own',
  inconclusive: 'none',
  unpaid: 'none',
  correction: 'none',
  open: 'none',
  overdue: 'warn',
  paused: 'none',
  maintenance: 'none',
  notfired: 'none',
};

/** Looks without a drawing of their own borrow the one whose meaning is nearest. */
const SHAPES: Partial<Readonly<Record<Look, Look>>> = {
  finding: 'degraded',
  unknown: 'inconclusive',
  unpaid: 'inconclusive',
};

export function classOf(look: Look): LookClass {
  return CLASSES[look];
}

export function shapeOf(look: Look): Look {
  return SHAPES[look] ?? look;
}

/** What a look is judged by. */
export interface Verdict {
  readonly outcome: ResultView['outcome'];
  readonly failureSignal?: ResultView['failureSignal'];
  readonly late: boolean;
  readonly degraded: boolean;
  readonly unknown: boolean;
  readonly findings: number;
}

/** The one look of a verdict: what is worst about it. */
export function lookOf(verdict: Verdict): Look {
  if (verdict.outcome === 'failed') return verdict.failureSignal ?? 'timeout';
  if (verdict.outcome !== 'passed') return verdict.outcome;
  if (verdict.findings > 0) return 'finding';
  if (verdict.degraded) return 'degraded';
  if (verdict.unknown) return 'unknown';
  return verdict.late ? 'late' : 'passed';
}

export function verdictOf(result: ResultView): Verdict {
  const { degraded, failureSignal, findingCount, late, outcome, unaskedFrames } = result;
  return {
    outcome,
    ...(failureSignal === undefined ? {} : { failureSignal }),
    late,
    degraded,
    unknown: unaskedFrames.length > 0,
    findings: findingCount,
  };
}

/** The look of what needs a person. */
export function attentionLook({
  failureSignal,
  flags,
  outcome,
}: Pick<AttentionView['last'], 'failureSignal' | 'outcome'> & {
  readonly flags: readonly string[];
}): Look {
  return lookOf({
    outcome,
    failureSignal,
    late: flags.includes('late'),
    degraded: flags.includes('degraded'),
    unknown: flags.includes('unknown'),
    findings: flags.filter((flag) => /^\d+ findings?$/.test(flag)).length,
  });
}

/** Whether a path whose newest verdict looks so is red: nothing reached the receiver. */
export function isFailing(look: Look): boolean {
  return classOf(look) === 'fail';
}

/** Whether somebody should look at it. */
export function isClean(look: Look): boolean {
  return look === 'passed' || look === 'late';
}
