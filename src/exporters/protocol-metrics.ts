// The business metrics: rows of the table in `metrics.ts`, in a file of their own. Amounts are AVT
// and exact as written; who reads them as a float loses units beyond 2^53 base units, which are
// some nine thousand million AVT.
import type { Metric } from './family.js';
import { counter, gauge } from './metric-row.js';

const FRAME = ['frame'] as const;
const REGISTRY = ['registry'] as const;
const VOICE = [...FRAME, 'source'] as const;
const PAIR = [...FRAME, 'peer'] as const;
const RECENT = [...FRAME, 'backend', 'traffic'] as const;

export const PROTOCOL_METRICS = {
  // Per frame and over all (frame "all"); frames are not read at one moment.
  supplyIssued: gauge('protocol_supply_issued_avt', 'Issued, by the events', FRAME),
  supplyDestroyed: gauge('protocol_supply_destroyed_avt', 'Destroyed, by the events', FRAME),
  supplyCirculating: gauge(
    'protocol_supply_circulating_avt',
    'Circulating, as the source has it: events (EventStore) or ledger (TEG)',
    VOICE,
  ),
  supplyInTransit: gauge(
    'protocol_supply_in_transit_avt',
    'Sent and not arrived; of one frame below zero where it received more than it sent',
    VOICE,
  ),
  supplyDelta: gauge(
    'protocol_supply_delta_avt',
    'What circulates by a source, less what must by its own other sums; anything but 0 is wrong',
    VOICE,
  ),

  // From the EventStores: what one emitted for another, and that one has.
  emitted: gauge('protocol_federation_emitted_events', 'Broadcast events for the peer', PAIR),
  acknowledged: gauge('protocol_federation_sent_events', 'Those the peer acknowledged', PAIR),
  received: gauge('protocol_federation_received_events', 'Those the peer says it has', PAIR),
  driftEvents: gauge(
    'protocol_federation_drift_events',
    'Emitted less received; below 0 the peer has what was never emitted',
    PAIR,
  ),
  driftSeconds: gauge(
    'protocol_federation_drift_seconds',
    'The newest event received lies this far behind the newest emitted; +Inf before the first',
    PAIR,
  ),

  // From each registry.
  peerStatus: gauge(
    'protocol_federation_peer_status',
    'The status that the registry gives a peer is 1, the others 0; unlisted: it does not name it',
    [...REGISTRY, 'peer', 'status'],
  ),
  proposals: gauge('protocol_governance_proposals', 'Proposals by status', [...REGISTRY, 'status']),
  turnoutRatio: gauge(
    'protocol_governance_turnout_ratio',
    'Weight cast of the weight there, over the proposals decided last; NaN before the first',
    REGISTRY,
  ),
  turnoutCast: gauge('protocol_governance_turnout_cast_weight', 'Weight cast there', REGISTRY),
  turnoutTotal: gauge('protocol_governance_turnout_total_weight', 'Weight there was', REGISTRY),
  disputes: gauge('protocol_disputes', 'Disputes by phase', [...REGISTRY, 'phase']),

  // From each TEG.
  a2aTokens: gauge('protocol_a2a_tokens', 'A2A tokens by state', [...FRAME, 'state']),
  a2aAmount: gauge('protocol_a2a_amount_avt', 'What A2A tokens promise', [...FRAME, 'state']),
  a2aEscrowed: gauge('protocol_a2a_escrowed_avt', 'What the live ones hold in escrow', FRAME),
  staked: gauge('protocol_staking_total_value_locked_avt', 'What is staked', FRAME),
  stakers: gauge('protocol_staking_stakers', 'Agents that have something staked', FRAME),
  votingPower: gauge('protocol_staking_voting_power', 'veToken of all stakes', FRAME),
  transfers: counter(
    'protocol_transfers_total',
    'Transfers that reached a status, by teg_transfers_total; begins at 0 with the TEG’s process',
    [...FRAME, 'backend', 'result', 'traffic'],
  ),
  fees: counter(
    'protocol_fees_collected_avt_total',
    'Fees by teg_fees_collected_total, a float already; begins at 0 with the TEG’s process',
    [...FRAME, 'traffic'],
  ),

  // From the end of each frame's log: its last 5,000 events, but for the last seconds.
  recentTransfers: gauge('protocol_recent_transfers', 'Transfers sent in the span', RECENT),
  recentVolume: gauge('protocol_recent_volume_avt', 'What they moved', RECENT),
  recentFees: gauge('protocol_recent_fees_avt', 'What the treasury got of them', RECENT),
  recentStaked: gauge('protocol_recent_staked_avt', 'Staked in the span', FRAME),
  recentUnstaked: gauge('protocol_recent_unstaked_avt', 'Taken back in the span', FRAME),
  recentSpan: gauge('protocol_recent_span_seconds', 'How long the span is', FRAME),
  unexplainedTransfers: unexplained('transfers', 'transfers'),
  unexplainedVolume: unexplained('volume_avt', 'volume'),
  unexplainedFees: unexplained('fees_avt', 'fees'),
};

function unexplained(name: string, what: string): Metric<'frame'> {
  const check = `All ${what} of the span, less those of users, less those of our own tests`;
  return gauge(
    `protocol_canary_unexplained_${name}`,
    `${check}: 0, or not every canary is ours`,
    FRAME,
  );
}
