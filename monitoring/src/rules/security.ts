// Alerts on the guards of the hosts: on what they found, and on a guard that was there and is
// not any more. A host without them has no series here, and no alert.
import type { MonitoringConfig } from '../config.js';
import { duration } from '../duration.js';
import { JOBS } from '../names.js';
import { type Alert, type AlertGroup, holdOf, windowOf } from './alert.js';

const NODE = `job="${JOBS.node}"`;
const FAIL2BAN_FILE = 'fail2ban[.]prom';
/** The files that guards leave for the node exporter, which tells when each was written. */
const FILES = `${NODE},file=~".*/(${FAIL2BAN_FILE}|lynis[.]prom)"`;

/** How long a feed that has gone is missed; who takes one away on purpose waits this long. */
const MISSED_SECONDS = 86_400;

const CROWDSEC_ONLY =
  'CrowdSec’s own metrics, where `security.hosts` of the configuration names it. A host without ' +
  'CrowdSec has no source for this alert, which is then silent.';
const FAIL2BAN_ONLY =
  'the file that `fail2ban-textfile` leaves for the node exporter. A host without fail2ban has ' +
  'no source for this alert, which is then silent.';
const LYNIS_ONLY =
  'the file that `lynis-textfile` leaves for the node exporter. A host without Lynis has no ' +
  'source for this alert, which is then silent.';

const DASHBOARD = { name: 'overview' } as const;

type SecurityRow = Omit<Alert, 'severity' | 'component' | 'dashboard'>;

/** None of them is a reason to wake somebody: what they say holds until the morning. */
export function securityAlerts(config: MonitoringConfig): AlertGroup {
  const rows = [...guardRows(), ...staleRows(config), ...auditRows(config), bansRow(config)];
  return {
    name: 'security',
    alerts: rows.map((row) => ({
      ...row,
      severity: 'warning',
      component: 'security',
      dashboard: DASHBOARD,
    })),
  };
}

function guardRows(): readonly SecurityRow[] {
  return [
    {
      alert: 'CrowdSecDown',
      expr: `up{job="${JOBS.crowdsec}"} == 0`,
      forSeconds: 300,
      summary: 'CrowdSec does not answer: nobody reads the logs of a host',
      description: 'CrowdSec of {{ $labels.host }} at {{ $labels.instance }} does not answer.',
      runbook: {
        means: 'What is banned stays banned until its time is over; nobody new is.',
        look: '`systemctl status crowdsec`, `cscli metrics`, `/var/log/crowdsec.log`.',
        mend: 'Start it: `crowdsec -t` names what is wrong with its configuration.',
        source: CROWDSEC_ONLY,
      },
    },
    {
      alert: 'CrowdSecBouncerDown',
      expr: `up{job="${JOBS.crowdsecBouncer}"} == 0`,
      forSeconds: 300,
      summary: 'CrowdSec decides, and no firewall follows',
      description: 'The bouncer of {{ $labels.host }} at {{ $labels.instance }} does not answer.',
      runbook: {
        means: 'Without the bouncer its rules are gone, too: it takes them away when it ends.',
        look: '`systemctl status crowdsec-firewall-bouncer`, `cscli bouncers list`.',
        mend: 'Start it. Where its key is refused, `cscli bouncers add` makes another.',
        source: CROWDSEC_ONLY,
      },
    },
    {
      alert: 'Fail2banDown',
      expr: `fail2ban_up{${NODE}} == 0`,
      forSeconds: 300,
      summary: 'fail2ban does not answer: nobody is banned for guessing passwords',
      description: 'fail2ban of {{ $labels.instance }} does not answer its client.',
      runbook: {
        means: 'Its bans are lifted when it ends, and whoever was banned may try again.',
        look: '`systemctl status fail2ban`, `fail2ban-client -t`, `/var/log/fail2ban.log`.',
        mend: 'Start it; a jail whose log file is missing stops all of them.',
        source: FAIL2BAN_ONLY,
      },
    },
  ];
}

function staleRows(config: MonitoringConfig): readonly SecurityRow[] {
  const { fail2banAgeSeconds } = config.limits;
  const missed = windowOf(config, MISSED_SECONDS);
  return [
    {
      alert: 'Fail2banStale',
      expr:
        `time() - node_textfile_mtime_seconds{${NODE},file=~".*/${FAIL2BAN_FILE}"} ` +
        `> ${fail2banAgeSeconds}`,
      forSeconds: 60,
      summary: 'What is known of fail2ban is old',
      description: `{{ $labels.file }} of {{ $labels.instance }} was written ${AGO}.`,
      runbook: {
        means: 'Bans go on; only their count, and whether fail2ban lives, is not known.',
        look: '`systemctl list-timers fail2ban-textfile.timer` and its journal.',
        mend: 'Start the timer; the next run writes the file anew.',
        source: FAIL2BAN_ONLY,
      },
    },
    {
      alert: 'SecurityFeedGone',
      expr:
        `(last_over_time(node_textfile_mtime_seconds{${FILES}}[${missed}]) ` +
        `unless node_textfile_mtime_seconds{${FILES}}) and on (instance) up{${NODE}} == 1`,
      forSeconds: 900,
      summary: 'A guard of a host has reported, and does not any more',
      description: `{{ $labels.file }} of {{ $labels.instance }} was there within ${missed}.`,
      runbook: {
        means: 'Its alerts are blind, for a file that is gone has no age.',
        look: 'The directory of the file, `node_textfile_scrape_error`, the writer’s journal.',
        mend:
          'Run the writer again. Where the guard was removed on purpose this ends by itself ' +
          `after ${duration(MISSED_SECONDS)}.`,
        source: 'the files of fail2ban and Lynis; a host that never had one has no source.',
      },
    },
  ];
}

/** Of a number of seconds. */
const AGO = '{{ $value | humanizeDuration }} ago';

function auditRows(config: MonitoringConfig): readonly SecurityRow[] {
  const { hardeningIndex, lynisAgeSeconds } = config.limits;
  return [
    {
      alert: 'LynisAuditStale',
      expr: `time() - lynis_audit_finished_timestamp_seconds{${NODE}} > ${lynisAgeSeconds}`,
      forSeconds: 300,
      summary: 'A host was not audited lately',
      description:
        `The last whole audit of {{ $labels.instance }} ended ${AGO}; ` +
        `${duration(lynisAgeSeconds)} are allowed.`,
      runbook: {
        means: 'The hardening index that is shown is that of another day.',
        look: '`systemctl list-timers lynis-audit.timer`, `journalctl -u lynis-audit`.',
        mend: 'Run `systemctl start lynis-audit`; an audit takes some minutes.',
        source: LYNIS_ONLY,
      },
    },
    {
      alert: 'LynisHardeningLow',
      expr: `lynis_hardening_index{${NODE}} < ${hardeningIndex}`,
      forSeconds: 0,
      summary: 'A host is hardened less than it should be',
      description:
        'Lynis gives {{ $labels.instance }} {{ $value }} of 100; ' +
        `${hardeningIndex} is the limit.`,
      runbook: {
        means: 'Nothing has happened; it would be easier than it need be.',
        look: '`/var/log/lynis-report.dat`: the lines `warning[]` first, then `suggestion[]`.',
        mend: 'Follow the warnings, audit again, and raise `limits.hardeningIndex` behind you.',
        source: LYNIS_ONLY,
      },
    },
  ];
}

/** Decisions that came from the community's lists say nothing of this host. */
function bansRow(config: MonitoringConfig): SecurityRow {
  const { bannedAddresses } = config.limits;
  const own = `job="${JOBS.crowdsec}",action="ban",origin!~"CAPI|lists"`;
  return {
    alert: 'SecurityBansHigh',
    expr:
      `sum by (instance) (cs_active_decisions{${own}}) > ${bannedAddresses} or ` +
      `sum by (instance) (fail2ban_banned_addresses{${NODE}}) > ${bannedAddresses}`,
    forSeconds: 300,
    summary: 'Unusually many addresses are banned at a host',
    description:
      `{{ $value }} addresses are banned by what {{ $labels.instance }} shows; ` +
      `for longer than ${holdOf(config, 300)}, more than ${bannedAddresses} is not usual.`,
    runbook: {
      means: 'Somebody tries from many places, or a rule bans those who should get in.',
      look: '`cscli decisions list`, `fail2ban-client banned`: whose addresses, and which rule?',
      mend:
        'Let nobody but the bastion reach the port. Wrong bans: `cscli decisions delete`, ' +
        '`fail2ban-client unban`.',
      source: 'CrowdSec’s own metrics, and the file of fail2ban; without either there is none.',
    },
  };
}
