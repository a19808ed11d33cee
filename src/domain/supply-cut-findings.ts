// What a comparison of ledger and events at one cut finds: a new difference with its class, or what
// the log lacks in that interval; events that nobody understands; accounts without a class.

import { affectedBuckets, classOf, type Difference, isNoDifference } from './supply-comparison.js';
import { plainFinding, type SupplyFinding } from './supply-finding.js';
import type { Comparison } from './supply-readout.js';

/** Every finding of one cut, whether or not it stands already. */
export function comparisonFindings(
  comparison: Comparison,
  transferIds: readonly string[],
): readonly SupplyFinding[] {
  const { change, cut } = comparison;
  const unclassed = cut.unclassed.map((account) =>
    plainFinding(
      'unclassed_account',
      'accounts_shifted',
      cut.frame,
      account,
      `account ${account} has no class at position ${cut.position}`,
    ),
  );
  if (!isNoDifference(change)) return [changeFinding(comparison, transferIds), ...unclassed];
  const harmless = comparison.unreadable.map((event) =>
    plainFinding(
      'unreadable_event',
      'answer_unusable',
      cut.frame,
      `position ${event.id.position}`,
      event.kind === 'unreadable' ? event.problem : event.eventType,
    ),
  );
  return [...harmless, ...unclassed];
}

/** A new difference belongs to what the log lacks, where it lacks something in that interval. */
function changeFinding(comparison: Comparison, transferIds: readonly string[]): SupplyFinding {
  const { after, change, cut, lost, unreadable } = comparison;
  const through = cut.position;
  const missing = lost.filter((position) => position > after);
  const figures = {
    frame: cut.frame,
    interval: { after, through },
    delta: String(
      change.circulating === 0n ? change.inTransit + change.issuance : change.circulating,
    ),
    buckets: affectedBuckets(change),
    transferIds,
  };
  const sums = describeSums(change);
  if (missing.length > 0) {
    const subject = `positions ${missing.join(', ')} and what they moved`;
    const evidence = `without them the ledger differs from the events by ${sums}`;
    return { ...figures, kind: 'event_missing', class: 'log_damaged', subject, evidence };
  }
  const [first] = unreadable;
  if (first !== undefined) {
    const problem = first.kind === 'unreadable' ? first.problem : first.eventType;
    const subject = `position ${first.id.position} and what it moved`;
    const evidence = `${problem}; the ledger differs from the events by ${sums}`;
    return { ...figures, kind: 'unreadable_event', class: 'log_damaged', subject, evidence };
  }
  return {
    ...figures,
    kind: 'ledger_difference',
    class: classOf(change),
    subject: `positions ${after + 1} to ${through}`,
    evidence: `the ledger differs from the events by ${sums}`,
  };
}

function describeSums({ circulating, inTransit, issuance }: Difference): string {
  return `circulating ${circulating}, in transit ${inTransit}, issuance ${issuance}`;
}
