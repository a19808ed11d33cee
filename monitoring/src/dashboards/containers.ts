// CPU, memory and network of every container, by cAdvisor.
import type { MonitoringConfig } from '../config.js';
import { DASHBOARDS, JOBS } from '../names.js';
import type { DashboardPlan, PanelPlan, QueryPlan } from './model.js';
import { badAbove, NO_CADVISOR_VALUE, NO_COLOUR, one, words } from './selectors.js';

const CHOSEN = `job="${JOBS.cadvisor}", name=~"$container", name!=""`;
const HALF = [12, 8] as const;
const R = '[$__rate_interval]';
const NO_CADVISOR = 'cAdvisor runs beside containers only, and nothing here runs in one';
const NO_LIMIT = `${NO_CADVISOR}, or no container has a limit`;

export function containers({ limits }: MonitoringConfig): DashboardPlan {
  return {
    ...DASHBOARDS.containers,
    description: words(
      'What each container uses. Where the platform runs as plain processes there is no cAdvisor',
      'and nothing here; the processes are in 02 — Registry & Service Health.',
    ),
    variables: ['container'],
    annotations: ['registryRestarts', 'workerRestarts'],
    sections: [
      { title: 'CPU and memory', panels: sourced(use(limits.containerMemoryRatio)) },
      { title: 'Network and disk', panels: sourced(traffic()) },
      { title: 'Restarts', panels: sourced(restarts(limits.containerRestarts)) },
    ],
  };
}

function sourced(panels: readonly PanelPlan[]): readonly PanelPlan[] {
  return panels.map((panel) => ({ ...panel, noValue: NO_CADVISOR_VALUE }));
}

function use(memoryRatio: number): readonly PanelPlan[] {
  return [
    {
      title: 'CPU',
      kind: 'chart',
      size: HALF,
      description: 'Cores that each container uses.',
      unit: 'suffix: cores',
      queries: query(`sum by (name) (rate(container_cpu_usage_seconds_total{${CHOSEN}}${R}))`),
    },
    {
      title: 'CPU withheld',
      kind: 'chart',
      size: HALF,
      description: 'Time that a container wanted to work and was not allowed to, by its limit.',
      unit: 'percentunit',
      thresholds: badAbove(0.1, 0.25),
      queries: one(
        `sum by (name) (rate(container_cpu_cfs_throttled_seconds_total{${CHOSEN}}${R}))`,
        '{{name}}',
        { emptyBecause: NO_LIMIT },
      ),
    },
    {
      title: 'Memory',
      kind: 'chart',
      size: HALF,
      description: 'The working set: what the kernel cannot take back.',
      unit: 'bytes',
      queries: query(`sum by (name) (container_memory_working_set_bytes{${CHOSEN}})`),
    },
    {
      title: 'Memory, part of the limit',
      kind: 'chart',
      size: HALF,
      description: 'At 1 the container is killed (ContainerMemoryHigh).',
      unit: 'percentunit',
      max: 1,
      thresholds: badAbove(memoryRatio * 0.8, memoryRatio),
      queries: one(
        words(
          `sum by (name) (container_memory_working_set_bytes{${CHOSEN}})`,
          `/ (sum by (name) (container_spec_memory_limit_bytes{${CHOSEN}}) > 0)`,
        ),
        '{{name}}',
        { emptyBecause: NO_LIMIT },
      ),
    },
  ];
}

function traffic(): readonly PanelPlan[] {
  return [
    {
      title: 'Network received',
      kind: 'chart',
      size: HALF,
      description: 'Bytes that reach each container.',
      unit: 'Bps',
      queries: query(`sum by (name) (rate(container_network_receive_bytes_total{${CHOSEN}}${R}))`),
    },
    {
      title: 'Network sent',
      kind: 'chart',
      size: HALF,
      description: 'Bytes that leave each container.',
      unit: 'Bps',
      queries: query(`sum by (name) (rate(container_network_transmit_bytes_total{${CHOSEN}}${R}))`),
    },
    {
      title: 'Disk read',
      kind: 'chart',
      size: HALF,
      description: 'Bytes that each container reads from block devices.',
      unit: 'Bps',
      queries: query(`sum by (name) (rate(container_fs_reads_bytes_total{${CHOSEN}}${R}))`),
    },
    {
      title: 'Disk written',
      kind: 'chart',
      size: HALF,
      description: 'Bytes that each container writes to block devices.',
      unit: 'Bps',
      queries: query(`sum by (name) (rate(container_fs_writes_bytes_total{${CHOSEN}}${R}))`),
    },
  ];
}

function restarts(limit: number): readonly PanelPlan[] {
  return [
    {
      title: 'Containers',
      kind: 'table',
      size: [24, 10],
      description: 'When each was started, and how often within the last hour.',
      unit: 'short',
      columns: { name: 'Container', image: 'Image' },
      sortBy: { column: 'Restarts, last hour', descending: true },
      queries: [
        {
          expr: `max by (name, image) (container_start_time_seconds{${CHOSEN}}) * 1000`,
          legend: 'Started',
          unit: 'dateTimeFromNow',
          emptyBecause: NO_CADVISOR,
        },
        {
          expr: `max by (name, image) (changes(container_start_time_seconds{${CHOSEN}}[1h]))`,
          legend: 'Restarts, last hour',
          thresholds: badAbove(1, limit),
          emptyBecause: NO_CADVISOR,
        },
        {
          expr: `time() - max by (name, image) (container_last_seen{${CHOSEN}})`,
          legend: 'Seen ago',
          unit: 's',
          thresholds: NO_COLOUR,
          emptyBecause: NO_CADVISOR,
        },
      ],
    },
  ];
}

function query(expr: string): readonly QueryPlan[] {
  return one(expr, '{{name}}', { emptyBecause: NO_CADVISOR });
}
