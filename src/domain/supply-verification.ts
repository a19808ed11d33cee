// Certificates held against themselves and against the events: the chain of hashes, and the figures
// of every decision folded anew. The fold only adds, so that one pass over a log serves them all.
import type { FrameId } from './frame.js';
import {
  bucketDigest,
  type CertificateDocument,
  canonicalText,
  type FrameDecision,
  figuresOf,
  type HashOf,
  NO_CERTIFICATE,
} from './supply-certificate.js';
import type { SupplyEvent } from './supply-event.js';
import {
  type FoldTotals,
  foldEvents,
  noTotals,
  supplyDelta,
  type WeightOf,
} from './supply-fold.js';

/** A certificate as it lies in the store. */
export interface LyingCertificate {
  readonly number: number;
  readonly text: string;
  readonly hash: string;
}

/** The first certificate that does not hold, and why. */
export interface BrokenCertificate {
  readonly number: number;
  readonly problem: string;
}

/**
 * One link after another, from the start or after a known one; answers the first that does not
 * follow from the one before.
 */
export function verifyChain(
  certificates: readonly LyingCertificate[],
  hashOf: HashOf,
  start: { readonly number: number; readonly hash: string } = NO_CERTIFICATE,
): { readonly documents: readonly CertificateDocument[]; readonly broken?: BrokenCertificate } {
  const documents: CertificateDocument[] = [];
  let before = start;
  for (const certificate of certificates) {
    const { hash, number, text } = certificate;
    const document = parsed(text);
    const problem = problemOf(certificate, document, before, hashOf);
    if (problem !== undefined || document === undefined) {
      return { documents, broken: { number, problem: problem ?? 'it is no certificate' } };
    }
    documents.push(document);
    before = { number, hash };
  }
  return { documents };
}

function problemOf(
  { hash, number, text }: LyingCertificate,
  document: CertificateDocument | undefined,
  before: { readonly number: number; readonly hash: string },
  hashOf: HashOf,
): string | undefined {
  if (document === undefined) return 'its text is no certificate in JSON';
  if (number !== before.number + 1) return `it follows number ${before.number}`;
  if (document.number !== number) return `its text says number ${document.number}`;
  if (document.previousHash !== before.hash) return 'it does not build on the one before';
  if (canonicalText(document) !== text) return 'its text is not in canonical form';
  return hashOf(text) === hash ? undefined : 'its hash is not that of its text';
}

function parsed(text: string): CertificateDocument | undefined {
  try {
    const document = JSON.parse(text) as CertificateDocument | null;
    return Array.isArray(document?.frames) ? (document ?? undefined) : undefined;
  } catch {
    return undefined;
  }
}

/** A decision of one frame that the events must give again. */
export interface Claim {
  readonly number: number;
  readonly decision: FrameDecision;
}

/** All that was decided of a frame, the lowest position first. */
export function claimsOf(
  documents: readonly CertificateDocument[],
  frame: FrameId,
): readonly Claim[] {
  return documents
    .flatMap(({ frames, number }) =>
      frames.flatMap((one) =>
        one.frame === frame && one.decision !== undefined
          ? [{ number, decision: one.decision }]
          : [],
      ),
    )
    .sort((one, other) => one.decision.position - other.decision.position);
}

/** The sums of a log between the positions of claims, and the events that some claim left out. */
export interface Recount {
  readonly segments: FoldTotals[];
  readonly leftOut: ReadonlyMap<number, SupplyEvent[]>;
  readonly seen: Set<number>;
}

export function beginRecount(claims: readonly Claim[], bucketCount: number): Recount {
  const lost = new Set(claims.flatMap(({ decision }) => decision.lost));
  return {
    segments: claims.map(() => noTotals(bucketCount)),
    leftOut: new Map([...lost].map((position) => [position, []])),
    seen: new Set(),
  };
}

/** Adds a page of own events, each position once. */
export function recount(
  recounted: Recount,
  claims: readonly Claim[],
  events: readonly SupplyEvent[],
  weightOf: WeightOf,
): void {
  const bySegment = new Map<number, SupplyEvent[]>();
  for (const event of events) {
    const { position } = event.id;
    if (recounted.seen.has(position)) continue;
    recounted.seen.add(position);
    const left = recounted.leftOut.get(position);
    if (left !== undefined) left.push(event);
    else {
      const index = segmentOf(claims, position);
      bySegment.set(index, [...(bySegment.get(index) ?? []), event]);
    }
  }
  for (const [index, some] of bySegment) {
    const segment = recounted.segments[index];
    if (segment !== undefined) recounted.segments[index] = foldEvents(segment, some, weightOf);
  }
}

/** The first claim whose position is not below; a binary search, for there may be very many. */
function segmentOf(claims: readonly Claim[], position: number): number {
  let low = 0;
  let high = claims.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((claims[middle]?.decision.position ?? 0) < position) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The claims that the events do not give again, the lowest certificate first. */
export function brokenClaims(
  { leftOut, segments }: Recount,
  claims: readonly Claim[],
  ways: { readonly weightOf: WeightOf; readonly hashOf: HashOf },
): readonly BrokenCertificate[] {
  const broken: BrokenCertificate[] = [];
  let sum = segments[0] === undefined ? undefined : noTotals(segments[0].buckets.length);
  claims.forEach(({ decision, number }, index) => {
    const segment = segments[index];
    if (sum === undefined || segment === undefined) return;
    sum = added(sum, segment);
    const came = [...leftOut].filter(
      ([position]) => position <= decision.position && !decision.lost.includes(position),
    );
    const totals = foldEvents(
      sum,
      came.flatMap(([, events]) => events),
      ways.weightOf,
    );
    const problem = claimProblem(decision, totals, ways.hashOf);
    if (problem !== undefined) broken.push({ number, problem });
  });
  return broken.sort((one, other) => one.number - other.number);
}

function added(one: FoldTotals, other: FoldTotals): FoldTotals {
  return {
    issued: one.issued + other.issued,
    destroyed: one.destroyed + other.destroyed,
    transitNet: one.transitNet + other.transitNet,
    buckets: one.buckets.map(({ sum, weightedSum }, index) => ({
      sum: sum + (other.buckets[index]?.sum ?? 0n),
      weightedSum: weightedSum + (other.buckets[index]?.weightedSum ?? 0n),
    })),
  };
}

const INTEGER = /^-?\d+$/;

function claimProblem(
  decision: FrameDecision,
  totals: FoldTotals,
  hashOf: HashOf,
): string | undefined {
  const figures = figuresOf(totals);
  const claimed = canonicalText(decision.events);
  const given = canonicalText(figures);
  const place = `at position ${decision.position} of ${decision.producer}`;
  if (claimed !== given) return `${place} it says ${claimed}, the events give ${given}`;
  if (bucketDigest(totals, hashOf) !== decision.bucketDigest) {
    return `${place} its digest of the account buckets is not that of the events`;
  }
  const ledger = decision.ledgerCirculating;
  if (!INTEGER.test(ledger)) return `${place} its ledger holds ${ledger}, which is no amount`;
  const delta = String(supplyDelta(totals, BigInt(ledger)));
  if (delta === decision.delta) return undefined;
  return `${place} it says delta ${decision.delta}, its own figures give ${delta}`;
}
