// The exporter: asks every source at once and joins what they answer into one page of metrics. It
// counts nothing itself, so any number of workers and exporters show the same figures.

import { type AgentSourceDependencies, createAgentSource } from './agent-source.js';
import { type Family, familyOf } from './family.js';
import { createHealthSources, type HealthSourceDependencies } from './health-sources.js';
import { METRICS } from './metrics.js';
import { createProcessFamilies } from './process-families.js';
import { createProtocolSources, type ProtocolDependencies } from './protocol-sources.js';
import { type Readiness, type ReadinessDependencies, readinessOf } from './readiness.js';
import { createServerSource } from './server-source.js';
import type { Reading, Source, SourceState } from './source.js';
import { staticFamilies } from './static-families.js';
import {
  createResultSource,
  createStampSource,
  type ResultSourceDependencies,
  type StampSourceDependencies,
} from './store-sources.js';
import { readWorkers } from './worker-sources.js';
import { writeFamilies } from './write-text.js';

export interface Exporter {
  /** The page, within seven seconds whatever is away. Callers at one time share one page. */
  metrics(): Promise<string>;
  /** Whether the stores answer, and what else does not. */
  readiness(): Promise<Readiness>;
}

export interface ExporterDependencies
  extends ResultSourceDependencies,
    StampSourceDependencies,
    AgentSourceDependencies,
    ProtocolDependencies,
    HealthSourceDependencies,
    ReadinessDependencies {
  readonly results: ResultSourceDependencies['results'] & ReadinessDependencies['results'];
  readonly stamps: StampSourceDependencies['stamps'] & ReadinessDependencies['stamps'];
  /** Told when a source goes away and when it is back. */
  readonly onChange: (state: SourceState) => void;
}

export function createExporter(deps: ExporterDependencies): Exporter {
  const others = createOtherSources(deps);
  const collect = createCollector(deps, [
    ...createStoreSources(deps),
    ...others,
    ...createProtocolSources(deps, deps.settings),
    ...createHealthSources(deps),
  ]);
  let pending: Promise<string> | undefined;
  return {
    metrics() {
      pending ??= collect().finally(() => {
        pending = undefined;
      });
      return pending;
    },
    readiness: () => readinessOf(deps, others),
  };
}

function createCollector(
  deps: ExporterDependencies,
  sources: readonly Source[],
): () => Promise<string> {
  const unchanging = staticFamilies(deps.settings);
  const processFamilies = createProcessFamilies();
  const report = createReport(deps.onChange);
  return async () => {
    const [process, ...readings] = await Promise.all([
      processFamilies(),
      ...sources.map((source) => source.read()),
    ]);
    const states = readings.flatMap((reading) => reading.states);
    report(states);
    const families = readings.flatMap((reading) => reading.families);
    return writeFamilies([...unchanging, ...stateFamilies(states), ...families, ...process]);
  };
}

/** The stores, and the workers by the one that knows them. */
function createStoreSources(deps: ExporterDependencies): readonly Source[] {
  const stamps = createStampSource(deps);
  return [
    createResultSource(deps),
    {
      read: async () =>
        joined(await stamps.read(), await readWorkers(deps.clock, stamps.knownWorkers())),
    },
  ];
}

function createOtherSources(deps: ExporterDependencies): readonly Source[] {
  const { serverMetricsUrl, topology } = deps.settings;
  return [
    ...topology.frames.map((frame) => createAgentSource(deps, frame)),
    ...(serverMetricsUrl === undefined ? [] : [createServerSource(deps.clock, serverMetricsUrl)]),
  ];
}

function joined(one: Reading, other: Reading): Reading {
  return {
    families: [...one.families, ...other.families],
    states: [...one.states, ...other.states],
  };
}

function stateFamilies(states: readonly SourceState[]): readonly Family[] {
  return [
    familyOf(
      METRICS.sourceUp,
      states.map(({ source, up }) => ({ labels: { source }, value: up })),
    ),
    familyOf(
      METRICS.sourceSeconds,
      states.map(({ source, seconds }) => ({ labels: { source }, value: seconds })),
    ),
  ];
}

/** Tells of changes alone, so that an outage is two lines in the log and not one per scrape. */
function createReport(onChange: (state: SourceState) => void) {
  let wasUp: ReadonlyMap<string, boolean> = new Map();
  return (states: readonly SourceState[]): void => {
    for (const state of states) {
      if ((wasUp.get(state.source) ?? true) !== state.up) onChange(state);
    }
    wasUp = new Map(states.map(({ source, up }) => [source, up]));
  };
}
