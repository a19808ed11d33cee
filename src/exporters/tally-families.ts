// The counters and histograms of results, from the tallies that the store has accumulated. Every
// series that can be exists from the start with 0; one that cannot be is counted, never shown.
import { CORRECTION_KINDS } from '../domain/correction.js';
import { FINDING_KINDS } from '../domain/finding.js';
import type { Path } from '../domain/path.js';
import { PRUNED } from '../domain/retention.js';
import { AUDIT_OUTCOMES } from '../domain/supply-certificate.js';
import { DEFECT_CLASSES } from '../domain/supply-finding.js';
import { BUCKETS_SECONDS, type Tally, type TallyName } from '../domain/tally.js';
import {
  type Family,
  familyOf,
  headOf,
  type Labels,
  type Metric,
  type Sample,
  valueText,
} from './family.js';
import { missedEventLabelSets, outcomeLabels, pathLabels, testLabels } from './label-sets.js';
import { METRICS } from './metrics.js';

interface TallyCounter {
  readonly tally: TallyName;
  readonly metric: Metric;
  /** Every label set that can occur. */
  readonly labelSets: (paths: readonly Path[]) => readonly Labels[];
}

interface TallyHistogram {
  readonly tally: keyof typeof BUCKETS_SECONDS;
  readonly metric: Metric;
}

const perPath = (paths: readonly Path[]) => paths.map(pathLabels);
const perKind = (kinds: readonly string[]) => () => kinds.map((kind) => ({ kind }));

const COUNTERS: readonly TallyCounter[] = [
  { tally: 'tests', metric: METRICS.tests, labelSets: (paths) => paths.flatMap(testLabels) },
  {
    tally: 'maintenance_tests',
    metric: METRICS.maintenanceTests,
    labelSets: (paths) => paths.flatMap(outcomeLabels),
  },
  { tally: 'late', metric: METRICS.late, labelSets: perPath },
  { tally: 'degraded', metric: METRICS.degraded, labelSets: perPath },
  { tally: 'unknown', metric: METRICS.unknown, labelSets: perPath },
  { tally: 'unobserved', metric: METRICS.unobserved, labelSets: perPath },
  { tally: 'findings', metric: METRICS.findings, labelSets: perKind(FINDING_KINDS) },
  { tally: 'missed_events', metric: METRICS.missedEvents, labelSets: missedEventLabelSets },
  { tally: 'corrections', metric: METRICS.corrections, labelSets: perKind(CORRECTION_KINDS) },
  {
    tally: 'pruned',
    metric: METRICS.pruned,
    labelSets: () => PRUNED.map((what) => ({ what })),
  },
  { tally: 'missed_slots', metric: METRICS.missedSlots, labelSets: () => [{}] },
  {
    tally: 'audits',
    metric: METRICS.auditCertificates,
    labelSets: () => AUDIT_OUTCOMES.map((outcome) => ({ outcome })),
  },
  {
    tally: 'supply_findings',
    metric: METRICS.auditFindings,
    labelSets: () => DEFECT_CLASSES.map((defect) => ({ class: defect })),
  },
  { tally: 'missed_audits', metric: METRICS.auditMissed, labelSets: () => [{}] },
  {
    tally: 'cycles',
    metric: METRICS.cycles,
    labelSets: () => [{ clean: 'true' }, { clean: 'false' }],
  },
];

const HISTOGRAMS: readonly TallyHistogram[] = [
  { tally: 'latency', metric: METRICS.testLatency },
  { tally: 'committed_latency', metric: METRICS.committedLatency },
  { tally: 'observer_share', metric: METRICS.observerShare },
];

/** All families that tallies make, and how many tallies belong to none of their series. */
export function tallyFamilies(
  tallies: readonly Tally[],
  paths: readonly Path[],
): readonly Family[] {
  const index = createIndex(tallies);
  const counters = COUNTERS.map(({ tally, metric, labelSets }) =>
    familyOf(
      metric,
      labelSets(paths).map((labels) => ({ labels, value: total(index.take(tally, labels)) })),
    ),
  );
  const histograms = HISTOGRAMS.map((row) => ({
    ...headOf(row.metric),
    samples: paths.flatMap((path) => histogramSamples(row, pathLabels(path), index)),
  }));
  const unknown = familyOf(METRICS.unknownTallies, [{ labels: {}, value: index.countLeft() }]);
  return [...counters, ...histograms, unknown];
}

/**
 * A tally holds one bucket alone; the text format wants each bucket to hold the smaller ones too.
 * Bounds are compared as numbers, so that buckets of an older table still count where they belong.
 */
function histogramSamples(
  { tally, metric }: TallyHistogram,
  labels: Labels,
  index: TallyIndex,
): readonly Sample[] {
  const buckets = index.take(`${tally}_bucket`, labels);
  const count = total(index.take(`${tally}_count`, labels));
  const sum = total(index.take(`${tally}_sum`, labels));
  const bucket = (le: string, value: number) => ({
    name: `${metric.name}_bucket`,
    labels: { ...labels, le },
    value: valueText(value),
  });
  return [
    ...BUCKETS_SECONDS[tally].map((bound) =>
      bucket(String(bound), total(buckets.filter((one) => Number(one.labels.le) <= bound))),
    ),
    bucket('+Inf', count),
    { name: `${metric.name}_sum`, labels, value: valueText(sum) },
    { name: `${metric.name}_count`, labels, value: valueText(count) },
  ];
}

interface TallyIndex {
  /** The tallies of a name and label set, whatever their bucket. */
  take(tally: TallyName, labels: Labels): readonly Tally[];
  /** How many tallies nobody has taken. */
  countLeft(): number;
}

function createIndex(tallies: readonly Tally[]): TallyIndex {
  const left = new Map<string, Tally[]>();
  for (const one of tallies) {
    const { le: _bucket, ...labels } = one.labels;
    const key = keyOf(one.tally, labels);
    const alike = left.get(key);
    if (alike === undefined) left.set(key, [one]);
    else alike.push(one);
  }
  return {
    take(tally, labels) {
      const key = keyOf(tally, labels);
      const taken = left.get(key) ?? [];
      left.delete(key);
      return taken;
    },
    countLeft: () => [...left.values()].reduce((count, alike) => count + alike.length, 0),
  };
}

function keyOf(tally: TallyName, labels: Labels): string {
  return JSON.stringify([tally, Object.entries(labels).sort()]);
}

function total(tallies: readonly Tally[]): number {
  return tallies.reduce((sum, one) => sum + one.add, 0);
}
