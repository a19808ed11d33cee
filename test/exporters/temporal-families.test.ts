// Temporal's own metrics, from pages that a worker (SDK 1.24) and a server (1.32) really served.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { METRICS, SERVER_METRICS } from '../../src/exporters/metrics.js';
import { readFamilies } from '../../src/exporters/read-text.js';
import { sdkFamilies } from '../../src/exporters/sdk-families.js';
import { isServerFamily, serverFamilies } from '../../src/exporters/server-families.js';
import { writeFamilies } from '../../src/exporters/write-text.js';
import { seriesNamed, seriesOf } from './page.js';

const sdkPage = fixture('sdk-metrics.txt');
const serverPage = fixture('server-metrics.txt');

function fixture(name: string): string {
  return readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8');
}

function reduced(page: string): string {
  const families = readFamilies(page).filter(({ name }) => isServerFamily(name));
  return writeFamilies(serverFamilies(families));
}

describe('the SDK of a worker', () => {
  const joined = writeFamilies([
    ...sdkFamilies(readFamilies(sdkPage), 'one'),
    ...sdkFamilies(readFamilies(sdkPage), 'two'),
  ]);

  test('every series is passed on once for each worker, with its value', () => {
    const before = seriesOf(sdkPage);
    const after = seriesOf(joined);
    expect(after.size).toBe(2 * before.size);
    const labels = 'namespace="default",service_name="temporal-core-sdk",task_queue="canary"';
    const series = `temporal_sticky_cache_size{${labels}`;
    const value = before.get(`${series}}`);
    expect(value).toBeDefined();
    expect(after.get(`${series},worker="one"}`)).toBe(value);
    expect(after.get(`${series},worker="two"}`)).toBe(value);
  });

  test('each family has its HELP and TYPE once', () => {
    const types = joined.split('\n').filter((line) => line.startsWith('# TYPE '));
    expect(types).toHaveLength(new Set(types).size);
    expect(types).toHaveLength(readFamilies(sdkPage).length);
  });

  test('the doubled suffix of the local activity counter is mended', () => {
    expect(sdkPage).toContain('temporal_local_activity_total_total');
    expect(joined).not.toContain('_total_total');
    expect(Object.keys(seriesNamed(joined, 'temporal_local_activity_total'))).toHaveLength(2);
  });

  test.each([
    ['families of ours', 'canary_tests_total{path="x"} 1'],
    ['the server’s prefix', 'temporal_server_restarts_total 1'],
    ['other families', 'up 1'],
  ])('%s are not a worker’s to write', (_what, text) => {
    expect(sdkFamilies(readFamilies(text), 'one')).toEqual([]);
  });

  test('a label of the worker’s own making does not replace ours', () => {
    const families = sdkFamilies(readFamilies('temporal_x{worker="forged"} 1'), 'one');
    expect(families[0]?.samples[0]?.labels).toEqual({ worker: 'one' });
  });

  test('a series that occurs twice is refused', () => {
    expect(() => sdkFamilies(readFamilies('temporal_x 1\ntemporal_x 2'), 'one')).toThrow('twice');
  });
});

describe('the server', () => {
  const page = reduced(serverPage);

  test('only the allow-list comes through, under its prefix', () => {
    const allowed = new Set(SERVER_METRICS.map(({ metric }) => metric.name));
    const shown = readFamilies(page).map(({ name }) => name);
    expect(shown.filter((name) => !allowed.has(name))).toEqual([]);
    expect(shown.length).toBeGreaterThan(15);
    expect(readFamilies(serverPage).map(({ name }) => name)).toContain('cache_requests');
  });

  test('no name of the allow-list is one of ours, and none stands twice', () => {
    const names = [...Object.values(METRICS), ...SERVER_METRICS.map(({ metric }) => metric)].map(
      ({ name }) => name,
    );
    expect(names).toHaveLength(new Set(names).size);
    expect(SERVER_METRICS.length).toBeGreaterThanOrEqual(15);
    expect(SERVER_METRICS.length).toBeLessThanOrEqual(30);
  });

  test('every series has exactly the labels of the table', () => {
    const families = new Map(readFamilies(page).map((family) => [family.name, family]));
    for (const { metric } of SERVER_METRICS) {
      for (const { labels } of families.get(metric.name)?.samples ?? []) {
        expect(Object.keys(labels).filter((label) => label !== 'le')).toEqual(metric.labels);
      }
    }
  });

  test.each([
    // Two namespaces of the frontend; the history service's own calls are not a client's latency.
    ['service_latency_seconds_count{operation="StartWorkflowExecution"}', '36'],
    ['service_latency_seconds_bucket{operation="StartWorkflowExecution",le="+Inf"}', '36'],
    // Polls wait by design.
    ['service_latency_seconds_count{operation="PollWorkflowTaskQueue"}', undefined],
    // Normal and sticky partition of our queue; the server's own queues are not ours.
    ['task_schedule_to_start_latency_seconds_count{taskqueue="canary",task_type="Workflow"}', '61'],
    ['history_size_bytes_count', '34'],
    ['workflow_success_total{taskqueue="canary"}', '20'],
    ['workflow_success_total{taskqueue="validators"}', '0'],
    ['schedule_action_success_total', '14'],
    // Counters that the server creates at their first event only.
    ['schedule_missed_catchup_window_total', '0'],
    ['heartbeat_timeout_total', '0'],
    ['no_poller_tasks_total{taskqueue="canary"}', '0'],
  ])('%s is %s', (series, value) => {
    expect(seriesOf(page).get(`temporal_server_${series}`)).toBe(value);
  });

  test('a backlog is summed over partitions, its age is the oldest', () => {
    const text = [
      '# TYPE approximate_backlog_count gauge',
      'approximate_backlog_count{taskqueue="canary",task_type="Workflow",partition="0"} 3',
      'approximate_backlog_count{taskqueue="canary",task_type="Workflow",partition="1"} 4',
      'approximate_backlog_count{taskqueue="other",task_type="Workflow",partition="0"} 9',
      '# TYPE approximate_backlog_age_seconds gauge',
      'approximate_backlog_age_seconds{taskqueue="canary",task_type="Workflow",partition="0"} 7',
      'approximate_backlog_age_seconds{taskqueue="canary",task_type="Workflow",partition="1"} 2',
    ].join('\n');
    const labels = '{taskqueue="canary",task_type="Workflow"}';
    expect(seriesNamed(reduced(text), 'temporal_server_approximate_backlog_tasks')).toEqual({
      [`temporal_server_approximate_backlog_tasks${labels}`]: '7',
    });
    expect(seriesNamed(reduced(text), 'temporal_server_approximate_backlog_age_seconds')).toEqual({
      [`temporal_server_approximate_backlog_age_seconds${labels}`]: '7',
    });
  });

  test.each([
    ['a page without any of its families', 'up 1', 'no family of a Temporal server'],
    ['another type', '# TYPE restarts gauge\nrestarts{service_name="x"} 1', 'restarts is a gauge'],
    [
      'a flood of series',
      `# TYPE service_requests counter\n${Array.from(
        { length: 1_001 },
        (_, index) => `service_requests{operation="${index}"} 1`,
      ).join('\n')}`,
      'service_requests has 1001 series',
    ],
  ])('%s is refused', (_what, text, problem) => {
    expect(() => reduced(text)).toThrow(problem);
  });
});
