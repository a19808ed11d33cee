// A log of any length for the auditor: events of a ledger that is kept here, put into the database
// of a real EventStore by its own writer, with the hash chain and the projection that it would have
// made of them.
import pg from 'pg';
import { canonicalJson } from '../sandbox/src/event-store/canonical-json.js';
import type { Envelope } from '../sandbox/src/event-store/envelope.js';
import type { IncomingEvent } from '../sandbox/src/event-store/incoming-event.js';
import { createLogWriter } from '../sandbox/src/event-store/log-writer.js';
import { chainAfter, type LogHead } from '../sandbox/src/event-store/stored-event.js';
import { databaseName } from '../sandbox/src/topology.js';
import { accountWeight } from '../src/adapters/supply-platform.js';
import { formatAmount } from '../src/domain/amount.js';
import type { Bucket } from '../src/domain/supply-fold.js';
import type { CutAnswer } from '../src/domain/supply-frame-audit.js';

export interface AuditedLog {
  /** Appends so many events: intra transfers with their fees, and async ones that came back. */
  append(events: number): Promise<void>;
  /** The ledger as it stands: what a TEG's snapshot would answer. */
  cut(bucketCount: number): CutAnswer;
  close(): Promise<void>;
}

const APPEND_MAX = 5_000;
const AGENTS = 1_000;
const FLOAT = 1_000_000_000n;
const FEE = 10n;
const START_MS = Date.parse('2026-11-23T18:30:36.123Z');

interface Ledger {
  readonly frame: string;
  readonly registry: string;
  readonly balances: Map<string, bigint>;
  issued: bigint;
  position: number;
}

type Body = Pick<Envelope, 'event_type' | 'transfer_id' | 'backend' | 'data'>;

/** The EventStore of the frame has made its database already. */
export async function openAuditedLog(
  postgresUrl: string,
  frame: string,
  registry: string,
): Promise<AuditedLog> {
  const url = new URL(postgresUrl);
  url.pathname = `/${databaseName(frame, 'event_store')}`;
  const pool = new pg.Pool({ connectionString: url.href, max: 1 });
  const writer = createLogWriter(pool);
  const ledger: Ledger = { frame, registry, balances: new Map(), issued: 0n, position: 0 };
  let head: LogHead = { sequence: 0, hash: '0'.repeat(64) };
  return {
    async append(events) {
      for (let left = events; left > 0; left -= APPEND_MAX) {
        const piece = take(ledger, Math.min(left, APPEND_MAX));
        const stored = chainAfter(head, piece, START_MS + head.sequence);
        if ((await writer.append(head, stored)) === undefined) throw new Error('the log has moved');
        head = stored.at(-1) ?? head;
      }
    },
    cut: (bucketCount) => cutOf(ledger, bucketCount),
    close: () => pool.end(),
  };
}

/** Ten events at a time, so that every count that is a multiple of ten ends with a whole ledger. */
function take(ledger: Ledger, count: number): readonly IncomingEvent[] {
  const taken: IncomingEvent[] = [];
  while (taken.length < count) {
    const bodies = ledger.position === 0 ? issues(ledger) : transfers(ledger);
    for (const body of bodies) taken.push(eventOf(ledger, body));
  }
  return taken;
}

function eventOf(ledger: Ledger, body: Body): IncomingEvent {
  ledger.position += 1;
  const { frame, position } = ledger;
  const envelope: Envelope = {
    producer: `teg-${frame.toLowerCase()}`,
    position,
    source_frame: frame,
    committed_at: new Date(START_MS + position).toISOString(),
    ...body,
  };
  return { envelope, canonical: canonicalJson(envelope as never), foreignFrom: null };
}

function issues(ledger: Ledger): readonly Body[] {
  return Array.from({ length: 10 }, (_, index) => {
    const account = agentOf(ledger, index);
    move(ledger, account, FLOAT);
    ledger.issued += FLOAT;
    const data = { account, amount: formatAmount(FLOAT), reason: 'float' };
    return { event_type: 'TokensIssued', transfer_id: null, backend: null, data };
  });
}

/** Three intra transfers with their fees, and an async one that is sent and refunded. */
function transfers(ledger: Ledger): readonly Body[] {
  const { frame, position, registry } = ledger;
  const bodies: Body[] = [];
  for (let pair = 0; pair < 3; pair += 1) {
    const sender = agentOf(ledger, position + pair);
    const receiver = agentOf(ledger, position + 7 * pair + 1);
    const amount = BigInt(1 + ((position + pair) % 977));
    move(ledger, sender, -amount);
    move(ledger, receiver, amount);
    bodies.push(transfer(ledger, 'TokensTransferred', 'intra', { sender, receiver, amount, pair }));
    bodies.push(fee(ledger, sender, pair));
  }
  const [sender, receiver] = [agentOf(ledger, position + 3), `${registry}-peer:user-01`];
  const facts = { sender, receiver, amount: 25n, pair: 3, receiverFrame: `${frame}X` };
  bodies.push(transfer(ledger, 'TokensTransferred', 'async', facts));
  bodies.push(transfer(ledger, 'CrossFrameTransferInitiated', 'async', facts));
  bodies.push(fee(ledger, sender, 3));
  bodies.push(transfer(ledger, 'CrossFrameTransferRefunded', 'async', facts));
  return bodies;
}

interface Facts {
  readonly sender: string;
  readonly receiver: string;
  readonly amount: bigint;
  readonly pair: number;
  readonly receiverFrame?: string;
}

function transfer(
  ledger: Ledger,
  eventType: string,
  backend: 'intra' | 'async',
  { amount, pair, receiver, receiverFrame, sender }: Facts,
): Body {
  const { frame } = ledger;
  const data = {
    sender,
    receiver,
    sender_frame: frame,
    receiver_frame: receiverFrame ?? frame,
    amount: formatAmount(amount),
    memo: '',
    reason: 'expired',
  };
  return { event_type: eventType, transfer_id: transferId(ledger, pair), backend, data };
}

function fee(ledger: Ledger, payer: string, pair: number): Body {
  const treasury = `treasury/${ledger.frame}`;
  move(ledger, payer, -FEE);
  move(ledger, treasury, FEE);
  return {
    event_type: 'TransactionFeeCollected',
    transfer_id: transferId(ledger, pair),
    backend: 'intra',
    data: { payer, treasury, amount: formatAmount(FEE) },
  };
}

function transferId({ position }: Ledger, pair: number): string {
  return `t-${position}-${pair}`;
}

function agentOf({ registry }: Ledger, index: number): string {
  return `${registry}:user-${String(index % AGENTS).padStart(3, '0')}`;
}

function move({ balances }: Ledger, account: string, amount: bigint): void {
  balances.set(account, (balances.get(account) ?? 0n) + amount);
}

function cutOf({ balances, frame, issued, position }: Ledger, bucketCount: number): CutAnswer {
  const buckets = Array.from({ length: bucketCount }, (): Mutable<Bucket> => {
    return { sum: 0n, weightedSum: 0n };
  });
  for (const [account, balance] of balances) {
    const weight = accountWeight(account);
    const bucket = buckets[Number(weight % BigInt(bucketCount))];
    if (bucket === undefined) throw new RangeError(`no bucket of ${bucketCount} for ${weight}`);
    bucket.sum += balance;
    bucket.weightedSum += balance * weight;
  }
  return {
    kind: 'cut',
    cut: {
      grade: 'snapshot',
      frame,
      producer: `teg-${frame.toLowerCase()}`,
      position,
      clockMs: START_MS + position,
      circulating: buckets.reduce((sum, one) => sum + one.sum, 0n),
      inTransit: 0n,
      issuance: -issued,
      buckets,
      unclassed: [],
    },
  };
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
