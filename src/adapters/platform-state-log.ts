// The end of a frame's log as business metrics need it: own sends with their fees, and stakes.
import { z } from 'zod';
import { BACKENDS } from '../domain/backend.js';
import type { FrameId } from '../domain/frame.js';
import type { RecentLog, RecentTransfer } from '../domain/recent-traffic.js';
import { baseUrl, readJson } from './platform-read.js';
import { amount, instant } from './platform-state-wire.js';

export interface RecentLogRequest {
  readonly frame: FrameId;
  /** Base URL of the frame's EventStore. */
  readonly url: string;
  readonly timeoutMs: number;
  readonly recentEventsMax: number;
  readonly settleMs: number;
}

const headSchema = z.object({ head: z.int().min(0), at: instant });

const place = { committed_at: instant, foreign_from: z.string().nullable() };
const eventSchema = z.discriminatedUnion('event_type', [
  z.object({
    ...place,
    event_type: z.literal('TokensTransferred'),
    transfer_id: z.string(),
    backend: z.enum(BACKENDS),
    data: z.object({ memo: z.string(), amount }),
  }),
  z.object({
    ...place,
    event_type: z.literal('TransactionFeeCollected'),
    transfer_id: z.string(),
    data: z.object({ amount }),
  }),
  z.object({
    ...place,
    event_type: z.enum(['TokensStaked', 'TokensUnstaked']),
    data: z.object({ amount }),
  }),
]);

const TYPES = ['TokensTransferred', 'TransactionFeeCollected', 'TokensStaked', 'TokensUnstaked'];
const pageSchema = z.object({ events: z.array(eventSchema) });

type LogEvent = z.output<typeof eventSchema>;

/** Two requests, no retry. Throws `PlatformUnavailableError`. */
export async function readRecentLog(request: RecentLogRequest): Promise<RecentLog> {
  const { frame, recentEventsMax, settleMs, timeoutMs } = request;
  const base = `${baseUrl(request.url)}/api/v1`;
  const { at, head } = await readJson({ frame, timeoutMs, url: `${base}/head` }, headSchema);
  const search = new URLSearchParams({
    after: String(Math.max(0, head - recentEventsMax)),
    types: TYPES.join(','),
    limit: String(recentEventsMax),
  });
  const page = await readJson({ frame, timeoutMs, url: `${base}/events?${search}` }, pageSchema);
  const own = page.events.filter((event) => event.foreign_from === null);
  return recentLogOf(own, at - settleMs);
}

function recentLogOf(own: readonly LogEvent[], untilMs: number): RecentLog {
  const events = own.filter((event) => event.committed_at <= untilMs);
  // A transfer's fee may be stored after it, and so lie beyond the end that is looked at.
  const fees = new Map(own.flatMap((event) => (isFee(event) ? [feeEntry(event)] : [])));
  return {
    transfers: events.flatMap((event) => {
      if (event.event_type !== 'TokensTransferred') return [];
      return [transferOf(event, fees.get(event.transfer_id))];
    }),
    stakedBaseUnits: sumOf(events, 'TokensStaked'),
    unstakedBaseUnits: sumOf(events, 'TokensUnstaked'),
    sinceMs: events.reduce((oldest, { committed_at }) => Math.min(oldest, committed_at), untilMs),
    untilMs,
  };
}

type FeeEvent = Extract<LogEvent, { event_type: 'TransactionFeeCollected' }>;

function isFee(event: LogEvent): event is FeeEvent {
  return event.event_type === 'TransactionFeeCollected';
}

function feeEntry({ data, transfer_id }: FeeEvent): readonly [string, bigint] {
  return [transfer_id, data.amount];
}

function transferOf(
  event: Extract<LogEvent, { event_type: 'TokensTransferred' }>,
  feeBaseUnits: bigint | undefined,
): RecentTransfer {
  return {
    transferId: event.transfer_id,
    backend: event.backend,
    memo: event.data.memo,
    amountBaseUnits: event.data.amount,
    feeBaseUnits,
  };
}

function sumOf(events: readonly LogEvent[], eventType: 'TokensStaked' | 'TokensUnstaked'): bigint {
  return events.reduce(
    (sum, event) => (event.event_type === eventType ? sum + event.data.amount : sum),
    0n,
  );
}
