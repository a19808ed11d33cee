// The guards of the hosts: part of the overview, for no other dashboard has the hosts.
import type { MonitoringConfig } from '../config.js';
import { JOBS } from '../names.js';
import type { PanelPlan, QueryPlan } from './model.js';
import { badAbove, badBelow, NO_COLOUR, NONE_IS_GOOD, UP, words } from './selectors.js';

const SIZE = [8, 7] as const;
const NO_CROWDSEC = 'no host with CrowdSec is configured (security.hosts): there is no source';
const NO_FAIL2BAN = 'no host has fail2ban and its writer of metrics: there is no source';
const NO_LYNIS = 'no host has been audited by Lynis: there is no source';
const NO_SOURCE = 'no source';

const CROWDSEC = `job="${JOBS.crowdsec}"`;
const BOUNCER = `job="${JOBS.crowdsecBouncer}"`;
const HOSTS = `job=~"${JOBS.crowdsec}|${JOBS.crowdsecBouncer}"`;
const NODE = `job="${JOBS.node}"`;
const R = '[$__rate_interval]';

export function securityPanels(config: MonitoringConfig): readonly PanelPlan[] {
  return [guards(), bans(config), attempts(), bouncer(), audits(config)];
}

function crowdsec(expr: string, legend: string): QueryPlan {
  return { expr, legend, emptyBecause: NO_CROWDSEC };
}

function fail2ban(expr: string, legend: string): QueryPlan {
  return { expr, legend, emptyBecause: NO_FAIL2BAN };
}

function guards(): PanelPlan {
  return {
    title: 'Host security: guards',
    kind: 'stat',
    size: SIZE,
    description: words(
      'Whether the guards of each host answer (CrowdSecDown, CrowdSecBouncerDown, Fail2banDown).',
      'A guard that a host never had is not shown.',
    ),
    unit: 'short',
    mappings: UP,
    named: true,
    noValue: NO_SOURCE,
    queries: [
      crowdsec(`up{${HOSTS}}`, '{{job}} {{host}}'),
      fail2ban(`fail2ban_up{${NODE}}`, 'fail2ban {{instance}}'),
    ],
  };
}

function bans({ limits }: MonitoringConfig): PanelPlan {
  return {
    title: 'Host security: banned now',
    kind: 'chart',
    size: SIZE,
    description: words(
      'Addresses that are banned, by who decided it (SecurityBansHigh). Those of CAPI and of',
      'lists come from elsewhere and say nothing of this host.',
    ),
    unit: 'short',
    min: 0,
    thresholds: badAbove(limits.bannedAddresses / 2, limits.bannedAddresses),
    noValue: NO_SOURCE,
    queries: [
      crowdsec(
        `sum by (host, origin) (cs_active_decisions{${CROWDSEC}, action="ban"})`,
        'CrowdSec {{host}} {{origin}}',
      ),
      fail2ban(
        `sum by (instance, jail) (fail2ban_banned_addresses{${NODE}})`,
        'fail2ban {{instance}} {{jail}}',
      ),
    ],
  };
}

function attempts(): PanelPlan {
  return {
    title: 'Host security: attempts',
    kind: 'chart',
    size: SIZE,
    description: words(
      'Failed attempts that fail2ban has found in logs, and what became of them: bans by it,',
      'alerts by CrowdSec.',
    ),
    unit: 'cps',
    min: 0,
    noValue: NO_SOURCE,
    queries: [
      fail2ban(`sum by (jail) (rate(fail2ban_failures_total{${NODE}}${R}))`, 'failures {{jail}}'),
      fail2ban(`sum by (jail) (rate(fail2ban_bans_total{${NODE}}${R}))`, 'bans {{jail}}'),
      crowdsec(`sum by (reason) (rate(cs_alerts{${CROWDSEC}}${R}))`, 'CrowdSec {{reason}}'),
    ],
  };
}

function bouncer(): PanelPlan {
  return {
    title: 'Host security: the bouncer asks',
    kind: 'chart',
    size: SIZE,
    description: words(
      'How often the firewall bouncer asks CrowdSec for decisions, and how often in vain. At',
      'none, what is decided reaches no firewall.',
    ),
    unit: 'reqps',
    min: 0,
    noValue: NO_SOURCE,
    queries: [
      crowdsec(`sum by (host) (rate(lapi_requests_total{${BOUNCER}}${R}))`, '{{host}} asked'),
      crowdsec(
        `sum by (host) (rate(lapi_requests_failures_total{${BOUNCER}}${R}))`,
        '{{host}} in vain',
      ),
    ],
  };
}

function audits({ limits }: MonitoringConfig): PanelPlan {
  const lynis = (metric: string, legend: string, more: Partial<QueryPlan>): QueryPlan => ({
    expr: `max by (instance) (${metric}{${NODE}})`,
    legend,
    emptyBecause: NO_LYNIS,
    ...more,
  });
  const { hardeningIndex: low } = limits;
  return {
    title: 'Host security: audits',
    kind: 'table',
    size: [16, 7],
    description: words(
      'The last whole audit of each host by Lynis: its index of 100 (LynisHardeningLow), what it',
      'warns of, and when it was (LynisAuditStale).',
    ),
    unit: 'short',
    noValue: NO_SOURCE,
    columns: { instance: 'Host' },
    queries: [
      lynis('lynis_hardening_index', 'Index', { thresholds: badBelow(low, (low + 100) / 2) }),
      lynis('lynis_warnings', 'Warnings', { thresholds: NONE_IS_GOOD }),
      lynis('lynis_suggestions', 'Suggestions', { thresholds: NO_COLOUR }),
      {
        expr: `max by (instance) (lynis_audit_finished_timestamp_seconds{${NODE}}) * 1000`,
        legend: 'Audited',
        unit: 'dateTimeFromNow',
        emptyBecause: NO_LYNIS,
      },
    ],
  };
}
