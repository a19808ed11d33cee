// A platform in memory for simulated audits: two ledgers, their outboxes, logs that show events
// late and out of order, foreign copies, and traffic that goes on between any two questions.
import type { Backend } from '../../../src/domain/backend.js';
import type { SupplyEvent, TransferFacts, TransferKind } from '../../../src/domain/supply-event.js';
import { effectOf } from '../../../src/domain/supply-fold.js';
import type { LogEntry } from '../../../src/domain/supply-log.js';
import type { Projection } from '../../../src/domain/supply-voices.js';
import type { SupplyPlatform } from '../../../src/ports.js';
import { randomFrom, weightOf } from './numbers.js';

export const BUCKETS = 4;
export const FRAMES = ['A', 'B'] as const;
export type SimFrame = (typeof FRAMES)[number];

/** How long an async transfer may travel at most, milliseconds. */
export const REFUND_AFTER_MS = 300_000;

const AGENTS = 6;
const TREASURY = (frame: SimFrame) => `treasury/${frame}`;
const START_BALANCE = 1_000_000n;
const FEE = 3n;

export interface Travelling {
  readonly facts: TransferFacts & {
    readonly senderFrame: SimFrame;
    readonly receiverFrame: SimFrame;
  };
  readonly sentAtMs: number;
}

export interface Simulated {
  readonly frames: Record<SimFrame, SimulatedFrame>;
  readonly travelling: Travelling[];
  /** Transfers that are never credited and never refunded. */
  readonly stuck: Set<string>;
  nowMs: number;
  readonly random: () => number;
  transfers: number;
}

export interface SimulatedFrame {
  readonly frame: SimFrame;
  readonly balances: Map<string, bigint>;
  inTransit: bigint;
  issuance: bigint;
  position: number;
  /** Emitted and not in the log yet. */
  readonly pipe: LogContent[];
  readonly log: LogEntry[];
  projection: Projection;
}

type LogContent = { readonly event: SupplyEvent; readonly foreign: boolean };
export type EventBody = SupplyEvent extends infer Event
  ? Event extends SupplyEvent
    ? Omit<
        Event,
        'id' | 'sequence' | 'eventType' | 'frame' | 'sourceFrame' | 'committedAtMs' | 'digest'
      >
    : never
  : never;

export function createSimulated(seed: number): Simulated {
  const simulated: Simulated = {
    frames: { A: emptyFrame('A'), B: emptyFrame('B') },
    travelling: [],
    stuck: new Set(),
    nowMs: 1_000_000,
    random: randomFrom(seed),
    transfers: 0,
  };
  for (const frame of FRAMES) {
    for (let agent = 1; agent <= AGENTS; agent += 1) {
      const account = agentOf(frame, agent);
      const body: EventBody = { kind: 'issued', account, amountBaseUnits: START_BALANCE };
      commit(simulated, frame, [body]);
    }
  }
  return simulated;
}

function emptyFrame(frame: SimFrame): SimulatedFrame {
  const balances = new Map<string, bigint>();
  const none = { issued: 0n, destroyed: 0n, transitNet: 0n, circulating: 0n };
  const projection = { producer: `teg-${frame}`, position: 0, sequence: 0, asOfMs: 0, ...none };
  const ledger = { balances, inTransit: 0n, issuance: 0n, position: 0 };
  return { frame, ...ledger, pipe: [], log: [], projection };
}

export function agentOf(frame: SimFrame, number: number): string {
  return `${frame}1:agent-${number}`;
}

export function anAgent(simulated: Simulated, frame: SimFrame): string {
  return agentOf(frame, 1 + Math.floor(simulated.random() * AGENTS));
}

/** One transaction: postings by the table, events in the outbox. What is told may be spoiled. */
export function commit(
  simulated: Simulated,
  frame: SimFrame,
  bodies: readonly EventBody[],
  told: (body: EventBody, index: number) => EventBody | 'omitted' | 'lost' = (body) => body,
): void {
  const own = simulated.frames[frame];
  bodies.forEach((body, index) => {
    post(own, body);
    const said = told(body, index);
    if (said === 'omitted') return;
    own.position += 1;
    if (said === 'lost') return;
    own.pipe.push({ event: eventOf(simulated, own, said), foreign: false });
    if (said.kind === 'initiated' || said.kind === 'settled') copyToOthers(simulated, own, said);
  });
}

export function post(own: SimulatedFrame, body: EventBody): void {
  const effect = effectOf(body as SupplyEvent);
  for (const { account, amountBaseUnits } of effect.changes) {
    own.balances.set(account, (own.balances.get(account) ?? 0n) + amountBaseUnits);
  }
  own.inTransit -= effect.transitNet;
  own.issuance -= effect.issued - effect.destroyed;
}

function eventOf(simulated: Simulated, own: SimulatedFrame, body: EventBody): SupplyEvent {
  return {
    id: { producer: `teg-${own.frame}`, position: own.position },
    sequence: 0,
    eventType: body.kind,
    frame: own.frame,
    sourceFrame: own.frame,
    committedAtMs: simulated.nowMs,
    digest: `${own.frame}/${own.position}/${'amountBaseUnits' in body ? body.amountBaseUnits : ''}`,
    ...body,
  } as SupplyEvent;
}

function copyToOthers(simulated: Simulated, own: SimulatedFrame, body: EventBody): void {
  for (const other of FRAMES) {
    if (other === own.frame) continue;
    simulated.frames[other].pipe.push({ event: eventOf(simulated, own, body), foreign: true });
  }
}

/** Moves some of what is in the pipe into the log, now and then in another order. */
export function deliver(simulated: Simulated, frame: SimFrame, atMost: number): void {
  const own = simulated.frames[frame];
  const { log, pipe } = own;
  for (let count = 0; count < atMost && pipe.length > 0; count += 1) {
    const overtakes = pipe.length > 1 && simulated.random() < 0.05;
    const [taken] = pipe.splice(overtakes ? 1 : 0, 1);
    if (taken === undefined) continue;
    const entry = entryOf(log, taken);
    log.push(entry);
    project(own, entry);
  }
}

/** What the log holds of an event; the hash is a text that shows what it stands for. */
export function entryOf(log: readonly LogEntry[], { event, foreign }: LogContent): LogEntry {
  const last = log.at(-1);
  const sequence = (last?.sequence ?? 0) + 1;
  const hash = `${sequence}:${event.digest}`;
  return {
    sequence,
    previousHash: last?.hash ?? '0'.repeat(64),
    hash,
    expectedHash: hash,
    content: foreign ? { kind: 'foreign' } : { kind: 'own', event: { ...event, sequence } },
  };
}

/** A transfer of any backend begins; one across frames travels on. */
export function startTransfer(simulated: Simulated, backend: Backend): TransferFacts {
  const { random } = simulated;
  const senderFrame: SimFrame = random() < 0.5 ? 'A' : 'B';
  const isAcross = backend === 'async' || (backend === '2pc' && random() < 0.7);
  const receiverFrame: SimFrame = isAcross ? (senderFrame === 'A' ? 'B' : 'A') : senderFrame;
  simulated.transfers += 1;
  const facts = {
    transferId: `t${simulated.transfers}`,
    backend,
    sender: anAgent(simulated, senderFrame),
    receiver: anAgent(simulated, receiverFrame),
    senderFrame,
    receiverFrame,
    amountBaseUnits: 1n + BigInt(Math.floor(random() * 500)),
  };
  const kinds: TransferKind[] =
    backend === 'async' ? ['transferred', 'initiated'] : ['transferred'];
  commit(simulated, senderFrame, [
    ...kinds.map((kind) => ({ kind, ...facts }) as EventBody),
    feeOf(facts, senderFrame),
  ]);
  if (isAcross) simulated.travelling.push({ facts, sentAtMs: simulated.nowMs });
  else if (backend === '2pc') commit(simulated, senderFrame, [{ kind: 'completed', ...facts }]);
  return facts;
}

export function feeOf(facts: TransferFacts, frame: SimFrame): EventBody {
  const { sender: payer, transferId } = facts;
  return { kind: 'fee', transferId, payer, treasury: TREASURY(frame), amountBaseUnits: FEE };
}

/** Credits or, when its time has come, refunds a travelling transfer. */
export function endTransfer(simulated: Simulated, travelling: Travelling): void {
  const { facts, sentAtMs } = travelling;
  if (simulated.stuck.has(facts.transferId)) return;
  simulated.travelling.splice(simulated.travelling.indexOf(travelling), 1);
  const isLate = facts.backend === 'async' && simulated.nowMs - sentAtMs > REFUND_AFTER_MS;
  if (isLate) {
    commit(simulated, facts.senderFrame, [{ kind: 'refunded', ...facts }]);
    return;
  }
  commit(simulated, facts.receiverFrame, [{ kind: 'settled', ...facts }]);
  if (facts.backend === '2pc') {
    commit(simulated, facts.senderFrame, [{ kind: 'completed', ...facts }]);
  }
}

/** A moment of ordinary life: a few transfers begin and end, events reach the logs. */
export function live(simulated: Simulated): void {
  const { random, travelling } = simulated;
  simulated.nowMs += Math.floor(random() * 400);
  const backends: readonly Backend[] = ['intra', 'async', '2pc'];
  for (let count = Math.floor(random() * 3); count > 0; count -= 1) {
    startTransfer(simulated, backends[Math.floor(random() * 3)] ?? 'intra');
  }
  for (const one of [...travelling]) if (random() < 0.3) endTransfer(simulated, one);
  for (const frame of FRAMES) deliver(simulated, frame, Math.floor(random() * 12));
}

/** The platform as the auditor asks it; life goes on before every answer. */
export function asSupplyPlatform(simulated: Simulated): SupplyPlatform {
  const own = (frame: string) => simulated.frames[frame as SimFrame];
  return {
    weightOf,
    async cut(frame) {
      live(simulated);
      const { balances, inTransit, issuance, position } = own(frame);
      const buckets = Array.from({ length: BUCKETS }, () => ({ sum: 0n, weightedSum: 0n }));
      for (const [account, balance] of balances) {
        const weight = weightOf(account);
        const bucket = buckets[Number(weight % BigInt(BUCKETS))];
        if (bucket === undefined) continue;
        bucket.sum += balance;
        bucket.weightedSum += balance * weight;
      }
      const circulating = buckets.reduce((sum, one) => sum + one.sum, 0n);
      const clockMs = simulated.nowMs;
      commit(simulated, frame as SimFrame, [{ kind: 'marker' }]);
      live(simulated);
      return {
        kind: 'cut',
        cut: {
          grade: 'snapshot',
          frame,
          producer: `teg-${frame}`,
          position,
          clockMs,
          circulating,
          inTransit,
          issuance,
          buckets,
          unclassed: [],
        },
      };
    },
    async projection(frame) {
      live(simulated);
      return { kind: 'projection', projection: own(frame).projection };
    },
    async page(frame, after, limit) {
      live(simulated);
      const { log } = own(frame);
      const entries = log.slice(after, after + limit);
      return { kind: 'page', entries, through: after + entries.length, head: log.length };
    },
  };
}

/** The EventStore's own account, moved by every own event that comes into the log. */
function project(own: SimulatedFrame, entry: LogEntry): void {
  if (entry.content.kind !== 'own') return;
  const { event } = entry.content;
  const effect = effectOf(event);
  const { circulating, destroyed, issued, transitNet } = own.projection;
  own.projection = {
    ...own.projection,
    position: event.id.position,
    sequence: entry.sequence,
    issued: issued + effect.issued,
    destroyed: destroyed + effect.destroyed,
    transitNet: transitNet + effect.transitNet,
    circulating: effect.changes.reduce((sum, one) => sum + one.amountBaseUnits, circulating),
  };
}
