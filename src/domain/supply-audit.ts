// One audit decided: facts of all frames in; certificates, findings and the next audit's state out.
// Violated if any part is, else unknown if any part is, else ok (design, decision 12).
import type { FrameBook } from './supply-book.js';
import {
  type Certificate,
  type CertificateDocument,
  type FrameCertificate,
  type HashOf,
  type MatchingCertificate,
  sealed,
} from './supply-certificate.js';
import { totalOf, transitDigest, worstOf } from './supply-certificate-sums.js';
import {
  findingId,
  findingKey,
  isViolation,
  plainFinding,
  type StoredFinding,
  type SupplyFinding,
} from './supply-finding.js';
import {
  bookAfter,
  closedFindings,
  cutFindings,
  type FrameFacts,
  frameCertificate,
  readingFindings,
} from './supply-frame-audit.js';
import { isCompletion, isSend, type OpenLimits } from './supply-matching.js';
import {
  type Matched,
  matchRecords,
  type Rounds,
  type TransferRecord,
} from './supply-transfers.js';

export interface AuditFacts {
  readonly auditId: string;
  /** The id of the certificate, where it is only a part of the audit. */
  readonly certifiedAs?: string;
  readonly startedAtMs: number;
  readonly decidedAtMs: number;
  readonly frames: readonly FrameFacts[];
  /** All findings that stand, acknowledged or not. */
  readonly standing: readonly StoredFinding[];
  /** The newest certificate before this audit. */
  readonly previous: { readonly number: number; readonly hash: string };
  /** The transfers that are open or were touched, with their new events. */
  readonly records: readonly TransferRecord[];
}

export interface AuditRules {
  readonly limits: OpenLimits;
  /** So many cuts of a frame wait at most. */
  readonly pendingMax: number;
  readonly hashOf: HashOf;
}

export interface AuditResult {
  /** Late decisions first, the audit's own certificate last. */
  readonly certificates: readonly Certificate[];
  readonly found: readonly StoredFinding[];
  readonly closed: readonly { readonly id: string; readonly by: number }[];
  readonly books: readonly FrameBook[];
  readonly records: readonly TransferRecord[];
}

/** What the certificates of one audit share while they are made. */
interface Making {
  readonly facts: AuditFacts;
  readonly rules: AuditRules;
  readonly certificates: readonly Certificate[];
  readonly found: readonly StoredFinding[];
  readonly gone: readonly StoredFinding[];
}

export function decideAudit(facts: AuditFacts, rules: AuditRules): AuditResult {
  const gone = facts.frames.flatMap((frame) => closedFindings(frame, facts.standing));
  let making: Making = { facts, rules, certificates: [], found: [], gone };
  for (const auditId of lateAuditIds(facts)) making = withLateCertificate(making, auditId);
  const rounds = roundsOf(facts.frames);
  const matched = rounds && matchRecords(facts.records, rounds, rules.limits);
  making = withOwnCertificate(making, rounds, matched);
  const by = making.certificates.at(-1)?.document.number ?? 0;
  return {
    certificates: making.certificates,
    found: making.found,
    closed: gone.map(({ id }) => ({ id, by })),
    books: facts.frames.map((frame) => bookAfter(frame, facts.auditId, rules.pendingMax)),
    records: matched?.records ?? facts.records,
  };
}

/** The audits whose cuts were left waiting and are reached now, the oldest first. */
function lateAuditIds({ auditId, frames }: AuditFacts): readonly string[] {
  const ids = frames.flatMap(({ readout }) => readout.comparisons.map((one) => one.auditId));
  return [...new Set(ids)].filter((id) => id !== auditId);
}

/** Both rounds, if every frame was cut twice and read up to its second cut. */
function roundsOf(frames: readonly FrameFacts[]): Rounds | undefined {
  const first: Record<string, number> = {};
  const second: Record<string, number> = {};
  const clocksMs: Record<string, number> = {};
  for (const { frame, first: one, second: other, readout } of frames) {
    if (one.kind !== 'cut' || other.kind !== 'cut') return undefined;
    if (readout.book.reading.position < other.cut.position) return undefined;
    first[frame] = one.cut.position;
    second[frame] = other.cut.position;
    clocksMs[frame] = one.cut.clockMs;
  }
  return { first, second, clocksMs };
}

/** The cuts of one audit may be reached by several later ones, a frame each: the number differs. */
function lateId(decides: string, making: Making): string {
  return `${decides}/late-${nextNumber(making)}`;
}

function withLateCertificate(making: Making, decides: string): Making {
  const { facts, rules } = making;
  const concerned = facts.frames.filter(({ readout }) =>
    readout.comparisons.some((one) => one.auditId === decides),
  );
  const findings = concerned.flatMap((frame) => cutFindings(frame, decides));
  const next = withFindings(making, findings);
  const frames = concerned.map((frame) => framePart(next, frame, decides, next.fresh));
  const document = documentOf(next, { auditId: lateId(decides, next), decides, frames });
  return withCertificate(next, document, rules.hashOf);
}

function withOwnCertificate(
  making: Making,
  rounds: Rounds | undefined,
  matched: Matched | undefined,
): Making {
  const { facts, rules } = making;
  const mismatches = (matched?.findings ?? []).map((one) => ({
    ...plainFinding(one.defect, 'match_broken', one.frame, one.transferId, one.evidence),
    transferIds: [one.transferId],
  }));
  const findings = facts.frames.flatMap((frame) => [
    ...readingFindings(frame),
    ...cutFindings(frame, facts.auditId),
  ]);
  const next = withFindings(making, [...findings, ...mismatches]);
  const counted = standingAfter(next);
  const frames = facts.frames.map((frame) => framePart(next, frame, facts.auditId, counted));
  const total = totalOf(frames);
  const document = documentOf(next, {
    auditId: facts.certifiedAs ?? facts.auditId,
    frames,
    ...(total === undefined ? {} : { total }),
    matching: matchingPart(next, rounds, matched, counted),
  });
  return withCertificate(next, document, rules.hashOf);
}

interface WithFresh extends Making {
  /** Found by the certificate that is being made. */
  readonly fresh: readonly StoredFinding[];
}

/** Adds what does not stand already, each once, under the number of the next certificate. */
function withFindings(making: Making, findings: readonly SupplyFinding[]): WithFresh {
  const { facts } = making;
  const stands = new Set(
    [...facts.standing.filter((one) => !making.gone.includes(one)), ...making.found].map(
      findingKey,
    ),
  );
  const number = nextNumber(making);
  const fresh: StoredFinding[] = [];
  for (const finding of findings) {
    const key = findingKey(finding);
    if (stands.has(key)) continue;
    stands.add(key);
    fresh.push({
      ...finding,
      id: findingId(number, fresh.length),
      foundBy: number,
      foundAtMs: facts.decidedAtMs,
      closedBy: undefined,
      acknowledged: undefined,
    });
  }
  return { ...making, found: [...making.found, ...fresh], fresh };
}

function nextNumber({ certificates, facts }: Making): number {
  return (certificates.at(-1)?.document.number ?? facts.previous.number) + 1;
}

function standingAfter({ facts, found, gone }: Making): readonly StoredFinding[] {
  return [...facts.standing.filter((one) => !gone.includes(one)), ...found];
}

function framePart(
  { rules }: Making,
  frame: FrameFacts,
  auditId: string,
  counted: readonly StoredFinding[],
): FrameCertificate {
  const own = counted.filter(
    (one) => one.frame === frame.frame && one.acknowledged === undefined && !isMatch(one),
  );
  const counts = {
    violated: own.some(isViolation),
    unknown: own.some((one) => !isViolation(one)),
  };
  return frameCertificate(frame, auditId, counts, rules.hashOf);
}

function isMatch({ class: defect }: SupplyFinding): boolean {
  return defect === 'match_broken';
}

function matchingPart(
  { facts, rules }: Making,
  rounds: Rounds | undefined,
  matched: Matched | undefined,
  counted: readonly StoredFinding[],
): MatchingCertificate {
  const broken = counted.some((one) => isMatch(one) && one.acknowledged === undefined);
  const isUnknown = matched === undefined;
  const records = matched?.records ?? facts.records;
  const unfinished = records.filter(
    ({ traces }) => traces.some(isSend) && !traces.some(isCompletion),
  );
  return {
    outcome: broken ? 'violated' : isUnknown ? 'unknown' : 'ok',
    reason: isUnknown ? 'not every frame was read up to its second cut' : '',
    first: rounds?.first ?? {},
    second: rounds?.second ?? {},
    open: unfinished.length,
    overdue: (matched?.overdue ?? []).map(({ amountBaseUnits, ...one }) => ({
      ...one,
      amount: String(amountBaseUnits),
    })),
    transitDigest: transitDigest(unfinished, rules.hashOf),
  };
}

type Parts = Pick<CertificateDocument, 'auditId' | 'decides' | 'frames' | 'total' | 'matching'>;

function documentOf(making: WithFresh, parts: Parts): CertificateDocument {
  const { facts, fresh, gone } = making;
  const before = standingAfter(making).filter((one) => !fresh.includes(one));
  const isOwn = parts.decides === undefined;
  const acknowledged = before.filter((one) => one.acknowledged !== undefined);
  return {
    number: nextNumber(making),
    ...parts,
    startedAtMs: facts.startedAtMs,
    decidedAtMs: facts.decidedAtMs,
    outcome: worstOf([
      ...parts.frames.map(({ outcome }) => outcome),
      ...(parts.matching === undefined ? [] : [parts.matching.outcome]),
    ]),
    findings: fresh.map(
      ({ foundBy: _by, foundAtMs: _at, closedBy: _closed, acknowledged: _who, ...one }) => one,
    ),
    standing: isOwn ? before.filter((one) => one.acknowledged === undefined).map(idOf) : [],
    acknowledged: isOwn ? acknowledged.map(idOf) : [],
    closed: isOwn ? gone.map(idOf) : [],
    previousHash: making.certificates.at(-1)?.hash ?? facts.previous.hash,
  };
}

function idOf({ id }: StoredFinding): string {
  return id;
}

function withCertificate(making: Making, document: CertificateDocument, hashOf: HashOf): Making {
  const certificate = sealed(document, hashOf);
  return { ...making, certificates: [...making.certificates, certificate] };
}
