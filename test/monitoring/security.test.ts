// The feeds of the hosts' guards, as far as no guard has to run: the writers of metrics on reports
// of the real programs, the committed files, and what is scraped. The programs themselves are run
// by `npm run monitoring -- security`.
import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { composePlaces } from '../../monitoring/src/compose-places.js';
import { REFERENCE } from '../../monitoring/src/config.js';
import { securityFiles } from '../../monitoring/src/emit.js';
import { THIRD_PARTY_METRICS } from '../../monitoring/src/metrics/third-party-metrics.js';
import { SECURITY_EVENTS } from '../../monitoring/src/rules/security-events.js';
import { prometheusConfig } from '../../monitoring/src/scrape.js';
import { failedLogins } from '../../stack/security/crowdsec.js';
import { foreignAmong } from '../../stack/security/sockets.js';
import { temporaryDirectory } from '../stack/support.js';
import { programForCases } from './programs.js';

const REPORT = 'test/monitoring/fixtures/lynis-report.dat';
const CLIENT = 'sh test/monitoring/fixtures/fail2ban-client.sh';

function write(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): void {
  const env = { ...process.env, TZ: 'UTC', ...environment };
  execFileSync('sh', [`monitoring/security/bin/${program}`, ...args], { env, stdio: 'pipe' });
}

function samples(file: string): Readonly<Record<string, number>> {
  const lines = readFileSync(file, 'utf8').split('\n');
  const shown = lines.filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    shown.map((line) => [line.replace(/ \S+$/, ''), Number(line.split(' ').at(-1))]),
  );
}

describe('lynis-textfile', () => {
  test('shows what an audit found, whole and readable for others', () => {
    const directory = temporaryDirectory();
    write('lynis-textfile', [REPORT, directory]);
    const file = join(directory, 'lynis.prom');
    expect(samples(file)).toEqual({
      lynis_hardening_index: 51,
      lynis_warnings: 5,
      lynis_suggestions: 46,
      lynis_audit_finished_timestamp_seconds: Date.parse('2026-11-27T11:54:39Z') / 1_000,
    });
    expect(statSync(file).mode & 0o777).toBe(0o644);
    expect(readdirSync(directory)).toEqual(['lynis.prom']);
  });

  test.each([
    ['an audit that was ended', (text: string) => text.replace('finish=true\n', '')],
    ['no index', (text: string) => text.replace(/hardening_index=.*/, '')],
    [
      'an index that is none',
      (text: string) => text.replace(/hardening_index=.*/, 'hardening_index=1 2'),
    ],
    [
      'a moment that is none',
      (text: string) => text.replace(/datetime_end=.*/, 'datetime_end=soon'),
    ],
    ['nothing at all', () => ''],
  ])('keeps the last whole audit in the face of %s', (_what, broken) => {
    const directory = temporaryDirectory();
    write('lynis-textfile', [REPORT, directory]);
    const before = readFileSync(join(directory, 'lynis.prom'), 'utf8');
    const report = join(directory, 'report.dat');
    copyFileSync(REPORT, report);
    writeFileSync(report, broken(readFileSync(REPORT, 'utf8')));
    expect(() => write('lynis-textfile', [report, directory])).toThrow();
    expect(readFileSync(join(directory, 'lynis.prom'), 'utf8')).toBe(before);
    expect(readdirSync(directory).toSorted()).toEqual(['lynis.prom', 'report.dat']);
  });
});

describe('fail2ban-textfile', () => {
  test.each([
    [
      'a server that answers',
      CLIENT,
      {
        fail2ban_up: 1,
        'fail2ban_banned_addresses{jail="sshd"}': 1,
        'fail2ban_bans_total{jail="sshd"}': 1,
        'fail2ban_failures_total{jail="sshd"}': 6,
      },
    ],
    ['one that is away', 'false', { fail2ban_up: 0 }],
    ['none at all', '/nonexistent/fail2ban-client', { fail2ban_up: 0 }],
  ])('tells of %s', (_what, client, expected) => {
    const directory = temporaryDirectory();
    write('fail2ban-textfile', [directory], { FAIL2BAN_CLIENT: client });
    expect(samples(join(directory, 'fail2ban.prom'))).toEqual(expected);
    expect(readdirSync(directory)).toEqual(['fail2ban.prom']);
  });
});

test('promtool takes what the writers write', async () => {
  const promtool = await programForCases('promtool');
  if (promtool === undefined) return;
  const directory = temporaryDirectory();
  write('lynis-textfile', [REPORT, directory]);
  write('fail2ban-textfile', [directory], { FAIL2BAN_CLIENT: CLIENT });
  for (const name of readdirSync(directory)) {
    const input = readFileSync(join(directory, name));
    expect(() => execFileSync(promtool.path, ['check', 'metrics'], { input })).not.toThrow();
  }
});

test('the writers show exactly the metrics that rules and panels know', () => {
  const shown = readdirSync('monitoring/security/bin').flatMap((name) => {
    const text = readFileSync(`monitoring/security/bin/${name}`, 'utf8');
    return [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, metric]) => metric);
  });
  const known = THIRD_PARTY_METRICS.filter((name) => /^(lynis|fail2ban)_/.test(name));
  expect(shown.toSorted()).toEqual([...known].toSorted());
});

describe('the committed files', () => {
  const content = (file: string): string => readFileSync(`monitoring/security/${file}`, 'utf8');

  test.each(securityFiles(REFERENCE).map(({ file }) => file))('%s is fresh', (file) => {
    const fresh = securityFiles(REFERENCE)
      .find((one) => one.file === file)
      ?.content();
    expect(readFileSync(file, 'utf8') === fresh, `${file}: npm run generate`).toBe(true);
  });

  test('have CrowdSec tell through the notification that there is', () => {
    const { notifications } = parse(content('crowdsec/profiles.yaml')) as {
      notifications: unknown;
    };
    const { name } = parse(content('crowdsec/notifications/alertmanager.yaml')) as {
      name: unknown;
    };
    expect(notifications).toEqual([name]);
  });

  test('keep the package from registering: the file is there, not empty, and says nothing', () => {
    const text = content('crowdsec/online_api_credentials.yaml');
    expect(text.trim()).not.toBe('');
    expect(parse(text)).toBeNull();
  });

  test('post to Alertmanager, and what fail2ban posts is JSON once it has filled it in', () => {
    const action = content('fail2ban/action.d/alertmanager.conf');
    const body = /--data '(.*)' <alertmanager>\/api\/v2\/alerts$/m.exec(action)?.[1] ?? '';
    const [posted] = JSON.parse(body.replaceAll('%%', '%')) as { labels: object }[];
    expect(posted?.labels).toMatchObject({ alertname: 'Fail2banBan', component: 'security' });
    const { url } = parse(content('crowdsec/notifications/alertmanager.yaml')) as { url: string };
    expect(url).toBe(`${REFERENCE.security.alertmanager}/api/v2/alerts`);
    expect(action).toContain(`alertmanager = ${REFERENCE.security.alertmanager}\n`);
  });
});

test('events go to the receiver that tells no end, all other alerts to the other', async () => {
  const amtool = await programForCases('amtool');
  if (amtool === undefined) return;
  const config = '--config.file=monitoring/alertmanager/alertmanager.yml';
  const receiver = (alert: string): string =>
    execFileSync(amtool.path, [
      'config',
      'routes',
      'test',
      config,
      `alertname=${alert}`,
      'severity=warning',
    ])
      .toString()
      .trim();
  expect(SECURITY_EVENTS.map(({ alert }) => receiver(alert))).toEqual([
    'mail-events',
    'mail-events',
  ]);
  expect(receiver('CrowdSecDown')).toBe('mail');
});

describe('what is scraped', () => {
  const jobs = (hosts: typeof REFERENCE.security.hosts) => {
    const config = { ...REFERENCE, security: { ...REFERENCE.security, hosts } };
    const { scrape_configs: all } = prometheusConfig(config, composePlaces(config));
    return all.filter(({ job_name: job }) => job.startsWith('crowdsec'));
  };

  test('is nothing where no host is named', () => expect(jobs([])).toEqual([]));

  test('is what a named host has', () => {
    const found = jobs([
      { host: 'gate', crowdsec: 'gate:6060', bouncer: 'gate:60601' },
      { host: 'store', crowdsec: 'store:6060' },
    ]);
    const labels = (host: string) => ({ tier: 'security', host });
    expect(found.map((one) => [one.job_name, one.static_configs])).toEqual([
      [
        'crowdsec',
        [
          { targets: ['gate:6060'], labels: labels('gate') },
          { targets: ['store:6060'], labels: labels('store') },
        ],
      ],
      ['crowdsec-bouncer', [{ targets: ['gate:60601'], labels: labels('gate') }]],
    ]);
  });
});

describe('the check', () => {
  /** Lines of /proc/net/tcp and tcp6: the far end is the third column, the inode the tenth. */
  const line = (far: string, inode = '7') => `0: 0100007F:1F90 ${far} 01 0:0 00:0 0 0 0 ${inode} 1`;

  test.each([
    ['00000000:0000', 'listens'],
    ['0100007F:1F90', 'speaks to 127.0.0.1'],
    ['0500007F:1F90', 'speaks to 127.0.0.5'],
    ['00000000000000000000000001000000:1F90', 'speaks to ::1'],
    ['0000000000000000FFFF00000100007F:1F90', 'speaks to 127.0.0.1 by IPv6'],
  ])('takes %s for local: it %s', (far) => {
    expect(foreignAmong([line(far)], new Set(['7']))).toEqual([]);
  });

  test.each(['2200C0CB:01BB', '0000000000000000FFFF00002200C0CB:01BB', '7F000001:01BB'])(
    'takes %s for foreign, if the socket is one of theirs',
    (far) => {
      expect(foreignAmong([line(far)], new Set(['7']))).toEqual([far]);
      expect(foreignAmong([line(far)], new Set(['8']))).toEqual([]);
    },
  );

  test('writes the lines of sshd as a syslog does', () => {
    const text = failedLogins('192.0.2.44', 2, new Date(2026, 10, 7, 9, 5, 3));
    expect(text).toMatch(
      /^(Nov {2}7 09:05:03 gate sshd\[\d+\]: Failed password for root from 192\.0.+ ssh2\n){2}$/,
    );
  });
});
