// Whether a frame's answer to a cut can be used, by what is known of the frame: a ledger's position
// never goes backwards, and who showed a ledger once cannot be audited without one.
import type { FrameBook } from './supply-book.js';
import type { Cut } from './supply-comparison.js';
import type { CutAnswer } from './supply-frame-audit.js';

/**
 * An audit's first and second answer of one frame, as they can be used: one that contradicts what
 * is known becomes `unusable`, with what was wrong.
 */
export function credibleCuts(
  book: FrameBook,
  first: CutAnswer,
  second: CutAnswer,
): { readonly first: CutAnswer; readonly second: CutAnswer } {
  const known = knownCuts(book);
  const one = credible(known, first);
  const other = credible(one.kind === 'cut' ? withCut(known, one.cut) : known, second);
  return { first: one, second: other };
}

interface Known {
  readonly producer: string | undefined;
  /** No later cut can lie below it. */
  readonly position: number;
  readonly hasSnapshots: boolean;
  readonly bucketCount: number;
}

function knownCuts({ conclusive, pending, producer, reading, totals }: FrameBook): Known {
  const waiting = pending.map(({ cut }) => cut);
  return {
    producer,
    position: Math.max(
      reading.position,
      conclusive.position,
      ...waiting.map(({ position }) => position),
    ),
    hasSnapshots: [conclusive, ...waiting].some(({ grade }) => grade === 'snapshot'),
    bucketCount: totals.buckets.length,
  };
}

function withCut(known: Known, { grade, position, producer }: Cut): Known {
  return {
    ...known,
    position,
    producer: known.producer ?? producer,
    hasSnapshots: known.hasSnapshots || grade === 'snapshot',
  };
}

function credible(known: Known, answer: CutAnswer): CutAnswer {
  if (answer.kind !== 'cut') return answer;
  const problem = contradiction(known, answer.cut);
  return problem === undefined
    ? answer
    : { kind: 'unusable', problem: `the supply snapshot: ${problem}` };
}

function contradiction(known: Known, cut: Cut): string | undefined {
  if (known.producer !== undefined && cut.producer !== known.producer) {
    return `it is of producer ${cut.producer}, known is ${known.producer}`;
  }
  // Else the log would be held against the projection of the same log, and always agree with it.
  if (cut.grade === 'projection' && known.hasSnapshots) {
    return 'there is none any more, where there were some';
  }
  if (cut.grade === 'snapshot' && cut.buckets.length !== known.bucketCount) {
    return `it has ${cut.buckets.length} buckets, the books have ${known.bucketCount}`;
  }
  if (cut.position < known.position) {
    return `the position went backwards, to ${cut.position} from ${known.position}`;
  }
  return undefined;
}
