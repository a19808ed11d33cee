// Table 4b of the design, read once more: what events say of balances, against which the
// ledger's own balances are held.
import { createHash } from 'node:crypto';
import type { Envelope } from './teg-platform.js';

/** What the events of one TEG add up to, in base units. */
export interface Folded {
  readonly balances: ReadonlyMap<string, bigint>;
  readonly transitNet: bigint;
  readonly issued: bigint;
  readonly destroyed: bigint;
}

interface Move {
  /** `-sender` takes the amount from the account named by that field, `+payer` adds it. */
  readonly moves: readonly string[];
  readonly transit?: 1n | -1n;
}

/** Events without an entry move nothing. */
function moveOf(event: Envelope): Move {
  const { event_type: type, backend, data } = event;
  const crosses = data.sender_frame !== data.receiver_frame;
  switch (type) {
    case 'TokensIssued':
      return { moves: ['+account'] };
    case 'TokensDestroyed':
      return { moves: ['-account'] };
    case 'TokensStaked':
      return { moves: ['-account', '+stake_account'] };
    case 'TokensUnstaked':
      return { moves: ['-stake_account', '+account'] };
    case 'A2ATokenEscrowed':
      return { moves: ['-account', '+escrow_account'] };
    case 'A2ATokenReleased':
      return { moves: ['-escrow_account', '+account'] };
    case 'TransactionFeeCollected':
      return { moves: ['-payer', '+treasury'] };
    case 'TokensTransferred':
      if (backend === 'async') return { moves: [] };
      return backend === '2pc' && crosses
        ? { moves: ['-sender'], transit: -1n }
        : { moves: ['-sender', '+receiver'] };
    case 'CrossFrameTransferInitiated':
      return { moves: ['-sender'], transit: -1n };
    case 'CrossFrameTransferSettled':
      return { moves: ['+receiver'], transit: 1n };
    case 'CrossFrameTransferRefunded':
      return { moves: ['+sender'], transit: 1n };
    default:
      return { moves: [] };
  }
}

/** Folds each position once; throws on a gap below the last one, and on two contents. */
export function fold(events: readonly Envelope[], through: number): Folded {
  const byPosition = new Map<number, Envelope>();
  for (const event of events) {
    const twin = byPosition.get(event.position);
    if (twin !== undefined && JSON.stringify(twin) !== JSON.stringify(event)) {
      throw new Error(`two contents at position ${event.position}`);
    }
    byPosition.set(event.position, event);
  }
  const positions = Array.from({ length: through }, (_, index) => index + 1);
  return sumOf(
    positions.map((position) => {
      const event = byPosition.get(position);
      if (event === undefined) throw new Error(`no event at position ${position}`);
      return event;
    }),
  );
}

/** What these events add up to, whatever their positions. */
export function sumOf(events: readonly Envelope[]): Folded {
  const balances = new Map<string, bigint>();
  const total = { transitNet: 0n, issued: 0n, destroyed: 0n };
  for (const event of events) {
    const amount = BigInt(String(event.data.amount ?? '0').replace('.', ''));
    const { moves, transit = 0n } = moveOf(event);
    for (const move of moves) {
      const account = String(event.data[move.slice(1)]);
      const change = move.startsWith('-') ? -amount : amount;
      balances.set(account, (balances.get(account) ?? 0n) + change);
    }
    total.transitNet += transit * amount;
    if (event.event_type === 'TokensIssued') total.issued += amount;
    if (event.event_type === 'TokensDestroyed') total.destroyed += amount;
  }
  return { balances, ...total };
}

/** The answer of a supply snapshot, as far as events explain it. */
export function snapshotOf(folded: Folded, buckets: number) {
  const sums = Array.from({ length: buckets }, (_, bucket) => ({ bucket, sum: 0n, weighted: 0n }));
  let circulating = 0n;
  for (const [account, balance] of folded.balances) {
    const weight = createHash('sha256').update(account).digest().readBigUInt64BE(0);
    const bucket = sums[Number(weight % BigInt(buckets))];
    if (bucket === undefined) throw new Error('no such bucket');
    bucket.sum += balance;
    bucket.weighted += balance * weight;
    circulating += balance;
  }
  return {
    totals: {
      circulating: decimal(circulating),
      in_transit: decimal(-folded.transitNet),
      issuance: decimal(folded.destroyed - folded.issued),
    },
    buckets: sums.map(({ bucket, sum, weighted }) => ({
      bucket,
      sum: decimal(sum),
      weighted_sum: weighted.toString(),
    })),
  };
}

function decimal(baseUnits: bigint): string {
  const digits = (baseUnits < 0n ? -baseUnits : baseUnits).toString().padStart(7, '0');
  return `${baseUnits < 0n ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}`;
}
