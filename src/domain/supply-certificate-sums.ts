// What a certificate sums up: totals over all frames, the open transfers, the worst outcome.
import {
  type AuditOutcome,
  type CertificateDocument,
  canonicalText,
  type Figures,
  type FrameCertificate,
  type HashOf,
} from './supply-certificate.js';
import { isSend } from './supply-matching.js';
import type { TransferRecord } from './supply-transfers.js';

/** Of the table of open transfers, in the order of their ids. */
export function transitDigest(records: readonly TransferRecord[], hashOf: HashOf): string {
  const rows = records.map(({ transferId, traces }) => {
    const send = traces.find(isSend);
    return [transferId, send?.backend, String(send?.amountBaseUnits), send?.id.position];
  });
  return hashOf(
    canonicalText(rows.sort((one, other) => (String(one[0]) < String(other[0]) ? -1 : 1))),
  );
}

/** Sums over all frames; `undefined` where one was not decided. */
export function totalOf(frames: readonly FrameCertificate[]): CertificateDocument['total'] {
  const decisions = frames.flatMap(({ decision }) => decision ?? []);
  if (decisions.length < frames.length) return undefined;
  const sum = (pick: (one: (typeof decisions)[number]) => string) =>
    String(decisions.reduce((total, one) => total + BigInt(pick(one)), 0n));
  const figure = (name: keyof Figures) => sum(({ events }) => events[name]);
  return {
    issued: figure('issued'),
    destroyed: figure('destroyed'),
    transitNet: figure('transitNet'),
    circulating: figure('circulating'),
    ledgerCirculating: sum((one) => one.ledgerCirculating),
    delta: sum((one) => one.delta),
  };
}

export function worstOf(outcomes: readonly AuditOutcome[]): AuditOutcome {
  if (outcomes.includes('violated')) return 'violated';
  return outcomes.includes('unknown') ? 'unknown' : 'ok';
}
