// Alertmanager's configuration: how alerts are grouped, how often they are repeated, and the mail.
import type { MonitoringConfig } from './config.js';
import { duration } from './duration.js';
import { type InhibitRule, inhibitRules } from './rules/inhibit.js';
import { SECURITY_EVENTS } from './rules/security-events.js';

/** The parts of alertmanager.yml that are used here. */
export interface AlertmanagerConfig {
  readonly global: Readonly<Record<string, string | boolean>>;
  readonly route: Route;
  readonly inhibit_rules: readonly InhibitRule[];
  readonly receivers: readonly object[];
}

export interface Route {
  readonly receiver: string;
  readonly matchers?: readonly string[];
  readonly group_by?: readonly string[];
  readonly group_wait?: string;
  readonly group_interval?: string;
  readonly repeat_interval?: string;
  readonly routes?: readonly Route[];
}

const MAIL = 'mail';
/** For events, which have no end that could be told. */
const EVENTS = 'mail-events';

/** Critical alerts and the watchdog wait for no others to be told together with. */
const AT_ONCE_SECONDS = 1;

export function alertmanagerConfig(config: MonitoringConfig): AlertmanagerConfig {
  const { times, mail } = config;
  return {
    global: {
      smtp_smarthost: mail.smarthost,
      smtp_from: mail.from,
      smtp_require_tls: mail.requireTls,
      ...(mail.username === undefined ? {} : { smtp_auth_username: mail.username }),
      ...(mail.passwordFile === undefined ? {} : { smtp_auth_password_file: mail.passwordFile }),
    },
    route: {
      receiver: MAIL,
      group_by: ['alertname', 'frame'],
      group_wait: duration(times.groupWaitSeconds),
      group_interval: duration(times.groupIntervalSeconds),
      repeat_interval: duration(times.repeatSeconds),
      routes: [
        {
          receiver: MAIL,
          matchers: ['severity="critical"'],
          group_wait: duration(Math.min(times.groupWaitSeconds, AT_ONCE_SECONDS)),
        },
        {
          // The watchdog always fires: its mail must come again and again, and who misses it knows
          // that no other would come either.
          receiver: MAIL,
          matchers: ['severity="none"'],
          group_wait: duration(Math.min(times.groupWaitSeconds, AT_ONCE_SECONDS)),
          repeat_interval: duration(times.watchdogRepeatSeconds),
        },
        {
          receiver: EVENTS,
          matchers: [`alertname=~"${SECURITY_EVENTS.map(({ alert }) => alert).join('|')}"`],
        },
      ],
    },
    inhibit_rules: inhibitRules(config),
    receivers: [
      { name: MAIL, email_configs: [email(mail.to, true)] },
      { name: EVENTS, email_configs: [email(mail.to, false)] },
    ],
  };
}

function email(to: string, tellsEnd: boolean): object {
  return {
    to,
    send_resolved: tellsEnd,
    headers: { Subject: SUBJECT },
    html: '{{ template "email.default.html" . }}',
    text: TEXT,
  };
}

const SUBJECT =
  '[{{ .Status | toUpper }}{{ if eq .Status "firing" }}:{{ .Alerts.Firing | len }}{{ end }}] ' +
  '{{ with .CommonLabels.severity }}{{ . }}: {{ end }}' +
  '{{ .GroupLabels.SortedPairs.Values | join " " }}';

/** The default template has HTML only, which neither a terminal nor a pager shows. */
const TEXT = `{{ range .Alerts -}}
{{ .Status | toUpper }} {{ .Labels.severity }} {{ .Labels.alertname }}
{{ .Annotations.summary }}
{{ .Annotations.description }}

since {{ .StartsAt.UTC.Format "2006-01-02T15:04:05Z" }}
{{- if eq .Status "resolved" }}, until {{ .EndsAt.UTC.Format "2006-01-02T15:04:05Z" }}{{ end }}
{{ range .Annotations.SortedPairs -}}
{{ if and (ne .Name "summary") (ne .Name "description") }}{{ .Name }}: {{ .Value }}
{{ end }}{{ end -}}
labels: {{ range .Labels.SortedPairs }}{{ .Name }}="{{ .Value }}" {{ end }}
query: {{ .GeneratorURL }}

{{ end }}{{ .ExternalURL }}
`;
