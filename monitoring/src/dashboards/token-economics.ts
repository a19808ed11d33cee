// 03: the business of the tokens: transfers, fees, stakes, A2A tokens, governance and disputes.

import { DASHBOARDS } from '../names.js';
import { DISPUTES, PROPOSALS } from './api-panels.js';
import type { DashboardPlan, PanelPlan } from './model.js';
import { badAbove, EVENT_STORE, NEVER_YET, one, TEG, words, ZERO_IS_GOOD } from './selectors.js';
import { a2a, governance, recent, stakes } from './token-business.js';

const FRAME = 'frame=~"$frame"';
const OF = `${FRAME}, traffic=~"$traffic"`;
const TILE = [4, 4] as const;
const THIRD = [8, 7] as const;
const R = '[$__rate_interval]';

export function tokenEconomics(): DashboardPlan {
  return {
    ...DASHBOARDS.economics,
    description: words(
      'What moves and what is bound: transfers, fees, stakes, A2A tokens, votes and disputes, by',
      'what the TEGs and registries say, and by the events that say the same.',
    ),
    variables: ['frame', 'traffic'],
    annotations: ['tegRestarts', 'registryRestarts'],
    sections: [
      { title: 'Transfers and fees', panels: [...tiles(), ...transfers()] },
      { title: 'The same by the EventStore', panels: events() },
      { title: 'Stakes', panels: stakes() },
      { title: 'A2A tokens', panels: a2a() },
      { title: 'Governance and disputes', panels: [...governance(), PROPOSALS, DISPUTES] },
      { title: 'The end of the log, with and without canaries', collapsed: true, panels: recent() },
    ],
  };
}

function tiles(): readonly PanelPlan[] {
  return [
    {
      title: 'Settled, last hour',
      kind: 'stat',
      size: TILE,
      description: 'Transfers that arrived within the last hour.',
      unit: 'short',
      decimals: 0,
      queries: one(
        `sum(increase(protocol_transfers_total{${OF}, result="settled"}[1h]))`,
        'settled',
      ),
    },
    {
      title: 'Refunded or aborted, last hour',
      kind: 'stat',
      size: TILE,
      description: 'Transfers whose tokens went back, within the last hour.',
      unit: 'short',
      decimals: 0,
      thresholds: badAbove(0.5, 100),
      queries: one(
        `sum(increase(protocol_transfers_total{${OF}, result=~"refunded|aborted"}[1h]))`,
        'refunded or aborted',
      ),
    },
    {
      title: 'Fees, last hour',
      kind: 'stat',
      size: TILE,
      description: 'What the treasuries collected within the last hour.',
      unit: 'suffix: AVT',
      queries: one(`sum(increase(protocol_fees_collected_avt_total{${OF}}[1h]))`, 'fees'),
    },
    {
      title: 'Staked',
      kind: 'stat',
      size: TILE,
      description: 'Total value locked: what is staked now.',
      unit: 'suffix: AVT',
      named: true,
      queries: one(`protocol_staking_total_value_locked_avt{${FRAME}}`, 'frame {{frame}}'),
    },
    {
      title: 'Held in escrow',
      kind: 'stat',
      size: TILE,
      description: 'What the live A2A tokens hold.',
      unit: 'suffix: AVT',
      named: true,
      queries: one(`protocol_a2a_escrowed_avt{${FRAME}}`, 'frame {{frame}}'),
    },
    {
      title: 'Canaries not explained',
      kind: 'stat',
      size: TILE,
      description: words(
        'All transfers at the end of the log, less those of users, less those of our own tests.',
        'Anything but 0: somebody else uses canary memos.',
      ),
      unit: 'none',
      thresholds: ZERO_IS_GOOD,
      named: true,
      queries: one(`protocol_canary_unexplained_transfers{${FRAME}}`, 'frame {{frame}}'),
    },
  ];
}

function transfers(): readonly PanelPlan[] {
  return [
    {
      title: 'Transfers by result',
      kind: 'stacked',
      size: THIRD,
      description: words(
        'Transfers that reached a status. An async one is counted in_transit and then settled,',
        'a 2pc one may be in_doubt before.',
      ),
      unit: 'ops',
      queries: one(
        `sum by (frame, result) (rate(protocol_transfers_total{${OF}}${R}))`,
        '{{frame}} {{result}}',
      ),
    },
    {
      title: 'Settled by backend and traffic',
      kind: 'chart',
      size: THIRD,
      description: 'Canaries run the same code paths as users: both should move together.',
      unit: 'ops',
      queries: one(
        `sum by (backend, traffic) (rate(protocol_transfers_total{${OF}, result="settled"}${R}))`,
        '{{backend}} {{traffic}}',
      ),
    },
    {
      title: 'Fees',
      kind: 'chart',
      size: THIRD,
      description: 'Fees that went to the treasury of each frame.',
      unit: 'suffix: AVT/s',
      queries: one(
        `sum by (frame, traffic) (rate(protocol_fees_collected_avt_total{${OF}}${R}))`,
        'frame {{frame}} {{traffic}}',
      ),
    },
    {
      title: 'Refused transfers',
      kind: 'chart',
      size: [12, 7],
      description: 'Transfers that the TEG refused, by its code.',
      unit: 'ops',
      queries: one(`sum by (code) (rate(teg_refusals_total{${TEG}, ${FRAME}}${R}))`, '{{code}}', {
        emptyBecause: NEVER_YET,
      }),
    },
    {
      title: 'Outbox of the TEG: not published yet',
      kind: 'chart',
      size: [12, 7],
      description: words(
        'Events that a TEG committed and has not handed to the pipe. A growing number stops the',
        'EventStore, and every canary, long before a user notices.',
      ),
      unit: 'suffix: events',
      min: 0,
      queries: one(
        words(
          `max by (frame) (teg_outbox_head_position{${TEG}, ${FRAME}}`,
          `- teg_outbox_published_position{${TEG}, ${FRAME}})`,
        ),
        'frame {{frame}}',
      ),
    },
  ];
}

/** Business rates as events tell them, where a TEG says nothing of its business. */
function events(): readonly PanelPlan[] {
  const rateOf = (type: string, by: string) =>
    words(
      `sum by (${by}) (rate(eventstore_events_by_type{${EVENT_STORE}, ${FRAME},`,
      `origin="own", event_type=~"${type}"}${R}))`,
    );
  return [
    {
      title: 'TokensTransferred and fees',
      kind: 'chart',
      size: THIRD,
      description: 'Transfers and fee payments by the events of their own frame.',
      unit: 'ops',
      queries: one(
        rateOf('TokensTransferred|TransactionFeeCollected', 'frame, event_type'),
        '{{frame}} {{event_type}}',
      ),
    },
    {
      title: 'Cross-frame transfers',
      kind: 'chart',
      size: THIRD,
      description: 'Initiated, settled and refunded. Initiated without settled: saga stuck.',
      unit: 'ops',
      queries: one(
        rateOf('CrossFrameTransfer.*|CrossRegistryTransferCompleted', 'event_type'),
        '{{event_type}}',
      ),
    },
    {
      title: 'Stakes, votes and all other events',
      kind: 'chart',
      size: THIRD,
      description: 'Everything in the log that is no transfer and no fee.',
      unit: 'ops',
      queries: one(
        words(
          `sum by (event_type) (rate(eventstore_events_by_type{${EVENT_STORE}, ${FRAME},`,
          'origin="own",',
          'event_type!~"TokensTransferred|TransactionFeeCollected|Cross.*"}',
          `${R})) > 0`,
        ),
        '{{event_type}}',
        { emptyBecause: NEVER_YET },
      ),
    },
  ];
}
