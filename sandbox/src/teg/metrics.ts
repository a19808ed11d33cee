// The teg_* metrics. Counters count after the commit, so a rolled back transfer never shows.
import { Counter, Gauge, type Registry } from 'prom-client';
import { amountForMetric } from '../money.js';
import { BACKENDS, type Backend } from '../names.js';
import type { TransferStatus } from './transfer.js';

export interface TegMetrics {
  /** A transfer has reached this status. */
  reached(backend: Backend, status: TransferStatus): void;
  /** Base units of fees that went to the treasury. */
  feeCollected(amount: bigint): void;
  refused(code: string): void;
  headPosition(position: number): void;
  publishedPosition(position: number): void;
}

/** Statuses that a backend can never reach get no series. */
const STATUSES_OF_BACKEND = {
  intra: ['settled'],
  async: ['in_transit', 'settled', 'refunded'],
  '2pc': ['in_doubt', 'settled', 'aborted'],
} as const satisfies Readonly<Record<Backend, readonly TransferStatus[]>>;

export function createTegMetrics(registry: Registry): TegMetrics {
  const registers = [registry];
  const transfers = new Counter({
    name: 'teg_transfers_total',
    help: 'Transfers that reached a status; an async one is counted in_transit, then settled',
    labelNames: ['backend', 'status'],
    registers,
  });
  const fees = new Counter({
    name: 'teg_fees_collected_total',
    help: 'Fees collected by the treasury, in AVT',
    registers,
  });
  const refusals = new Counter({
    name: 'teg_refusals_total',
    help: 'Transfers refused, by error code',
    labelNames: ['code'],
    registers,
  });
  const head = gauge('teg_outbox_head_position', 'Last position written', registers);
  const published = gauge('teg_outbox_published_position', 'Last position published', registers);
  startAtZero(transfers);
  return {
    reached: (backend, status) => transfers.inc({ backend, status }),
    feeCollected: (amount) => fees.inc(amountForMetric(amount)),
    refused: (code) => refusals.inc({ code }),
    headPosition: (position) => head.set(position),
    publishedPosition: (position) => published.set(position),
  };
}

function startAtZero(transfers: Counter<'backend' | 'status'>): void {
  for (const backend of BACKENDS) {
    for (const status of STATUSES_OF_BACKEND[backend]) transfers.inc({ backend, status }, 0);
  }
}

function gauge(name: string, help: string, registers: Registry[]): Gauge {
  return new Gauge({ name, help, registers });
}
