// Every send across registries is matched with exactly one settlement or refund of the same amount
// (design, decision 12: matching in two rounds). Facts of one transfer in, its defects out.
import type { Backend } from './backend.js';
import { type EventId, formatEventId } from './event.js';
import type { FrameId } from './frame.js';
import type { SupplyEvent, SupplyEventOf, TransferFacts, TransferKind } from './supply-event.js';

/** An event of a transfer, as matching keeps it. */
export interface TransferTrace extends TransferFacts {
  readonly kind: TransferKind;
  readonly id: EventId;
  /** The frame whose TEG emitted it. */
  readonly frame: FrameId;
  readonly committedAtMs: number;
}

/** Positions up to which events count, one per frame. */
export type Cuts = Readonly<Record<FrameId, number>>;

export type MatchDefect =
  | 'settled_twice'
  | 'refunded_twice'
  | 'settled_and_refunded'
  | 'completion_without_send'
  | 'sent_twice'
  | 'wrong_amount'
  | 'wrong_account'
  | 'wrong_frame'
  | 'disagreement';

export interface MatchFinding {
  readonly defect: MatchDefect;
  readonly transferId: string;
  /** The frame whose TEG emitted the last of those events. */
  readonly frame: FrameId;
  /** The events that contradict each other, for people. */
  readonly evidence: string;
}

/** How long a send may stay open, milliseconds of the clock of the TEG that sent it. */
export type OpenLimits = Readonly<Record<Backend, number>>;

/** A transfer that is open for longer than its backend's limit: an alarm, not a violation. */
export interface Overdue {
  readonly transferId: string;
  readonly backend: Backend;
  readonly senderFrame: FrameId;
  readonly receiverFrame: FrameId;
  readonly amountBaseUnits: bigint;
  readonly ageMs: number;
}

/** What matching keeps of an event; `undefined` for one that belongs to no transfer. */
export function traceOf(event: SupplyEvent): TransferTrace | undefined {
  return isTransfer(event)
    ? {
        kind: event.kind,
        id: event.id,
        frame: event.frame,
        committedAtMs: event.committedAtMs,
        transferId: event.transferId,
        backend: event.backend,
        sender: event.sender,
        receiver: event.receiver,
        senderFrame: event.senderFrame,
        receiverFrame: event.receiverFrame,
        amountBaseUnits: event.amountBaseUnits,
      }
    : undefined;
}

const TRANSFER_KINDS: ReadonlySet<string> = new Set<TransferKind>([
  'transferred',
  'initiated',
  'settled',
  'refunded',
  'completed',
]);

function isTransfer(event: SupplyEvent): event is SupplyEventOf<TransferKind> {
  return TRANSFER_KINDS.has(event.kind);
}

/** Whether the event takes tokens out of circulation until another brings them back. */
export function isSend({ kind, backend, senderFrame, receiverFrame }: TransferTrace): boolean {
  if (kind === 'initiated') return true;
  return kind === 'transferred' && backend === '2pc' && senderFrame !== receiverFrame;
}

export function isCompletion({ kind }: TransferTrace): boolean {
  return kind === 'settled' || kind === 'refunded';
}

/**
 * The defects of one transfer: completions up to the first cuts against sends up to the second, so
 * that a send whose frame was cut earlier is not taken for missing.
 */
export function matchTransfer(
  traces: readonly TransferTrace[],
  first: Cuts,
  second: Cuts,
): readonly MatchFinding[] {
  const completions = traces.filter((one) => isCompletion(one) && isWithin(one, first));
  const sends = traces.filter((one) => isSend(one) && isWithin(one, second));
  return [
    ...repeated(sends, 'sent_twice'),
    ...completionDefects(completions, sends),
    ...disagreements(traces.filter((one) => isWithin(one, first))),
  ];
}

function isWithin({ frame, id }: TransferTrace, cuts: Cuts): boolean {
  return id.position <= (cuts[frame] ?? 0);
}

function repeated(events: readonly TransferTrace[], defect: MatchDefect): readonly MatchFinding[] {
  return events.length > 1 ? [findingOf(defect, events)] : [];
}

function completionDefects(
  completions: readonly TransferTrace[],
  sends: readonly TransferTrace[],
): readonly MatchFinding[] {
  const settled = completions.filter(({ kind }) => kind === 'settled');
  const refunded = completions.filter(({ kind }) => kind === 'refunded');
  const both = settled.length > 0 && refunded.length > 0;
  const isAlone = completions.length > 0 && sends.length === 0;
  return [
    ...repeated(settled, 'settled_twice'),
    ...repeated(refunded, 'refunded_twice'),
    ...(both ? [findingOf('settled_and_refunded', [...settled, ...refunded])] : []),
    ...(isAlone ? [findingOf('completion_without_send', completions)] : []),
  ];
}

/** Facts that every event of a transfer must share, each with the defect that breaking it is. */
const SHARED: readonly (readonly [MatchDefect, (trace: TransferTrace) => string])[] = [
  ['wrong_amount', ({ amountBaseUnits }) => String(amountBaseUnits)],
  ['wrong_account', ({ sender, receiver }) => `${sender} -> ${receiver}`],
  ['wrong_frame', ({ senderFrame, receiverFrame }) => `${senderFrame} -> ${receiverFrame}`],
  ['disagreement', ({ backend }) => backend],
];

function disagreements(traces: readonly TransferTrace[]): readonly MatchFinding[] {
  const apart = SHARED.flatMap(([defect, fact]) =>
    new Set(traces.map(fact)).size > 1 ? [findingOf(defect, traces)] : [],
  );
  const misplaced = traces.filter((one) => one.frame !== emitterOf(one));
  return misplaced.length > 0 ? [...apart, findingOf('wrong_frame', misplaced)] : apart;
}

/** The frame whose TEG must emit the event: the receiver's settles, the sender's does the rest. */
function emitterOf({ kind, senderFrame, receiverFrame }: TransferTrace): FrameId {
  return kind === 'settled' ? receiverFrame : senderFrame;
}

function findingOf(defect: MatchDefect, traces: readonly TransferTrace[]): MatchFinding {
  const evidence = traces.map(describe).join('; ');
  const last = traces.at(-1);
  return { defect, transferId: last?.transferId ?? '', frame: last?.frame ?? '', evidence };
}

function describe(trace: TransferTrace): string {
  const { kind, id, sender, receiver, amountBaseUnits } = trace;
  return `${formatEventId(id)} ${kind} ${amountBaseUnits} from ${sender} to ${receiver}`;
}

/**
 * Whether a transfer is open for too long: sent by the first cuts, aged by its own TEG's clock, and
 * neither settled nor refunded by the second cuts.
 */
export function overdueOf(
  traces: readonly TransferTrace[],
  cuts: { readonly first: Cuts; readonly second: Cuts },
  clocksMs: Readonly<Record<FrameId, number>>,
  limits: OpenLimits,
): Overdue | undefined {
  const send = traces.find((one) => isSend(one) && isWithin(one, cuts.first));
  if (send === undefined) return undefined;
  if (traces.some((one) => isCompletion(one) && isWithin(one, cuts.second))) return undefined;
  const ageMs = (clocksMs[send.frame] ?? send.committedAtMs) - send.committedAtMs;
  if (ageMs <= limits[send.backend]) return undefined;
  const { transferId, backend, senderFrame, receiverFrame, amountBaseUnits } = send;
  return { transferId, backend, senderFrame, receiverFrame, amountBaseUnits, ageMs };
}
