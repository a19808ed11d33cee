// Events of the guards of the hosts: they post them to Alertmanager themselves, and no rule of
// Prometheus evaluates them. All that their mail and the runbook need is written here.
import type { Alert } from './alert.js';

/** An alert without a rule. */
export interface PostedAlert
  extends Pick<Alert, 'alert' | 'severity' | 'component' | 'summary' | 'dashboard' | 'runbook'> {
  /** The program that posts it. */
  readonly by: string;
}

const SHARED = {
  severity: 'warning',
  component: 'security',
  dashboard: { name: 'overview' },
} as const;

export const CROWDSEC_BAN: PostedAlert = {
  ...SHARED,
  alert: 'CrowdSecBan',
  by: 'CrowdSec',
  summary: 'CrowdSec has banned an address',
  runbook: {
    means: 'Lines of a log fit a scenario that stands for an attack; the bouncer closes the door.',
    look: '`cscli alerts list`, then `cscli alerts inspect -d` with the number of the alert.',
    mend: 'Nothing, if it is a stranger. One of ours: `cscli decisions delete --ip`.',
    source: 'CrowdSec’s notification plug-in (`monitoring/security/crowdsec`).',
  },
};

export const FAIL2BAN_BAN: PostedAlert = {
  ...SHARED,
  alert: 'Fail2banBan',
  by: 'fail2ban',
  summary: 'fail2ban has banned an address',
  runbook: {
    means: 'An address has failed to log in more often than its jail allows.',
    look: '`fail2ban-client status sshd`, and the log that the jail reads.',
    mend: 'Nothing, if it is a stranger. One of ours: `fail2ban-client unban`.',
    source: 'an action of fail2ban (`monitoring/security/fail2ban`).',
  },
};

export const SECURITY_EVENTS: readonly PostedAlert[] = [CROWDSEC_BAN, FAIL2BAN_BAN];
