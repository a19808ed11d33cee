// 04: the EventStores of all frames beside each other: write rate, freshness, the supply as both
// voices tell it, what one frame knows of another, and the pipe in between.
import type { MonitoringConfig } from '../config.js';
import { DASHBOARDS } from '../names.js';
import { kafkaPanels } from './kafka-panels.js';
import type { DashboardPlan, PanelPlan } from './model.js';
import {
  badAbove,
  drillTo,
  EVENT_STORE,
  NONE_IS_GOOD,
  one,
  words,
  ZERO_IS_GOOD,
} from './selectors.js';
import { supplyVoices } from './supply-panels.js';

const FRAME = 'frame=~"$frame"';
const STORE = `${EVENT_STORE}, ${FRAME}`;
const TILE = [6, 4] as const;
const THIRD = [8, 7] as const;
const R = '[$__rate_interval]';

export function eventStore(config: MonitoringConfig): DashboardPlan {
  return {
    ...DASHBOARDS.eventStore,
    description: words(
      'All EventStores in one picture: what they write, how fresh they are, whether the supply',
      'adds up within and across the frames, and whether each frame knows what the others did.',
    ),
    variables: ['frame'],
    annotations: ['eventStoreRestarts', 'registryRestarts'],
    sections: [
      { title: 'At a glance', panels: tiles(config) },
      { title: 'Writing', panels: writing(config) },
      { title: 'Supply audit across the frames', panels: supplyVoices() },
      { title: 'Federation: what one frame knows of the other', panels: federation(config) },
      { title: 'Kafka', collapsed: true, panels: kafkaPanels(config) },
      { title: 'The log by type', collapsed: true, panels: byType() },
    ],
  };
}

function tiles({ limits }: MonitoringConfig): readonly PanelPlan[] {
  return [
    {
      title: 'Ledger freshness',
      kind: 'stat',
      size: TILE,
      description: 'Time since the newest event was stored (SupplyLedgerStale).',
      unit: 's',
      named: true,
      thresholds: badAbove(limits.ledgerStaleSeconds / 6, limits.ledgerStaleSeconds),
      queries: one(`eventstore_ledger_freshness_seconds{${STORE}}`, 'frame {{frame}}'),
    },
    {
      title: 'Events in the log',
      kind: 'stat',
      size: TILE,
      description: 'All events, those of other frames included.',
      unit: 'short',
      named: true,
      queries: one(`sum by (frame) (eventstore_events_total{${STORE}})`, 'frame {{frame}}'),
    },
    {
      title: 'Supply delta over all frames',
      kind: 'stat',
      size: TILE,
      description: words(
        'What circulates by each voice, less what must by its own other sums. Anything but',
        'exactly 0 is wrong: stop everything and investigate.',
      ),
      unit: 'suffix: AVT',
      named: true,
      thresholds: ZERO_IS_GOOD,
      queries: one('protocol_supply_delta_avt{frame="all"}', '{{source}}'),
      drill: drillTo('auditor'),
    },
    {
      title: 'Federation drift',
      kind: 'stat',
      size: TILE,
      description: 'Events that a frame emitted for another and that one does not have yet.',
      unit: 'suffix: events',
      named: true,
      thresholds: badAbove(50, 500),
      queries: one(`protocol_federation_drift_events{${FRAME}}`, '{{frame}} to {{peer}}'),
    },
  ];
}

function writing({ limits }: MonitoringConfig): readonly PanelPlan[] {
  return [
    {
      title: 'Write rate',
      kind: 'stacked',
      size: THIRD,
      description: 'Events that entered each log, by whether they are its own or of other frames.',
      unit: 'ops',
      queries: one(
        `sum by (frame, origin) (rate(eventstore_events_total{${STORE}}${R}))`,
        '{{frame}} {{origin}}',
      ),
    },
    {
      title: 'Freshness and age',
      kind: 'chart',
      size: THIRD,
      description: words(
        'Since the newest event was stored (freshness) and since it was committed at its origin',
        '(age). Age alone rising means that old events arrive late (EventStoreStaleLedger).',
      ),
      unit: 's',
      thresholds: badAbove(limits.ledgerStaleSeconds, limits.ledgerAgeSeconds),
      queries: [
        { expr: `eventstore_ledger_freshness_seconds{${STORE}}`, legend: '{{frame}} freshness' },
        { expr: `eventstore_ledger_age_seconds{${STORE}}`, legend: '{{frame}} age' },
      ],
    },
    {
      title: 'What became of records taken from the pipe',
      kind: 'chart',
      size: THIRD,
      description: words(
        'Stored is the rule, duplicate harmless. Conflict, rejected and lost mean that the log',
        'and the ledger no longer say the same.',
      ),
      unit: 'ops',
      queries: one(
        `sum by (frame, outcome) (rate(eventstore_events_ingested_total{${STORE}}${R}))`,
        '{{frame}} {{outcome}}',
      ),
    },
  ];
}

function federation({ limits }: MonitoringConfig): readonly PanelPlan[] {
  const pair = '{{frame}} to {{peer}}';
  return [
    {
      title: 'Drift in events',
      kind: 'chart',
      size: THIRD,
      description: 'Emitted less received. Below 0 the peer has what was never emitted.',
      unit: 'suffix: events',
      thresholds: badAbove(50, 500),
      queries: one(`protocol_federation_drift_events{${FRAME}}`, pair),
    },
    {
      title: 'Drift in time',
      kind: 'chart',
      size: THIRD,
      description: 'The newest event received lies this far behind the newest emitted.',
      unit: 's',
      thresholds: badAbove(30, limits.auditAgeSeconds),
      queries: one(`protocol_federation_drift_seconds{${FRAME}}`, pair),
    },
    {
      title: 'Emitted, acknowledged, received',
      kind: 'chart',
      size: THIRD,
      description: 'Three counts of the same events; they should be one line per pair.',
      unit: 'short',
      queries: [
        {
          expr: `protocol_federation_emitted_events{${FRAME}}`,
          legend: `${pair} emitted`,
        },
        {
          expr: `protocol_federation_sent_events{${FRAME}}`,
          legend: `${pair} acknowledged`,
        },
        {
          expr: `protocol_federation_received_events{${FRAME}}`,
          legend: `${pair} received`,
        },
      ],
    },
  ];
}

function byType(): readonly PanelPlan[] {
  return [
    {
      title: 'Rate by type of event',
      kind: 'chart',
      size: [16, 8],
      description: 'The ten types that are written most.',
      unit: 'ops',
      queries: one(
        `topk(10, sum by (event_type) (rate(eventstore_events_by_type{${STORE}}${R})))`,
        '{{event_type}}',
      ),
    },
    {
      title: 'Agents that events name',
      kind: 'chart',
      size: [8, 8],
      description: 'Unique agents of each log; new ones arrive with their first event.',
      unit: 'short',
      queries: one(`eventstore_unique_agents{${STORE}}`, 'frame {{frame}}'),
    },
    {
      title: 'Records that did not become events',
      kind: 'stat',
      size: [12, 4],
      description: 'Conflicts, rejected and lost records since the EventStores were started.',
      unit: 'short',
      thresholds: NONE_IS_GOOD,
      queries: one(
        words(
          `sum by (outcome) (eventstore_events_ingested_total{${STORE},`,
          'outcome=~"conflict|rejected|lost"})',
        ),
        '{{outcome}}',
      ),
      named: true,
    },
    {
      title: 'EventStores',
      kind: 'table',
      size: [12, 4],
      description: 'Version and pipe of each.',
      unit: 'short',
      columns: { frame: 'Frame', version: 'Version', pipe: 'Pipe' },
      queries: one(`count by (frame, version, pipe) (eventstore_info{${STORE}})`, 'Instances'),
    },
  ];
}
