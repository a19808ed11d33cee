// What one audit says of one frame: its findings, what of the standing ones is gone, its part of
// the certificate. Facts in, words out; nothing is guessed, and what was not seen is unknown.
import type { FrameId } from './frame.js';
import type { FrameBook } from './supply-book.js';
import {
  bucketDigest,
  type FrameCertificate,
  type FrameDecision,
  figuresOf,
  type HashOf,
} from './supply-certificate.js';
import { type Cut, isNoDifference } from './supply-comparison.js';
import { comparisonFindings } from './supply-cut-findings.js';
import { plainFinding, type StoredFinding, type SupplyFinding } from './supply-finding.js';
import { supplyDelta } from './supply-fold.js';
import type { Comparison, Readout } from './supply-readout.js';
import {
  describeVoices,
  type LoneVoice,
  loneVoice,
  type ProjectionAnswer,
} from './supply-voices.js';

/** How a frame answered the question for a cut. */
export type CutAnswer =
  | { readonly kind: 'cut'; readonly cut: Cut }
  | { readonly kind: 'away'; readonly reason: string }
  /** It answered, and what it said cannot be. */
  | { readonly kind: 'unusable'; readonly problem: string };

/** All that one audit has seen of one frame. */
export interface FrameFacts {
  readonly frame: FrameId;
  readonly first: CutAnswer;
  readonly second: CutAnswer;
  readonly projection: ProjectionAnswer;
  readonly readout: Readout;
  /** Why reading ended before all stops were reached; empty where it did not. */
  readonly readProblem: string;
  /** What the log answered that cannot be; empty where it did not. */
  readonly logNonsense: string;
  /** Positions that came again with another content. */
  readonly conflicts: readonly SupplyFinding[];
  /** The transfers that explain the change at each comparison, in the same order. */
  readonly explained: readonly (readonly string[])[];
  readonly cutWaitMs: number | undefined;
}

/** What a frame's cut of one audit shows, whether or not it stands already. */
export function cutFindings(facts: FrameFacts, auditId: string): readonly SupplyFinding[] {
  return facts.readout.comparisons.flatMap((comparison, index) =>
    comparison.auditId === auditId
      ? comparisonFindings(comparison, facts.explained[index] ?? [])
      : [],
  );
}

/** What reading the frame has shown beside its cuts, whether or not it stands already. */
export function readingFindings(facts: FrameFacts): readonly SupplyFinding[] {
  const { frame, readout } = facts;
  return [
    ...unusableAnswers(facts),
    ...readout.defects.map(({ kind, subject, evidence }) =>
      plainFinding(
        kind,
        kind === 'unreadable_event' ? 'answer_unusable' : 'log_damaged',
        frame,
        subject,
        evidence,
      ),
    ),
    ...facts.conflicts,
    ...missingFindings(facts),
    ...voiceFindings(facts),
  ];
}

function unusableAnswers({ frame, first, logNonsense, projection, second }: FrameFacts) {
  const finding = (subject: string, answer: CutAnswer | ProjectionAnswer) =>
    answer.kind === 'unusable'
      ? [plainFinding('unusable_answer', 'answer_unusable', frame, subject, answer.problem)]
      : [];
  const [cut] = [...finding('supply snapshot', first), ...finding('supply snapshot', second)];
  const log: CutAnswer = { kind: 'unusable', problem: logNonsense };
  return [
    ...(cut === undefined ? [] : [cut]),
    ...finding('projection', projection),
    ...(logNonsense === '' ? [] : finding('event log', log)),
  ];
}

/** Positions given up in this audit that no comparison has told yet, a finding per run of them. */
function missingFindings({ frame, readout }: FrameFacts): readonly SupplyFinding[] {
  const told = new Set(
    readout.comparisons.flatMap((one) => (isNoDifference(one.change) ? [] : one.lost)),
  );
  const isLost = new Set(readout.book.reading.lost);
  const untold = readout.givenUp.filter((position) => !told.has(position));
  return runsOf(untold).map(([from, to]) => ({
    ...plainFinding(
      'event_missing',
      'log_damaged',
      frame,
      from === to ? `position ${from}` : `positions ${from} to ${to}`,
      isLost.has(from)
        ? 'later positions have come, this one has not'
        : 'it came after it was given up',
    ),
    interval: { after: from - 1, through: to },
  }));
}

function runsOf(positions: readonly number[]): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (const position of [...positions].sort((one, other) => one - other)) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === position - 1) last[1] = position;
    else runs.push([position, position]);
  }
  return runs;
}

function voiceFindings(facts: FrameFacts): readonly SupplyFinding[] {
  const { voice } = facts.readout;
  const lone = frameLoneVoice(facts);
  if (voice === undefined || (lone !== 'projection' && lone !== 'log' && lone !== 'all')) return [];
  const stands = lone === 'all' ? 'no two voices agree' : `the ${lone} stands alone`;
  const evidence = `${stands}: ${describeVoices(voice)}`;
  return [plainFinding('projection_differs', 'log_damaged', facts.frame, lone, evidence)];
}

/** Which of ledger, log and projection stands alone; `undefined` where one was not heard. */
export function frameLoneVoice({ readout }: FrameFacts): LoneVoice | undefined {
  const last = readout.comparisons.at(-1);
  if (readout.voice === undefined || last === undefined) return undefined;
  return loneVoice(readout.voice, last.difference);
}

/** The standing findings of a frame that this audit sees gone. */
export function closedFindings(
  facts: FrameFacts,
  standing: readonly StoredFinding[],
): readonly StoredFinding[] {
  return standing.filter((one) => one.frame === facts.frame && isGone(one, facts));
}

function isGone(finding: StoredFinding, facts: FrameFacts): boolean {
  const { readout } = facts;
  const last = readout.comparisons.at(-1);
  const agree = last !== undefined && isNoDifference(last.difference);
  switch (finding.kind) {
    case 'ledger_difference':
      return agree;
    case 'event_missing': {
      // It may have come after the cut was compared without it: then the next cut decides.
      if (last === undefined) return false;
      const lost = [...readout.book.reading.lost, ...last.lost];
      return !lost.some((position) => isInside(finding, position));
    }
    case 'unreadable_event':
      return agree && !finding.subject.startsWith('sequence');
    case 'unclassed_account':
      return last !== undefined && !last.cut.unclassed.includes(finding.subject);
    case 'unusable_answer':
      return isUsableAgain(finding, facts);
    case 'projection_differs':
      return frameLoneVoice(facts) === 'none';
    default:
      return false;
  }
}

function isUsableAgain({ subject }: StoredFinding, facts: FrameFacts): boolean {
  if (subject === 'projection') return facts.projection.kind === 'projection';
  const isCut = facts.first.kind === 'cut' && facts.second.kind === 'cut';
  if (subject === 'supply snapshot') return isCut;
  return isCut && facts.logNonsense === '' && facts.readout.stops.length === 0;
}

function isInside({ interval }: StoredFinding, position: number): boolean {
  return interval !== undefined && position > interval.after && position <= interval.through;
}

/** What is certified of a cut that was reached. */
export function decisionOf({ cut, lost, totals }: Comparison, hashOf: HashOf): FrameDecision {
  return {
    position: cut.position,
    grade: cut.grade,
    producer: cut.producer,
    clockMs: cut.clockMs,
    events: figuresOf(totals),
    ledgerCirculating: String(cut.circulating),
    delta: String(supplyDelta(totals, cut.circulating)),
    bucketDigest: bucketDigest(totals, hashOf),
    lost,
  };
}

/** Why nothing is known of the frame's first cut; empty where it was decided. */
export function unknownReason(facts: FrameFacts, auditId: string): string {
  if (facts.first.kind === 'away') return facts.first.reason;
  if (facts.first.kind === 'unusable') return facts.first.problem;
  const isDecided = facts.readout.comparisons.some((one) => one.auditId === auditId);
  if (isDecided) return '';
  const { cut } = facts.first;
  const { reading } = facts.readout.book;
  const missing = reading.missing[0];
  const wait =
    missing === undefined
      ? `the log was read up to position ${reading.position}`
      : `position ${missing.position} has not come`;
  const why = facts.readProblem === '' ? '' : `; ${facts.readProblem}`;
  return `the cut at position ${cut.position} was not reached: ${wait}${why}`;
}

/** The frame's part of the certificate, by the findings of it that count. */
export function frameCertificate(
  facts: FrameFacts,
  auditId: string,
  counts: { readonly violated: boolean; readonly unknown: boolean },
  hashOf: HashOf,
): FrameCertificate {
  const own = facts.readout.comparisons.find((one) => one.auditId === auditId);
  const reason = unknownReason(facts, auditId);
  const isUnknown = reason !== '' || counts.unknown;
  const lone = frameLoneVoice(facts);
  return {
    frame: facts.frame,
    outcome: counts.violated ? 'violated' : isUnknown ? 'unknown' : 'ok',
    reason,
    ...(own === undefined ? {} : { decision: decisionOf(own, hashOf) }),
    sequence: facts.readout.book.place.sequence,
    ...(lone === undefined ? {} : { loneVoice: lone }),
    ...(facts.cutWaitMs === undefined ? {} : { cutWaitMs: facts.cutWaitMs }),
  };
}

/** The book after the audit: what was not reached waits, so long as there is room. */
export function bookAfter(facts: FrameFacts, auditId: string, pendingMax: number): FrameBook {
  const { book } = facts.readout;
  const isDecided = facts.readout.comparisons.some((one) => one.auditId === auditId);
  if (facts.first.kind !== 'cut' || isDecided || book.pending.length >= pendingMax) return book;
  return { ...book, pending: [...book.pending, { auditId, cut: facts.first.cut }] };
}
