// 28, sections 3 and 4: those who watch, and what they depend on upstream.
import type { MonitoringConfig } from '../config.js';
import type { PanelPlan } from './model.js';
import {
  badAbove,
  drillTo,
  EVENT_STORE,
  ONE_IS_GOOD,
  one,
  quantile,
  TEG,
  words,
  YES,
} from './selectors.js';

const FRAME = 'frame=~"$frame"';
const THIRD = [8, 7] as const;
const QUARTER = [6, 7] as const;
const R = '[$__rate_interval]';
const NAME = '{{frame}} {{event_type}}';

/** The counters of what a pipeline without flaws never counts. */
const FLAWS = [
  ['missed_events', 'lost by a feed'],
  ['validator_malformed', 'malformed'],
  ['validator_unregistered', 'foreign memos'],
  ['validator_backstopped', 'only by poll'],
  ['validator_reconnects', 'reconnects'],
] as const;

export function validators(config: MonitoringConfig): readonly PanelPlan[] {
  return [...validatorTable(), ...flow(config)];
}

function validatorTable(): readonly PanelPlan[] {
  return [
    {
      title: 'Validators',
      kind: 'table',
      size: [24, 11],
      description: words(
        'Five per frame, one per type of event. A validator that is not caught up cannot stamp,',
        'and its tests end as the observer’s fault, not as the platform’s.',
      ),
      unit: 'short',
      columns: { frame: 'Frame', event_type: 'Event', feed: 'Feed', worker: 'Worker' },
      sortBy: { column: 'Frame', descending: false },
      queries: [
        {
          expr: withFeed('canary_validator_caught_up'),
          legend: 'Caught up',
          mappings: YES,
          thresholds: ONE_IS_GOOD,
        },
        {
          expr: withFeed('canary_validator_stream_state', ', state="open"'),
          legend: 'Stream open',
          mappings: YES,
          thresholds: ONE_IS_GOOD,
        },
        {
          expr: withFeed('canary_validator_watermark_gap_events'),
          legend: 'Behind the head',
          unit: 'suffix: events',
          thresholds: badAbove(100, 1_000),
        },
        {
          expr: words('time() -', withFeed('canary_validator_reported_timestamp_seconds')),
          legend: 'Reported ago',
          unit: 's',
          thresholds: badAbove(30, 60),
        },
      ],
    },
  ];
}

function flow({ limits }: MonitoringConfig): readonly PanelPlan[] {
  return [
    {
      title: 'Lag: from the commit in the store to our eyes',
      kind: 'chart',
      size: THIRD,
      description: 'Of the last canary event that each validator saw.',
      unit: 's',
      min: 0,
      thresholds: badAbove(limits.validatorLagSeconds / 2, limits.validatorLagSeconds),
      queries: one(`canary_validator_lag_seconds{${FRAME}}`, NAME),
    },
    {
      title: 'Events seen, and those that stamped a test',
      kind: 'chart',
      size: THIRD,
      description: 'Most events are of users and stamp nothing.',
      unit: 'ops',
      logarithmic: true,
      queries: [
        {
          expr: `sum by (event_type) (rate(canary_validator_events_total{${FRAME}}${R}))`,
          legend: '{{event_type}} seen',
        },
        {
          expr: `sum by (event_type) (rate(canary_validator_stamped_total{${FRAME}}${R}))`,
          legend: '{{event_type}} stamped',
        },
      ],
    },
    {
      title: 'What should not be: lost, malformed, foreign, late',
      kind: 'bars',
      size: THIRD,
      description: words(
        'Within the chosen range. Only by poll: the stream did not bring it. Reconnects: it was',
        'silent. Malformed: not of the contract. Foreign: a memo that names no test of ours.',
      ),
      unit: 'short',
      decimals: 0,
      thresholds: badAbove(0.5, 50),
      queries: FLAWS.map(([name, legend]) => ({
        expr: `sum(increase(canary_${name}_total{${FRAME}}[$__range]))`,
        legend,
      })),
    },
  ];
}

/** A value of a validator beside the feed that counts and the worker that runs it. */
function withFeed(metric: string, more = ''): string {
  return words(
    `max by (frame, event_type) (${metric}{${FRAME}${more}})`,
    '* on (frame, event_type) group_right ()',
    'max by (frame, event_type, feed, worker)',
    `(canary_validator_info{${FRAME}} == 1)`,
  );
}

export function upstream(config: MonitoringConfig): readonly PanelPlan[] {
  return [...upstreamServices(config), ...upstreamDatabases(config)];
}

function upstreamServices({ limits }: MonitoringConfig): readonly PanelPlan[] {
  return [
    {
      title: 'EventStore: freshness',
      kind: 'chart',
      size: QUARTER,
      description: 'Canaries alone should keep this below a cycle.',
      unit: 's',
      thresholds: badAbove(120, limits.ledgerStaleSeconds),
      queries: one(
        `eventstore_ledger_freshness_seconds{${EVENT_STORE}, ${FRAME}}`,
        'frame {{frame}}',
      ),
      drill: drillTo('eventStore', { frame: 'frame' }),
    },
    {
      title: 'EventStore: write rate',
      kind: 'chart',
      size: QUARTER,
      description: 'Events per second of all traffic.',
      unit: 'ops',
      queries: one(
        `sum by (frame) (rate(eventstore_events_ingested_total{${EVENT_STORE}, ${FRAME}}${R}))`,
        'frame {{frame}}',
      ),
      drill: drillTo('eventStore', { frame: 'frame' }),
    },
    {
      title: 'EventStore and TEG: p95',
      kind: 'chart',
      size: QUARTER,
      description: 'Time to answer of those that canaries wait for.',
      unit: 's',
      min: 0,
      thresholds: badAbove(limits.latencyP95Seconds / 2, limits.latencyP95Seconds),
      queries: [
        {
          expr: quantile(0.95, 'frame', 'http_request_duration_seconds', `${TEG}, ${FRAME}`),
          legend: 'TEG {{frame}}',
        },
        {
          expr: quantile(
            0.95,
            'frame',
            'http_request_duration_seconds',
            `${EVENT_STORE}, ${FRAME}`,
          ),
          legend: 'EventStore {{frame}}',
        },
      ],
      drill: drillTo('services'),
    },
    {
      title: 'TEG outbox: not published yet',
      kind: 'chart',
      size: QUARTER,
      description: 'Committed in the ledger and not on its way to the EventStore.',
      unit: 'suffix: events',
      min: 0,
      queries: one(
        words(
          `max by (frame) (teg_outbox_head_position{${TEG}, ${FRAME}}`,
          `- teg_outbox_published_position{${TEG}, ${FRAME}})`,
        ),
        'frame {{frame}}',
      ),
      drill: drillTo('economics', { frame: 'frame' }),
    },
  ];
}

function upstreamDatabases({ limits }: MonitoringConfig): readonly PanelPlan[] {
  const teg = `service="teg", ${FRAME}`;
  return [
    {
      title: 'TEG database: connections',
      kind: 'stacked',
      size: QUARTER,
      description: 'By what they do. Waiting in a transaction is pressure.',
      unit: 'short',
      queries: one(`sum by (state) (pg_stat_activity_count{${teg}})`, '{{state}}'),
      drill: drillTo('postgres', { database: 'database' }),
    },
    {
      title: 'TEG database: longest transaction',
      kind: 'chart',
      size: QUARTER,
      description: 'A long one holds locks that transfers wait for.',
      unit: 's',
      thresholds: badAbove(5, 30),
      queries: one(`max by (database) (pg_stat_activity_max_tx_duration{${teg}})`, '{{database}}'),
      drill: drillTo('postgres', { database: 'database' }),
    },
    {
      title: 'TEG database: transactions',
      kind: 'chart',
      size: QUARTER,
      description: 'Committed and rolled back.',
      unit: 'ops',
      queries: [
        {
          expr: `max by (database) (rate(pg_stat_database_xact_commit{${teg}}${R}))`,
          legend: '{{database}} committed',
        },
        {
          expr: `max by (database) (rate(pg_stat_database_xact_rollback{${teg}}${R}))`,
          legend: '{{database}} rolled back',
        },
      ],
      drill: drillTo('postgres', { database: 'database' }),
    },
    {
      title: 'Deadlocks of TEG and EventStore',
      kind: 'chart',
      size: QUARTER,
      description: 'Within five minutes; a burst delays every event behind it.',
      unit: 'short',
      thresholds: badAbove(1, limits.deadlocks),
      queries: one(
        words(
          'max by (database) (increase(pg_stat_database_deadlocks',
          `{service=~"teg|event-store", ${FRAME}}[5m]))`,
        ),
        '{{database}}',
      ),
      drill: drillTo('postgres', { database: 'database' }),
    },
  ];
}
