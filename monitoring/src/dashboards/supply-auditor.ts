// 29: the supply auditor alone. The canary watches whether transfers complete; the auditor whether
// they conserve mass: other invariants, other failures, another runbook.

import type { MonitoringConfig } from '../config.js';
import { DASHBOARDS } from '../names.js';
import { CERTIFICATES } from './api-panels.js';
import type { DashboardPlan, PanelPlan, ValueText } from './model.js';
import {
  AUDIT_COLOURS,
  badAbove,
  NO_COLOUR,
  NONE_IS_GOOD,
  ONE_IS_GOOD,
  one,
  words,
  YES,
  ZERO_IS_GOOD,
} from './selectors.js';
import { supplyVoices } from './supply-panels.js';

const FRAME = 'frame=~"$frame"';
const TILE = [6, 5] as const;
const THIRD = [8, 7] as const;
const MONTH = { over: '30d', step: '1h' } as const;

export function supplyAuditor(config: MonitoringConfig): DashboardPlan {
  return {
    ...DASHBOARDS.auditor,
    description: words(
      'issued - destroyed + transit = circulating, in every frame and over all, with zero',
      'tolerance. Anything red here means: stop everything and investigate now.',
    ),
    variables: ['frame'],
    annotations: ['workerRestarts', 'eventStoreRestarts', 'tegRestarts'],
    sections: [
      { title: 'Is the supply invariant still zero?', panels: verdict(config) },
      { title: 'Audits', panels: [...audits(config), CERTIFICATES] },
      { title: 'Findings and transfers on their way', panels: findings() },
      { title: 'The supply by its two voices', panels: supplyVoices() },
      { title: 'Thirty days, from the long-term store', panels: thirtyDays() },
      { title: 'The canaries’ part in it', collapsed: true, panels: canaries() },
    ],
  };
}

function verdict({ limits }: MonitoringConfig): readonly PanelPlan[] {
  return [
    {
      title: 'Last audit proved it',
      kind: 'stat',
      size: TILE,
      description: 'no: violated, or nothing could be said. Below is which.',
      unit: 'none',
      mappings: YES,
      thresholds: ONE_IS_GOOD,
      named: true,
      queries: one('supply_audit_outcome{frame=~"$frame|all", outcome="ok"}', 'frame {{frame}}'),
    },
    {
      title: 'Delta: ledger less events',
      kind: 'stat',
      size: TILE,
      description: 'Circulating, at the last conclusive audit. Must be exactly 0.',
      unit: 'suffix: AVT',
      thresholds: ZERO_IS_GOOD,
      named: true,
      queries: one(`supply_audit_delta_avt{${FRAME}}`, 'frame {{frame}}'),
    },
    {
      title: 'Proven ago',
      kind: 'stat',
      size: TILE,
      description: 'An audit that cannot conclude is no proof: see why it could not.',
      unit: 's',
      thresholds: badAbove(limits.auditAgeSeconds / 2, limits.auditAgeSeconds),
      named: true,
      queries: one(`supply_audit_last_conclusive_age_seconds{${FRAME}}`, 'frame {{frame}}'),
    },
    {
      title: 'Findings that stand',
      kind: 'stat',
      size: TILE,
      description: 'By whether an operator explained them. Those not explained need one.',
      unit: 'none',
      thresholds: NONE_IS_GOOD,
      named: true,
      queries: [
        {
          expr: 'sum(supply_audit_standing_findings{acknowledged="false"})',
          legend: 'not explained',
        },
        { expr: 'sum(supply_audit_standing_findings{acknowledged="true"})', legend: 'explained' },
      ],
    },
  ];
}

function audits({ limits }: MonitoringConfig): readonly PanelPlan[] {
  return [
    {
      title: 'Outcome, over time',
      kind: 'states',
      size: [16, 6],
      description: 'Of each frame and of all together: proven, nothing could be said, violated.',
      unit: 'none',
      mappings: VERDICTS,
      thresholds: NO_COLOUR,
      queries: one(
        words(
          `3 - 3 * ${outcomeIs('ok')} - 2 * ${outcomeIs('unknown')}`,
          `- ${outcomeIs('violated')}`,
        ),
        'frame {{frame}}',
      ),
    },
    {
      title: 'Certificates by outcome, per hour',
      kind: 'stacked',
      size: [8, 6],
      colours: AUDIT_COLOURS,
      description: 'One a minute is sixty an hour. Unknown: a source was away or moved too fast.',
      unit: 'short',
      queries: one(
        'sum by (outcome) (rate(supply_audit_certificates_total[$__rate_interval])) * 3600',
        '{{outcome}}',
        { minStep: '1m' },
      ),
    },
    {
      title: 'Proven ago',
      kind: 'chart',
      size: [9, 7],
      description: 'A saw of one cycle; a slope is audits that do not conclude.',
      unit: 's',
      min: 0,
      thresholds: badAbove(limits.auditAgeSeconds / 2, limits.auditAgeSeconds),
      queries: one(`supply_audit_last_conclusive_age_seconds{${FRAME}}`, 'frame {{frame}}'),
    },
    {
      title: 'How long an audit takes',
      kind: 'chart',
      size: [9, 7],
      description: 'In all, and of that the reading until the log had shown the cut of a frame.',
      unit: 's',
      min: 0,
      queries: [
        { expr: 'supply_audit_duration_seconds', legend: 'audit' },
        { expr: `supply_audit_cut_wait_seconds{${FRAME}}`, legend: 'cut of {{frame}}' },
      ],
    },
    {
      title: 'Audits that did not run, last day',
      kind: 'stat',
      size: [6, 7],
      description: 'Scheduled and not run.',
      unit: 'short',
      decimals: 0,
      thresholds: NONE_IS_GOOD,
      queries: one('increase(supply_audit_missed_total[1d])', 'missed'),
    },
  ];
}

/** One number for what three series say: 0 proven, 1 unknown, 2 violated, 3 before the first. */
const VERDICTS: readonly ValueText[] = [
  { value: 0, text: 'proven', colour: 'green' },
  { value: 1, text: 'unknown', colour: 'yellow' },
  { value: 2, text: 'VIOLATED', colour: 'red' },
  { value: 3, text: 'not yet', colour: 'text' },
];

function outcomeIs(outcome: string): string {
  return `sum by (frame) (supply_audit_outcome{frame=~"$frame|all", outcome="${outcome}"})`;
}

function findings(): readonly PanelPlan[] {
  return [
    {
      title: 'Findings that stand, by class',
      kind: 'table',
      size: [10, 9],
      description: 'Every class has its line; explained ones no longer alarm.',
      unit: 'short',
      columns: { class: 'Class' },
      sortBy: { column: 'Not explained', descending: true },
      queries: [
        {
          expr: 'sum by (class) (supply_audit_standing_findings{acknowledged="false"})',
          legend: 'Not explained',
          thresholds: NONE_IS_GOOD,
        },
        {
          expr: 'sum by (class) (supply_audit_standing_findings{acknowledged="true"})',
          legend: 'Explained',
        },
        {
          expr: 'sum by (class) (increase(supply_audit_findings_total[$__range]))',
          legend: 'Found in the range',
        },
      ],
    },
    {
      title: 'Transfers on their way',
      kind: 'chart',
      size: [14, 9],
      description: words(
        'Sent, and neither settled nor refunded. Overdue: open for longer than the backend allows;',
        'their tokens are in nobody’s hands.',
      ),
      unit: 'short',
      min: 0,
      queries: [
        { expr: 'supply_audit_open_transfers', legend: 'open' },
        { expr: 'supply_audit_overdue_transfers', legend: 'overdue' },
      ],
    },
  ];
}

function thirtyDays(): readonly PanelPlan[] {
  return [
    {
      title: 'Highest and lowest delta of each day',
      kind: 'chart',
      size: [12, 7],
      description: 'Thirty days of exactly 0.',
      unit: 'suffix: AVT',
      thresholds: ZERO_IS_GOOD,
      longTerm: MONTH,
      queries: [
        {
          expr: `max by (frame) (max_over_time(supply_audit_delta_avt{${FRAME}}[1d]))`,
          legend: 'frame {{frame}}, highest',
        },
        {
          expr: `min by (frame) (min_over_time(supply_audit_delta_avt{${FRAME}}[1d]))`,
          legend: 'frame {{frame}}, lowest',
        },
      ],
    },
    {
      title: 'Certificates by outcome, per day',
      kind: 'stacked',
      size: [12, 7],
      description: 'A day with fewer is a day less well proven.',
      unit: 'short',
      colours: AUDIT_COLOURS,
      longTerm: MONTH,
      queries: one(
        'sum by (outcome) (increase(supply_audit_certificates_total[1d]))',
        '{{outcome}}',
      ),
    },
  ];
}

function canaries(): readonly PanelPlan[] {
  const check = (title: string, metric: string, unit: PanelPlan['unit']) =>
    ({
      title,
      kind: 'chart',
      size: THIRD,
      description: 'At the end of the log: all, less users, less our own tests. Must be 0.',
      unit,
      thresholds: ZERO_IS_GOOD,
      queries: one(`${metric}{${FRAME}}`, 'frame {{frame}}'),
    }) as const satisfies PanelPlan;
  return [
    check('Transfers not explained', 'protocol_canary_unexplained_transfers', 'short'),
    check('Volume not explained', 'protocol_canary_unexplained_volume_avt', 'suffix: AVT'),
    check('Fees not explained', 'protocol_canary_unexplained_fees_avt', 'suffix: AVT'),
  ];
}
