// The auditor's page as JSON, in one answer: zero or not and since when, the equation, the chain,
// what is in transit, and the findings. Amounts in AVT, every digit.
import { z } from 'zod';
import { formatAmount } from '../../domain/amount.js';
import { BACKENDS } from '../../domain/backend.js';
import { AUDIT_OUTCOMES, type CertificateDocument } from '../../domain/supply-certificate.js';
import type { StoredFinding } from '../../domain/supply-finding.js';
import { isCompletion, isSend } from '../../domain/supply-matching.js';
import type { TransferRecord } from '../../domain/supply-transfers.js';
import { certificateView, findingSchema, findingView } from './certificate-view.js';
import { supplySchema } from './supply-view.js';
import { timeSchema, utc } from './time.js';

const count = z.int().min(0);

const figuresSchema = z.strictObject({
  issued: z.string(),
  destroyed: z.string(),
  transitNet: z.string(),
  byEvents: z.string(),
  circulating: z.string(),
  delta: z.string(),
});

const equationSchema = z.strictObject({
  certificate: count,
  decidedAt: timeSchema,
  frames: z.array(
    z.strictObject({
      frame: z.string(),
      outcome: z.enum(AUDIT_OUTCOMES),
      reason: z.string(),
      grade: z.string().optional(),
      position: z.int().optional(),
      loneVoice: z.string().optional(),
      figures: figuresSchema.optional(),
      /** Positions whose events never came and are not in the figures. */
      lost: count,
    }),
  ),
  total: figuresSchema.optional(),
});

const linkSchema = z.strictObject({
  number: count,
  outcome: z.enum(AUDIT_OUTCOMES),
  decidedAt: timeSchema,
  headline: z.string(),
  positions: z.array(z.strictObject({ frame: z.string(), position: z.int().optional() })),
  delta: z.string().optional(),
  hash: z.string(),
  previousHash: z.string(),
});

const openTransferSchema = z.strictObject({
  transferId: z.string(),
  backend: z.enum(BACKENDS),
  sender: z.string(),
  receiver: z.string(),
  senderFrame: z.string(),
  receiverFrame: z.string(),
  amount: z.string(),
  sentAt: timeSchema,
  /** Whether a canary agent sent it. */
  canary: z.boolean(),
});

const auditorFindingSchema = z.strictObject({
  ...findingSchema.shape,
  foundBy: count,
  foundAt: timeSchema,
  closedBy: count.optional(),
  acknowledged: z.strictObject({ by: z.string(), at: timeSchema, reason: z.string() }).optional(),
});

export const auditorSchema = z.strictObject({
  at: timeSchema,
  /** Absent before the first audit. */
  state: supplySchema.optional(),
  /** The certificate before the state's first one, where there is any. */
  before: z
    .strictObject({ number: count, outcome: z.enum(AUDIT_OUTCOMES), decidedAt: timeSchema })
    .optional(),
  /** By frame: where the events of a transfer can be looked up. */
  eventStores: z.record(z.string(), z.string()),
  intervalMs: z.int(),
  buckets: z.int(),
  openLimitsMs: z.strictObject({ async: z.int(), '2pc': z.int() }),
  /** Of the newest certificate that decided a frame. */
  equation: equationSchema.optional(),
  /** The newest first, each naming the hash before it. */
  chain: z.array(linkSchema),
  /** Whether the certificates shown follow from each other, and the first one that does not. */
  chainHolds: z.boolean(),
  broken: z.strictObject({ number: count, problem: z.string() }).optional(),
  transit: z.strictObject({
    directions: z.array(
      z.strictObject({ from: z.string(), to: z.string(), open: count, amount: z.string() }),
    ),
    open: count,
    amount: z.string(),
    /** The oldest first. */
    transfers: z.array(openTransferSchema),
    overdue: count,
  }),
  standing: z.array(auditorFindingSchema),
  lastClosed: auditorFindingSchema.optional(),
});

export type AuditorView = z.infer<typeof auditorSchema>;
type FiguresView = z.infer<typeof figuresSchema>;

export function linkView(
  document: CertificateDocument,
  hash: string,
): AuditorView['chain'][number] {
  const { decidedAt, headline, number, outcome, previousHash } = certificateView({
    document,
    hash,
  });
  return {
    ...{ number, outcome, decidedAt, headline, hash, previousHash },
    positions: document.frames.map(({ decision, frame }) => ({
      frame,
      ...(decision === undefined ? {} : { position: decision.position }),
    })),
    ...(document.total === undefined ? {} : { delta: avt(document.total.delta) }),
  };
}

export function equationView(document: CertificateDocument): NonNullable<AuditorView['equation']> {
  const { total } = document;
  return {
    certificate: document.number,
    decidedAt: utc(document.decidedAtMs),
    frames: document.frames.map(({ decision, frame, loneVoice, outcome, reason }) => ({
      ...{ frame, outcome, reason },
      ...(loneVoice === undefined ? {} : { loneVoice }),
      ...(decision === undefined
        ? {}
        : {
            grade: decision.grade,
            position: decision.position,
            figures: figuresView({ ...decision.events, ...decision }),
          }),
      lost: decision?.lost.length ?? 0,
    })),
    ...(total === undefined ? {} : { total: figuresView(total) }),
  };
}

function figuresView(figures: {
  readonly issued: string;
  readonly destroyed: string;
  readonly transitNet: string;
  readonly circulating: string;
  readonly ledgerCirculating: string;
  readonly delta: string;
}): FiguresView {
  return {
    issued: avt(figures.issued),
    destroyed: avt(figures.destroyed),
    transitNet: avt(figures.transitNet),
    byEvents: avt(figures.circulating),
    circulating: avt(figures.ledgerCirculating),
    delta: avt(figures.delta),
  };
}

export function auditorFindingView(finding: StoredFinding): z.infer<typeof auditorFindingSchema> {
  const { acknowledged, closedBy, foundAtMs, foundBy } = finding;
  return {
    ...findingView(finding),
    foundBy,
    foundAt: utc(foundAtMs),
    ...(closedBy === undefined ? {} : { closedBy }),
    ...(acknowledged === undefined
      ? {}
      : {
          acknowledged: {
            by: acknowledged.by,
            at: utc(acknowledged.atMs),
            reason: acknowledged.reason,
          },
        }),
  };
}

/** A page shows so many; all are counted. */
const TRANSFERS_SHOWN = 50;

/** What was sent and neither settled nor refunded, by what the audits have folded. */
export function transitView(
  records: readonly TransferRecord[],
  overdue: number,
  canaries: ReadonlySet<string>,
): AuditorView['transit'] {
  const sends = records
    .flatMap(({ traces }) => {
      const send = traces.find(isSend);
      return send === undefined || traces.some(isCompletion) ? [] : [send];
    })
    .sort((one, other) => one.committedAtMs - other.committedAtMs);
  const directions = new Map<string, { from: string; to: string; open: number; sum: bigint }>();
  for (const { amountBaseUnits, receiverFrame, senderFrame } of sends) {
    const key = `${senderFrame} ${receiverFrame}`;
    const known = directions.get(key) ?? { from: senderFrame, to: receiverFrame, open: 0, sum: 0n };
    directions.set(key, { ...known, open: known.open + 1, sum: known.sum + amountBaseUnits });
  }
  const sum = sends.reduce((all, { amountBaseUnits }) => all + amountBaseUnits, 0n);
  return {
    directions: [...directions.values()].map(({ sum: amount, ...rest }) => ({
      ...rest,
      amount: formatAmount(amount),
    })),
    open: sends.length,
    amount: formatAmount(sum),
    transfers: sends.slice(0, TRANSFERS_SHOWN).map((send) => ({
      transferId: send.transferId,
      backend: send.backend,
      sender: send.sender,
      receiver: send.receiver,
      senderFrame: send.senderFrame,
      receiverFrame: send.receiverFrame,
      amount: formatAmount(send.amountBaseUnits),
      sentAt: utc(send.committedAtMs),
      canary: canaries.has(send.sender),
    })),
    overdue,
  };
}

function avt(baseUnits: string): string {
  return formatAmount(BigInt(baseUnits));
}
