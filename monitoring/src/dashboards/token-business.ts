// 03: stakes, A2A tokens, governance and disputes, and the end of the log.
import type { PanelPlan } from './model.js';
import { one } from './selectors.js';

const FRAME = 'frame=~"$frame"';
const OF = `${FRAME}, traffic=~"$traffic"`;
const THIRD = [8, 7] as const;

export function stakes(): readonly PanelPlan[] {
  return [
    {
      title: 'Total value locked',
      kind: 'chart',
      size: THIRD,
      description: 'What is staked in each frame.',
      unit: 'suffix: AVT',
      queries: one(`protocol_staking_total_value_locked_avt{${FRAME}}`, 'frame {{frame}}'),
    },
    {
      title: 'Voting power',
      kind: 'chart',
      size: THIRD,
      description: 'veToken of all stakes: longer locks weigh more.',
      unit: 'suffix: veToken',
      queries: one(`protocol_staking_voting_power{${FRAME}}`, 'frame {{frame}}'),
    },
    {
      title: 'Stakers',
      kind: 'chart',
      size: THIRD,
      description: 'Agents that have something staked.',
      unit: 'short',
      queries: one(`protocol_staking_stakers{${FRAME}}`, 'frame {{frame}}'),
    },
  ];
}

export function a2a(): readonly PanelPlan[] {
  return [
    {
      title: 'A2A tokens by state',
      kind: 'stacked',
      size: [12, 7],
      description: 'Offered ones wait for an answer; accepted ones for their redemption.',
      unit: 'short',
      queries: one(`protocol_a2a_tokens{${FRAME}}`, '{{frame}} {{state}}'),
    },
    {
      title: 'What they promise, by state',
      kind: 'chart',
      size: [12, 7],
      description: 'AVT that A2A tokens promise, by the state they are in.',
      unit: 'suffix: AVT',
      queries: one(`protocol_a2a_amount_avt{${FRAME}}`, '{{frame}} {{state}}'),
    },
  ];
}

export function governance(): readonly PanelPlan[] {
  return [
    {
      title: 'Proposals by status',
      kind: 'bars',
      size: THIRD,
      description: 'Proposals of all registries.',
      unit: 'short',
      queries: one('sum by (status) (protocol_governance_proposals)', '{{status}}'),
    },
    {
      title: 'Turnout',
      kind: 'chart',
      size: THIRD,
      description: 'Weight cast of the weight there was, over the proposals decided last.',
      unit: 'percentunit',
      min: 0,
      max: 1,
      queries: one('protocol_governance_turnout_ratio', '{{registry}}'),
    },
    {
      title: 'Disputes by phase',
      kind: 'bars',
      size: THIRD,
      description: 'Disputes of all registries; opened and evidence are those under way.',
      unit: 'short',
      queries: one('sum by (phase) (protocol_disputes)', '{{phase}}'),
    },
  ];
}

export function recent(): readonly PanelPlan[] {
  const table = (title: string, metric: string, unit: PanelPlan['unit'], what: string) =>
    ({
      title,
      kind: 'bars',
      size: THIRD,
      description: `${what}, of the last 5,000 events of each EventStore.`,
      unit,
      queries: one(`sum by (frame, backend, traffic) (${metric}{${OF}})`, NAMED),
    }) as const satisfies PanelPlan;
  return [
    table('Transfers', 'protocol_recent_transfers', 'short', 'Transfers sent'),
    table('Volume', 'protocol_recent_volume_avt', 'suffix: AVT', 'What they moved'),
    table('Fees', 'protocol_recent_fees_avt', 'suffix: AVT', 'What the treasury got of them'),
    {
      title: 'Staked and taken back',
      kind: 'chart',
      size: [12, 7],
      description: 'Stakes made and ended within the span.',
      unit: 'suffix: AVT',
      queries: [
        { expr: `protocol_recent_staked_avt{${FRAME}}`, legend: '{{frame}} staked' },
        { expr: `protocol_recent_unstaked_avt{${FRAME}}`, legend: '{{frame}} taken back' },
      ],
    },
    {
      title: 'How long the span is',
      kind: 'chart',
      size: [12, 7],
      description: '5,000 events are a long time on a quiet log and a short one on a busy log.',
      unit: 's',
      queries: one(`protocol_recent_span_seconds{${FRAME}}`, 'frame {{frame}}'),
    },
  ];
}

const NAMED = '{{frame}} {{backend}} {{traffic}}';
