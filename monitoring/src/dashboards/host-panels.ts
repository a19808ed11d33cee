// The hosts, by the node exporter: part of the overview, for no other dashboard has them.
import type { MonitoringConfig } from '../config.js';
import type { PanelPlan } from './model.js';
import { badAbove, one, words } from './selectors.js';

const SIZE = [6, 7] as const;
/** File systems that hold something; the others are memory or views of the same disk. */
const DISK = 'fstype!~"tmpfs|overlay|squashfs|ramfs|devtmpfs"';

export function hostPanels(config: MonitoringConfig): readonly PanelPlan[] {
  return [...computing(config), ...diskAndNetwork(config)];
}

function computing({ limits }: MonitoringConfig): readonly PanelPlan[] {
  return [
    {
      title: 'Host: CPU used',
      kind: 'chart',
      size: SIZE,
      description: 'The part of all cores that works (HostHighCPU).',
      unit: 'percentunit',
      min: 0,
      max: 1,
      thresholds: badAbove(limits.hostCpuRatio * 0.8, limits.hostCpuRatio),
      queries: one(
        words(
          '1 - avg by (instance)',
          '(rate(node_cpu_seconds_total{mode="idle"}[$__rate_interval]))',
        ),
        '{{instance}}',
      ),
    },
    {
      title: 'Host: memory used',
      kind: 'chart',
      size: SIZE,
      description: 'The part of memory that no program can get any more (HostHighMemory).',
      unit: 'percentunit',
      min: 0,
      max: 1,
      thresholds: badAbove(limits.hostMemoryRatio * 0.8, limits.hostMemoryRatio),
      queries: one(
        '1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes',
        '{{instance}}',
      ),
    },
  ];
}

function diskAndNetwork({ limits }: MonitoringConfig): readonly PanelPlan[] {
  return [
    {
      title: 'Host: disk left',
      kind: 'chart',
      size: SIZE,
      description:
        'The part of each file system that is left (HostDiskSpaceLow, DiskSpaceCritical).',
      unit: 'percentunit',
      min: 0,
      max: 1,
      thresholds: [
        [Number.NEGATIVE_INFINITY, 'red'],
        [limits.diskCriticalRatio, 'yellow'],
        [limits.hostDiskLowRatio, 'green'],
      ],
      queries: one(
        words(
          `min by (instance, mountpoint) (node_filesystem_avail_bytes{${DISK}}`,
          `/ (node_filesystem_size_bytes{${DISK}} > 0))`,
        ),
        '{{instance}} {{mountpoint}}',
      ),
    },
    {
      title: 'Host: network',
      kind: 'chart',
      size: SIZE,
      description: 'What each host receives and sends, without its talk to itself.',
      unit: 'Bps',
      queries: [
        {
          expr: words(
            'sum by (instance)',
            '(rate(node_network_receive_bytes_total{device!="lo"}[$__rate_interval]))',
          ),
          legend: '{{instance}} received',
        },
        {
          expr: words(
            'sum by (instance)',
            '(rate(node_network_transmit_bytes_total{device!="lo"}[$__rate_interval]))',
          ),
          legend: '{{instance}} sent',
        },
      ],
    },
  ];
}
