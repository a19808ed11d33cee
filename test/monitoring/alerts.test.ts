// Every alert is silent before and fires after, with full labels and texts, by promtool; nothing
// that belongs to an alert is missing or names what there is not.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { CASE_FILES } from '../../monitoring/src/cases/case-files.js';
import { promtoolFile } from '../../monitoring/src/cases/promtool-file.js';
import {
  parseSeries,
  pick,
  recordedSeries,
  renderSeries,
} from '../../monitoring/src/cases/recorded-series.js';
import { REFERENCE } from '../../monitoring/src/config.js';
import { duration } from '../../monitoring/src/duration.js';
import { KNOWN_METRICS } from '../../monitoring/src/metrics/known-metrics.js';
import { familyName, metricNames } from '../../monitoring/src/promql/parse.js';
import { inhibitRules } from '../../monitoring/src/rules/inhibit.js';
import { recordings } from '../../monitoring/src/rules/records.js';
import { alertGroups } from '../../monitoring/src/rules/rule-files.js';
import { runbookPage } from '../../monitoring/src/rules/runbook.js';
import { SECURITY_EVENTS } from '../../monitoring/src/rules/security-events.js';
import { provideProgram } from '../../stack/infrastructure.js';
import { temporaryDirectory } from '../stack/support.js';
import { narrowRules } from './narrowed-rules.js';

const DIRECTORY = 'monitoring/prometheus';
const PROMTOOL_MS_MAX = 120_000;
const run = promisify(execFile);

const alerts = alertGroups(REFERENCE).flatMap((group) => group.alerts);
const names = alerts.map(({ alert }) => alert);

/** Alerts that no series can be recorded for here, and why. */
const WITHOUT_CASE: Readonly<Record<string, string>> = {
  Watchdog: 'it always fires; the end-to-end cases wait for its mail',
};

/** The severities that the seed gives. */
const OF_THE_SEED: Readonly<Record<string, string>> = {
  SupplyLedgerStale: 'critical',
  ServiceDown: 'critical',
  PostgreSQLDown: 'critical',
  EventStoreStaleLedger: 'critical',
  FrameBRegistryDown: 'critical',
  FrameBEventStoreDown: 'critical',
  FrameBLedgerStale: 'critical',
  FrameBHighErrorRate: 'warning',
  HighErrorRate: 'warning',
  HighLatencyP95: 'warning',
  FederationPeerDown: 'warning',
  DBConnectionsHigh: 'warning',
  DBConnectionsCritical: 'warning',
  HostHighCPU: 'warning',
  HostHighMemory: 'warning',
  HostDiskSpaceLow: 'warning',
  DiskSpaceCritical: 'warning',
  ContainerRestarting: 'warning',
  ContainerMemoryHigh: 'warning',
  EventStoreDeadlockBurst: 'warning',
  PostgreSQLHighConnections: 'warning',
  PostgreSQLLowCacheHitRatio: 'warning',
};

async function promtool(args: readonly string[]): Promise<string> {
  const program = await provideProgram('promtool', {
    environment: process.env,
    report: () => undefined,
  });
  const { stdout, stderr } = await run(program, [...args], { timeout: PROMTOOL_MS_MAX });
  return stdout + stderr;
}

describe('promtool', () => {
  test('takes the rules', { timeout: PROMTOOL_MS_MAX }, async () => {
    const files = ['prometheus_records.yml', 'prometheus_alerts.yml'];
    const said = await promtool(['check', 'rules', ...files.map((file) => `${DIRECTORY}/${file}`)]);
    expect(said).toContain(`SUCCESS: ${alerts.length} rules found`);
  });

  test.each(Object.keys(CASE_FILES))('%s', { timeout: PROMTOOL_MS_MAX }, async (file) => {
    const narrowed = narrowRules(DIRECTORY, `${DIRECTORY}/tests/${file}`, temporaryDirectory());
    expect(await promtool(['test', 'rules', narrowed])).toContain('SUCCESS');
  });
});

describe('every alert', () => {
  const cases = Object.values(CASE_FILES).flatMap((file) => file.cases);

  test('has a case, or a reason to have none', () => {
    const tried = new Set([...cases.map(({ alert }) => alert), ...Object.keys(WITHOUT_CASE)]);
    expect(names.filter((name) => !tried.has(name))).toEqual([]);
    expect(Object.keys(WITHOUT_CASE).filter((name) => !names.includes(name))).toEqual([]);
  });

  test('has its section in the runbook, under the anchor of its mail', () => {
    const headings = readFileSync('docs/runbook.md', 'utf8').match(/^### .+$/gm) ?? [];
    const posted = SECURITY_EVENTS.map(({ alert }) => alert);
    expect(headings.map((heading) => heading.slice('### '.length))).toEqual([...names, ...posted]);
  });

  test('and every recording asks only for metrics that there are', () => {
    const records = recordings(REFERENCE).flatMap((group) => group.records);
    const recorded = new Set(records.map(({ record }) => record));
    const families = new Set([...KNOWN_METRICS, ...recorded]);
    const asked = [...alerts, ...records].flatMap(({ expr }) => metricNames(expr));
    const unknown = asked.filter((name) => !families.has(familyName(name, families)));
    expect([...new Set(unknown)].filter((name) => name !== 'up')).toEqual([]);
  });

  test('that a runbook names is there', () => {
    const text = readFileSync('docs/runbook.md', 'utf8');
    const named = text.match(/\b(Canary|Supply|Host|Federation)[A-Z]\w+/g) ?? [];
    expect(named.filter((name) => !names.includes(name))).toEqual([]);
  });

  test('of the seed is there, with the severity of the seed', () => {
    const severities = Object.fromEntries(alerts.map(({ alert, severity }) => [alert, severity]));
    expect(severities).toMatchObject(OF_THE_SEED);
  });

  test('that silences or is silenced is there', () => {
    const matchers = inhibitRules(REFERENCE).flatMap((rule) => [
      ...rule.source_matchers,
      ...rule.target_matchers,
    ]);
    const named = matchers.flatMap(
      (matcher) => /^alertname=~?"(.*)"$/.exec(matcher)?.[1]?.split('|') ?? [],
    );
    expect(named.filter((name) => !names.includes(name))).toEqual([]);
    expect(named.length).toBeGreaterThan(20);
  });
});

describe('other topologies', () => {
  const [home] = REFERENCE.topology.frames;
  if (home === undefined) throw new Error('the reference has no frame');
  const of = (frames: readonly { id: string; registries: readonly string[] }[]) =>
    alertGroups({ ...REFERENCE, topology: { ...REFERENCE.topology, frames } }).flatMap((group) =>
      group.alerts.map(({ alert }) => alert),
    );

  test('a single frame has no alerts of other frames', () => {
    expect(of([home]).filter((name) => name.startsWith('Frame'))).toEqual([]);
  });

  test('a third frame has its own', () => {
    const frames = [...REFERENCE.topology.frames, { id: 'C', registries: ['C1'] }];
    expect(of(frames).filter((name) => name.startsWith('FrameC'))).toEqual([
      'FrameCRegistryDown',
      'FrameCEventStoreDown',
      'FrameCLedgerStale',
      'FrameCHighErrorRate',
    ]);
  });

  test('without containers no alert waits for what never comes, and the runbook says so', () => {
    const topology = { ...REFERENCE.topology, hasContainers: false };
    const groups = alertGroups({ ...REFERENCE, topology });
    expect(groups.map(({ name }) => name)).not.toContain('containers');
    const page = runbookPage({ ...REFERENCE, topology });
    expect(page).toContain(
      'No source: nothing runs in a container here, so that ContainerRestarting',
    );
    expect(page).not.toContain('### ContainerRestarting');
    expect(runbookPage(REFERENCE)).not.toContain('No source:');
  });
});

describe('the cases', () => {
  const recorded = recordedSeries();

  test('pick only series that a scrape has shown', () => {
    expect(() => pick(recorded, 'up{job="nobody"}')).toThrow('no scrape has shown');
    expect(pick(recorded, 'up{job="teg",frame="A"}')).toHaveLength(1);
  });

  test('that name an unknown alert stop the generation', () => {
    const wrong = { alert: 'Nobody', what: '', series: [], silentAt: '', firesAt: '', says: '' };
    expect(() => promtoolFile({ interval: '15s', cases: [wrong] }, recorded)).toThrow(
      'no alert is called Nobody',
    );
  });

  test.each(['up{job="a,b=\\"c\\""}', 'up{}', 'up{a="1",b="}"}'])('read %s', (text) => {
    expect(renderSeries(parseSeries(text))).toBe(text);
  });

  test.each(['up{', '1up{}', 'up{a=b}', 'up{a="b" c="d"}'])('refuse %s', (text) => {
    expect(() => parseSeries(text)).toThrow(TypeError);
  });
});

test.each([
  [0, '0s'],
  [45, '45s'],
  [90, '90s'],
  [300, '5m'],
  [7_200, '2h'],
  [259_200, '3d'],
])('%i seconds are %s', (seconds, text) => expect(duration(seconds)).toBe(text));
