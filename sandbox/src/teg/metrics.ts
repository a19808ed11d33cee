// The teg_* metrics. Counters count after the commit, so a rolled back transfer never shows.
import { Counter, Gauge, type Registry } from 'prom-client';
import { amountForMetric } from '../money.js';
import { BACKENDS, type Backend, TRAFFICS } from '../names.js';
import { type TransferFacts, type TransferStatus, trafficOf } from './transfer.js';

export interface TegMetrics {
  /** A transfer has reached this status. */
  reached(transfer: Pick<TransferFacts, 'backend' | 'memo'>, status: TransferStatus): void;
  /** Base units of a transfer's fee that went to the treasury. */
  feeCollected(payment: { readonly memo: string; readonly fee: bigint }): void;
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
    labelNames: ['backend', 'status', 'traffic'],
    registers,
  });
  const fees = new Counter({
    name: 'teg_fees_collected_total',
    help: 'Fees collected by the treasury, in AVT',
    labelNames: ['traffic'],
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
  startAtZero(transfers, fees);
  return {
    reached: ({ backend, memo }, status) =>
      transfers.inc({ backend, status, traffic: trafficOf(memo) }),
    feeCollected: ({ memo, fee }) => fees.inc({ traffic: trafficOf(memo) }, amountForMetric(fee)),
    refused: (code) => refusals.inc({ code }),
    headPosition: (position) => head.set(position),
    publishedPosition: (position) => published.set(position),
  };
}

function startAtZero(
  transfers: Counter<'backend' | 'status' | 'traffic'>,
  fees: Counter<'traffic'>,
): void {
  for (const traffic of TRAFFICS) {
    fees.inc({ traffic }, 0);
    for (const backend of BACKENDS) {
      for (const status of STATUSES_OF_BACKEND[backend]) {
        transfers.inc({ backend, status, traffic }, 0);
      }
    }
  }
}

function gauge(name: string, help: string, registers: Registry[]): Gauge {
  return new Gauge({ name, help, registers });
}
