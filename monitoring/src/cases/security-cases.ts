// Cases of the alerts on the guards of the hosts.
import type { AlertCase } from './alert-case.js';

const FILE = 'node_textfile_mtime_seconds{file="/var/lib/prometheus/node-exporter';

const GUARD_CASES: readonly AlertCase[] = [
  {
    alert: 'CrowdSecDown',
    what: 'CrowdSec ends',
    series: [{ select: 'up{job="crowdsec"}', values: '1x4 0x40' }],
    silentAt: '6m',
    firesAt: '6m15s',
    says: 'CrowdSec of {host} at {instance} does not answer.',
  },
  {
    alert: 'CrowdSecBouncerDown',
    what: 'its bouncer ends',
    series: [{ select: 'up{job="crowdsec-bouncer"}', values: '1x4 0x40' }],
    silentAt: '6m',
    firesAt: '6m15s',
    says: 'The bouncer of {host} at {instance} does not answer.',
  },
  {
    alert: 'Fail2banDown',
    what: 'its writer finds that fail2ban does not answer',
    series: [{ select: 'fail2ban_up{job="node-exporter"}', values: '1x4 0x40' }],
    silentAt: '6m',
    firesAt: '6m15s',
    says: 'fail2ban of {instance} does not answer its client.',
  },
];

const STALE_CASES: readonly AlertCase[] = [
  {
    alert: 'Fail2banStale',
    what: 'its writer stops after ten minutes',
    series: [{ select: `${FILE}/fail2ban.prom"}`, values: '0+15x40 600x100' }],
    silentAt: '26m',
    firesAt: '26m15s',
    says: '{file} of {instance} was written 16m 15s ago.',
  },
  {
    alert: 'SecurityFeedGone',
    what: 'the file of the audits is removed',
    series: [
      { select: `${FILE}/lynis.prom"}`, values: '0+15x40 stale' },
      { select: 'up{job="node-exporter",instance="gate:9100"}', values: '1x200' },
    ],
    silentAt: '25m',
    firesAt: '25m15s',
    says: '{file} of {instance} was there within 1d.',
  },
  {
    alert: 'SecurityFeedGone',
    what: 'nothing is missed while the node exporter itself is away',
    series: [
      { select: `${FILE}/fail2ban.prom"}`, values: '0+15x40 stale' },
      { select: 'up{job="node-exporter",instance="gate:9100"}', values: '0x119 1x100' },
    ],
    silentAt: '44m45s',
    firesAt: '45m',
    says: '{file} of {instance} was there within 1d.',
  },
];

const FINDING_CASES: readonly AlertCase[] = [
  {
    alert: 'LynisAuditStale',
    what: 'the last whole audit becomes three days old',
    series: [{ select: 'lynis_audit_finished_timestamp_seconds', values: '-258000x200' }],
    silentAt: '25m',
    firesAt: '25m15s',
    says: 'The last whole audit of {instance} ended 3d 0h 5m 15s ago; 3d are allowed.',
  },
  {
    alert: 'LynisHardeningLow',
    what: 'an audit gives less than the one before',
    series: [{ select: 'lynis_hardening_index', values: '70x4 57x8' }],
    silentAt: '1m',
    firesAt: '1m15s',
    says: 'Lynis gives {instance} 57 of 100; 65 is the limit.',
  },
  {
    alert: 'SecurityBansHigh',
    what: 'fail2ban bans sixty addresses',
    series: [{ select: 'fail2ban_banned_addresses', values: '10x4 60x40' }],
    silentAt: '6m',
    firesAt: '6m15s',
    keeps: ['instance'],
    says: manyBanned('60'),
  },
  {
    alert: 'SecurityBansHigh',
    what: 'CrowdSec decides on seventy',
    series: [{ select: 'cs_active_decisions{action="ban"}', values: '10x4 70x40' }],
    silentAt: '6m',
    firesAt: '6m15s',
    keeps: ['instance'],
    says: manyBanned('70'),
  },
];

function manyBanned(count: string): string {
  return (
    `${count} addresses are banned by what {instance} shows; for longer than 5m, more than 50 is ` +
    'not usual.'
  );
}

export const SECURITY_CASES: readonly AlertCase[] = [
  ...GUARD_CASES,
  ...STALE_CASES,
  ...FINDING_CASES,
];
