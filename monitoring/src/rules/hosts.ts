// Alerts on hosts and containers. Without cAdvisor the container alerts have no source.
import type { MonitoringConfig } from '../config.js';
import { JOBS } from '../names.js';
import { type Alert, type AlertGroup, percent, windowOf } from './alert.js';

const NODE = `job="${JOBS.node}"`;
/** File systems that fill up; what lives in memory or is read-only by nature does not count. */
const DISKS = `${NODE},fstype!~"tmpfs|ramfs|overlay|squashfs|iso9660"`;

export function hostAlerts(config: MonitoringConfig): AlertGroup {
  return { name: 'hosts', alerts: [...pressureAlerts(config), ...diskAlerts(config)] };
}

function pressureAlerts(config: MonitoringConfig): readonly Alert[] {
  const { limits } = config;
  return [
    {
      alert: 'HostHighCPU',
      severity: 'warning',
      component: 'host',
      expr:
        `1 - avg by (instance) (rate(node_cpu_seconds_total{${NODE},mode="idle"}` +
        `[${windowOf(config, 300)}])) > ${limits.hostCpuRatio}`,
      forSeconds: 600,
      summary: 'A host has no processor time left',
      description: '{{ $labels.instance }} is busy {{ $value | humanizePercentage }} of the time.',
      dashboard: { name: 'overview' },
      runbook: {
        means: 'Latencies grow, and canaries become late before anything fails.',
        look: '`top` on the host; `canary_observer_share_seconds` tells whether only we are slow.',
        mend: 'Move or slow what is not the platform’s own work.',
      },
    },
    {
      alert: 'HostHighMemory',
      severity: 'warning',
      component: 'host',
      expr:
        `1 - node_memory_MemAvailable_bytes{${NODE}} / node_memory_MemTotal_bytes{${NODE}}` +
        ` > ${limits.hostMemoryRatio}`,
      forSeconds: 300,
      summary: 'A host is about to run out of memory',
      description: '{{ $labels.instance }} uses {{ $value | humanizePercentage }} of its memory.',
      dashboard: { name: 'overview' },
      runbook: {
        means: 'The next allocation may end a process that holds a ledger.',
        look: 'Which process grows: `process_resident_memory_bytes` by job.',
        mend: 'Restart what leaks; every service here may be restarted at any moment.',
      },
    },
  ];
}

function diskAlerts({ limits }: MonitoringConfig): readonly Alert[] {
  const disk = (alert: string, limit: number, forSeconds: number, summary: string): Alert => ({
    alert,
    severity: 'warning',
    component: 'host',
    expr: `node_filesystem_avail_bytes{${DISKS}} / node_filesystem_size_bytes{${DISKS}} < ${limit}`,
    forSeconds,
    summary,
    description:
      '{{ $labels.mountpoint }} of {{ $labels.instance }} has {{ $value | humanizePercentage }} ' +
      `left; ${percent(limit)} is the limit.`,
    dashboard: { name: 'overview' },
    runbook: {
      means: 'PostgreSQL stops at a full disk, and with it everything else.',
      look: '`du -x` from the mount point; logs, old segments and dumps come first.',
      mend: 'Free space, or grow the volume. Never delete below a database’s directory.',
    },
  });
  return [
    disk('HostDiskSpaceLow', limits.hostDiskLowRatio, 600, 'A disk fills up'),
    disk('DiskSpaceCritical', limits.diskCriticalRatio, 300, 'A disk is almost full'),
  ];
}

const CADVISOR_ONLY =
  'cAdvisor, which runs beside containers only. Where nothing runs in a container the rule is ' +
  'left out (`topology.hasContainers`), and nothing takes its place.';

/** Only where cAdvisor runs: without it they could never fire, and would look as if they might. */
export function containerAlerts(config: MonitoringConfig): readonly AlertGroup[] {
  if (!config.topology.hasContainers) return [];
  const { limits } = config;
  const window = windowOf(config, 900);
  const cadvisor = `job="${JOBS.cadvisor}",name!=""`;
  const dashboard = { name: 'containers' } as const;
  const alerts: readonly Alert[] = [
    {
      alert: 'ContainerRestarting',
      severity: 'warning',
      component: 'container',
      expr:
        `sum by (instance, name) (changes(container_start_time_seconds{${cadvisor}}` +
        `[${window}])) >= ${limits.containerRestarts}`,
      forSeconds: 0,
      summary: 'A container starts again and again',
      description: `{{ $labels.name }} started {{ $value }} times within ${window}.`,
      dashboard,
      runbook: {
        means: 'Something ends it as soon as it is up, and its supervisor tries again.',
        look: 'Its exit code (137 is out of memory) and the last lines before each end.',
        mend: 'Mend the cause; a restart loop mends nothing.',
        source: CADVISOR_ONLY,
      },
    },
    {
      alert: 'ContainerMemoryHigh',
      severity: 'warning',
      component: 'container',
      expr:
        `max by (instance, name) (container_memory_working_set_bytes{${cadvisor}} / ` +
        `(container_spec_memory_limit_bytes{${cadvisor}} > 0)) > ${limits.containerMemoryRatio}`,
      forSeconds: 300,
      summary: 'A container is close to its memory limit',
      description: '{{ $labels.name }} uses {{ $value | humanizePercentage }} of its limit.',
      dashboard,
      runbook: {
        means: 'At the limit the kernel ends it.',
        look: 'Does it grow without end (a leak), or with the load?',
        mend: 'Restart it, then raise the limit or mend the leak.',
        source: CADVISOR_ONLY,
      },
    },
  ];
  return [{ name: 'containers', alerts }];
}
