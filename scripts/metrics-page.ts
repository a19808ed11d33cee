// The page of all metrics of ours: family, unit, labels and meaning by the table of metrics, and
// where each comes from.
import type { Metric } from '../src/exporters/family.js';
import { METRICS, SERVER_METRICS } from '../src/exporters/metrics.js';

interface Origin {
  readonly title: string;
  readonly names: RegExp;
  readonly source: string;
}

const READ = 'read every 15 s, 1.4 s for an answer';

/** The first that fits counts. Each says which source is away where its series are absent. */
const ORIGINS: readonly Origin[] = [
  {
    title: 'The supply audits',
    names: /^supply_audit_/,
    source: 'Our PostgreSQL: certificates and findings, at each scrape. Source `postgres`.',
  },
  {
    title: 'The supply by its two voices',
    names: /^protocol_supply_/,
    source: words(
      'EventStore `GET /api/v1/projections/supply-audit` (`events`, every 15 s, source',
      '`protocol_projection/<frame>`) and TEG `GET /teg/supply-snapshot` (`ledger`, every 60',
      's, for each leaves a marker in the log; source `protocol_snapshot/<frame>`). One',
      'question takes 2.8 s at most. Each voice is held against itself alone, for both are of',
      'different moments: `events` must have issued - destroyed + transit = circulating,',
      '`ledger` circulating + in transit + issuance = 0. Frame `all` is the sum over all',
      'frames, and there only while each answers.',
    ),
  },
  {
    title: 'Federation: peers',
    names: /^protocol_federation_peer_/,
    source: words(
      `Registry \`GET /api/v1/federation/peers\`, ${READ}. Source`,
      `\`protocol_registry/<registry>\`. Peers are those of the configuration.`,
    ),
  },
  {
    title: 'Federation: drift',
    names: /^protocol_federation_/,
    source: words(
      `Both EventStores' \`GET /api/v1/federation/exchange\`, ${READ}. Source`,
      `\`protocol_federation\`; a frame that is away hides its own pairs. What was received`,
      `is read before what was emitted, so that an event on its way can only add to the`,
      `drift. Both times are of the emitter's clock.`,
    ),
  },
  {
    title: 'Governance and disputes',
    names: /^protocol_(governance|disputes)/,
    source: words(
      `Registry \`GET /api/v1/governance/summary\` and \`GET /api/v1/disputes/summary\`,`,
      `${READ}. Source \`protocol_registry/<registry>\`. Weights are whole thousandths of a`,
      `veToken.`,
    ),
  },
  {
    title: 'Stakes and A2A tokens',
    names: /^protocol_(staking|a2a)_/,
    source: words(
      `TEG \`GET /teg/staking\` and \`GET /teg/a2a-tokens/summary\`, ${READ}. Source`,
      `\`protocol_economy/<frame>\`.`,
    ),
  },
  {
    title: 'Transfers and fees',
    names: /^protocol_(transfers|fees)_/,
    source: words(
      'The TEG’s own `teg_transfers_total` and `teg_fees_collected_total`, read every 15 s, 2',
      's for an answer. Source `protocol_transfers/<frame>`. Traffic is `canary` or `user` by',
      'the memo; the sum of both is all traffic.',
    ),
  },
  {
    title: 'The end of the log, with and without canaries',
    names: /^protocol_(recent|canary_unexplained)_/,
    source: words(
      'The last 5,000 events of each EventStore without its last 5 s, read every 60 s, and',
      'for the check our own `canary_test_results` and the registered tests in Redis. Source',
      '`protocol_recent/<frame>`. The check: all traffic less user traffic is, in count,',
      'volume and fees, exactly what those tests moved; a test is looked up by transfer id,',
      'so that a memo proves nothing.',
    ),
  },
  {
    title: 'Our stores',
    names: /^canary_(store|postgres|redis)_/,
    source: words(
      'Our PostgreSQL (`pg_stat_activity`, `pg_database_size`) and our Redis (`INFO`), read',
      'every 15 s. Sources `store_health/postgres` and `store_health/redis`; of a store that',
      'is away only `canary_store_up` is there.',
    ),
  },
  {
    title: 'The platform’s Kafka consumers',
    names: /^protocol_kafka_/,
    source: words(
      'The brokers’ own account of every group that has committed an offset of a frame’s',
      `topic, ${READ}. Source \`kafka_lag\`, where a Kafka is configured. Labels are the groups`,
      'that there are. Our own readers commit nothing: theirs is',
      '`canary_validator_watermark_gap_events`.',
    ),
  },
  {
    title: 'Stamps, validators and workers',
    names: /^canary_(open_tests|validator_|workers?_)/,
    source: 'Our Redis, and each worker’s `/readyz`, at each scrape. Source `redis`.',
  },
  {
    title: 'The agents',
    names: /^canary_agent_/,
    source: 'TEG `GET /teg/agents/<id>/balance`, every 15 s. Source `teg/<frame>`.',
  },
  {
    title: 'The configuration, and the exporter itself',
    names: /^canary_(path_info|cycle_interval|deadline|build_info|exporter_)/,
    source: 'Our configuration and the exporter’s own process, at each scrape.',
  },
  {
    title: 'Tests and cycles',
    names: /^canary_/,
    source: words(
      'Our PostgreSQL, accumulated with the rows that are counted, at each scrape. Source',
      '`postgres`.',
    ),
  },
  {
    title: 'The Temporal server',
    names: /^temporal_server_/,
    source: 'The server’s own metrics by allow-list, every 10 s. Source `temporal_server`.',
  },
];

/** By the end of a name, the counter's ending left out; whatever else is a count. */
const UNITS: readonly (readonly [RegExp, string])[] = [
  [/_seconds$/, 'seconds'],
  [/_avt$/, 'AVT'],
  [/_bytes$/, 'bytes'],
  [/_ratio$/, '0 to 1'],
  [/_voting_power$/, 'veToken'],
  [/_weight$/, 'weight'],
  [/_(info|up|active|clean|state|status|outcome|caught_up)$/, '1 or 0'],
];

/** The blocks of `docs/metrics.md`; throws where a metric has no origin. */
export function metricsBlocks(
  table: (head: readonly string[], rows: readonly (readonly string[])[]) => string,
): readonly string[] {
  const metrics: readonly Metric[] = [
    ...Object.values<Metric>(METRICS),
    ...SERVER_METRICS.map(({ metric }) => metric),
  ];
  return [
    '# Metrics',
    lines(
      'Every family of the exporter’s `/metrics`, by the table in `src/exporters/metrics.ts`.',
      'Label sets are closed and every series is there from the start, but for a source that is',
      'away: it has none, and `canary_exporter_source_up` is 0 for it. The SDK’s `temporal_*`',
      'of each worker are joined in as they are.',
    ),
    lines(
      'Amounts are AVT and written exactly, with six places. Prometheus keeps floats of 53',
      'bits, so that an amount beyond 9,007,199,254 AVT loses its last places there; what must',
      'be exact is computed before it is shown.',
    ),
    ...ORIGINS.flatMap((origin) => [
      `## ${origin.title}`,
      origin.source,
      table(
        ['metric', 'type', 'unit', 'labels', 'meaning'],
        metrics.filter((metric) => originOf(metric) === origin).map(rowOf),
      ),
    ]),
  ];
}

function originOf({ name }: Metric): Origin {
  const origin = ORIGINS.find(({ names }) => names.test(name));
  if (origin === undefined) throw new Error(`${name} has no origin in scripts/metrics-page.ts`);
  return origin;
}

function rowOf({ help, labels, name, type }: Metric): readonly string[] {
  const stem = name.replace(/_total$/, '');
  const unit = UNITS.find(([ending]) => ending.test(stem))?.[1] ?? 'count';
  const shown = labels.map((label) => `\`${label}\``).join(', ');
  return [`\`${name}\``, type, unit, shown, help.replaceAll('<', '&lt;')];
}

/** A text of several lines of code, as one line of the page. */
function words(...parts: readonly string[]): string {
  return parts.join(' ');
}

function lines(...parts: readonly string[]): string {
  return parts.join('\n');
}
