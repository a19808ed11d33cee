// The files of the guards of the hosts, ready to copy: what is posted to Alertmanager, where, and
// when the writers of metrics run.
import type { MonitoringConfig } from './config.js';
import { dashboardUrl, runbookUrl } from './rules/alert.js';
import { CROWDSEC_BAN, FAIL2BAN_BAN, type PostedAlert } from './rules/security-events.js';

/** What CrowdSec calls the way to Alertmanager. */
const NOTIFICATION = 'alertmanager';

const POST_TIMEOUT_SECONDS = 10;
const POST_RETRIES = 3;

/** Labels and annotations as Alertmanager's second API takes them. */
function posted(
  config: MonitoringConfig,
  { alert, component, dashboard, severity, summary }: PostedAlert,
  labels: Readonly<Record<string, string>>,
  description: string,
): string {
  return JSON.stringify({
    labels: { alertname: alert, severity, component, ...labels },
    annotations: {
      summary,
      description,
      runbook_url: runbookUrl(config, alert),
      dashboard_url: dashboardUrl(config, dashboard),
    },
  });
}

/**
 * CrowdSec's plug-in for HTTP. Its template walks over alerts; the name of the host that was
 * attacked is among what the parser kept of the lines.
 */
export function crowdsecNotification(config: MonitoringConfig): object {
  const labels = { host: '{{ $host }}', address: '{{ $address }}', scenario: '{{ $scenario }}' };
  const description =
    '{{ $address }} is banned for {{ $duration }} at {{ $host }}: {{ $scenario }}, ' +
    '{{ len $alert.Events }} events.';
  return {
    type: 'http',
    name: NOTIFICATION,
    log_level: 'info',
    group_wait: '0s',
    group_threshold: 0,
    max_retry: POST_RETRIES,
    timeout: `${POST_TIMEOUT_SECONDS}s`,
    format: [
      '[{{ range $index, $alert := . }}{{ if $index }},{{ end -}}',
      '{{ $decision := index $alert.Decisions 0 -}}',
      `{{ $address := ${unquoted('$decision.Value')} -}}`,
      `{{ $scenario := ${unquoted('$decision.Scenario')} -}}`,
      `{{ $duration := ${unquoted('$decision.Duration')} -}}`,
      `{{ $host := ${unquoted('$alert.MachineID')} -}}`,
      '{{ range $alert.Events }}{{ range .Meta }}{{ if eq .Key "machine" -}}',
      `{{ $host = ${unquoted('.Value')} }}{{ end }}{{ end }}{{ end -}}`,
      posted(config, CROWDSEC_BAN, labels, description),
      '{{ end }}]',
      '',
    ].join('\n'),
    url: `${config.security.alertmanager}/api/v2/alerts`,
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
  };
}

/**
 * The value of a pointer, escaped as JSON, without the quotes: they stand around it already where
 * it is used.
 */
function unquoted(value: string): string {
  return `${value} | toJson | trimAll "\\""`;
}

/**
 * Where CrowdSec finds its plug-ins. It wants each to be called `notification-<name>` and ends at
 * one that is not; Debian's package calls them by their names alone, in its own directory.
 */
export const CROWDSEC_PLUGINS = '/usr/local/lib/crowdsec/plugins/';
export const CROWDSEC_PLUGIN = 'notification-http';

/** As config.yaml.local, which CrowdSec reads over its config.yaml. */
export function crowdsecOverrides(): object {
  return { config_paths: { plugin_dir: CROWDSEC_PLUGINS } };
}

export function crowdsecProfiles(): object {
  return {
    name: 'default_ip_remediation',
    filters: ['Alert.Remediation == true && Alert.GetScope() == "Ip"'],
    decisions: [{ type: 'ban', duration: '4h' }],
    notifications: [NOTIFICATION],
    on_success: 'break',
  };
}

export function crowdsecAcquisition(): object {
  return { filenames: ['/var/log/auth.log'], labels: { type: 'syslog' } };
}

/** fail2ban replaces what stands in angle brackets. */
export function fail2banAction(config: MonitoringConfig): string {
  const labels = { host: '<fq-hostname>', address: '<ip>', jail: '<name>' };
  const description = '<ip> is banned for <bantime> s at <fq-hostname>: <failures> failures.';
  // A percent sign would begin the name of another setting.
  const body = `[${posted(config, FAIL2BAN_BAN, labels, description)}]`.replaceAll('%', '%%');
  const options = [
    '--fail --silent --show-error --output /dev/null',
    `--max-time ${POST_TIMEOUT_SECONDS} --retry ${POST_RETRIES} --retry-connrefused`,
    "--header 'Content-Type: application/json'",
  ];
  return [
    '[Definition]',
    `actionban = curl ${options.join(' ')} --data '${body}' <alertmanager>/api/v2/alerts`,
    'actionunban =',
    '',
    '[Init]',
    'name = default',
    `alertmanager = ${config.security.alertmanager}`,
    '',
  ].join('\n');
}

export function fail2banJail(): string {
  return [
    '[sshd]',
    'enabled = true',
    'action = %(action_)s',
    `         ${NOTIFICATION}[name=%(__name__)s]`,
    '',
  ].join('\n');
}

export interface Unit {
  readonly name: string;
  readonly description: string;
  /** One after another; the next one only after the one before has ended well. */
  readonly commands: readonly string[];
  /** The lines by which systemd's timer knows when. */
  readonly when: readonly string[];
}

const LYNIS_REPORT = '/var/log/lynis-report.dat';

export function securityUnits({ security: { textfiles } }: MonitoringConfig): readonly Unit[] {
  return [
    {
      name: 'lynis-audit',
      description: 'Audit of this host, and what it found for the node exporter',
      commands: [
        '/usr/sbin/lynis audit system --cronjob',
        `/usr/local/sbin/lynis-textfile ${LYNIS_REPORT} ${textfiles}`,
      ],
      when: ['OnCalendar=daily', 'RandomizedDelaySec=1800', 'Persistent=true'],
    },
    {
      name: 'fail2ban-textfile',
      description: 'What fail2ban has banned, for the node exporter',
      commands: [`/usr/local/sbin/fail2ban-textfile ${textfiles}`],
      when: ['OnBootSec=60', 'OnUnitActiveSec=60'],
    },
  ];
}

export function serviceUnit({ commands, description }: Unit): string {
  return [
    '[Unit]',
    `Description=${description}`,
    '',
    '[Service]',
    'Type=oneshot',
    'Nice=19',
    ...commands.map((command) => `ExecStart=${command}`),
    '',
  ].join('\n');
}

export function timerUnit({ description, when }: Unit): string {
  return [
    '[Unit]',
    `Description=When: ${description}`,
    '',
    '[Timer]',
    ...when,
    '',
    '[Install]',
    'WantedBy=timers.target',
    '',
  ].join('\n');
}
