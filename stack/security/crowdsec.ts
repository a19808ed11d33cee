// CrowdSec from its unpacked package, with the committed files and with places of its own: as the
// package would be set up where it registers with nobody.
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { CROWDSEC_PLUGIN, CROWDSEC_PLUGINS } from '../../monitoring/src/security-files.js';
import { runCommand } from '../components/command.js';
import { PROJECT_ROOT } from '../directories.js';
import type { ProcessSpecification } from '../processes/managed-process.js';

export interface CrowdSec {
  readonly specification: ProcessSpecification;
  readonly metricsUrl: string;
  readonly apiUrl: string;
  /** Of the bouncer, at the local API. */
  readonly apiKey: string;
  /** The log that it reads. */
  readonly authLog: string;
}

export interface CrowdSecOptions {
  /** The root of the unpacked package. */
  readonly unpacked: string;
  readonly directory: string;
  readonly apiPort: number;
  readonly metricsPort: number;
  /** The generated files, by their paths below `monitoring/security/crowdsec`. */
  readonly files: Readonly<Record<string, string>>;
}

/** What the package's own set-up enables of its hub, as far as ssh goes. */
const HUB_ITEMS = [
  'parsers/s00-raw/crowdsecurity/syslog-logs.yaml',
  'parsers/s01-parse/crowdsecurity/sshd-logs.yaml',
  'parsers/s02-enrich/crowdsecurity/dateparse-enrich.yaml',
  'scenarios/crowdsecurity/ssh-bf.yaml',
];

const CREDENTIALS = 'online_api_credentials.yaml';
const COMMAND_TIMEOUT_MS = 60_000;

/** Throws `CommandError` when the local API cannot be prepared. */
export async function prepareCrowdSec(options: CrowdSecOptions): Promise<CrowdSec> {
  const { apiPort, directory, files, metricsPort, unpacked } = options;
  const etc = join(directory, 'etc');
  cpSync(join(unpacked, 'etc/crowdsec'), etc, { recursive: true });
  cpSync(join(unpacked, 'usr/share/crowdsec/hub'), join(directory, 'hub'), { recursive: true });
  mkdirSync(join(directory, 'data'));
  for (const item of HUB_ITEMS) enable(item, directory, etc);
  for (const [name, content] of Object.entries(files)) {
    write(join(etc, name), content.replaceAll(CROWDSEC_PLUGINS, pluginsOf(directory)));
  }
  mkdirSync(pluginsOf(directory));
  const plugin = join(unpacked, 'usr/lib/crowdsec/plugins/http');
  cpSync(plugin, join(pluginsOf(directory), CROWDSEC_PLUGIN));
  const authLog = join(directory, 'auth.log');
  writeFileSync(authLog, '');
  write(join(etc, 'acquis.yaml'), stringify({ filenames: [authLog], labels: { type: 'syslog' } }));
  cpSync(join(PROJECT_ROOT, 'monitoring/security/crowdsec', CREDENTIALS), join(etc, CREDENTIALS));
  const config = join(etc, 'config.yaml');
  writeFileSync(config, stringify(configuration(options, readFileSync(config, 'utf8'))));
  const apiUrl = `http://127.0.0.1:${apiPort}`;
  const apiKey = randomBytes(16).toString('hex');
  const cscli = (args: readonly string[]) =>
    runCommand(join(unpacked, 'usr/bin/cscli'), ['-c', config, ...args], {
      timeoutMs: COMMAND_TIMEOUT_MS,
    });
  const local = join(etc, 'local_api_credentials.yaml');
  const secret = randomBytes(16).toString('hex');
  const machine = ['machines', 'add', 'check', '--password', secret, '--force'];
  await cscli([...machine, '-f', local, '-u', apiUrl]);
  await cscli(['bouncers', 'add', 'firewall', '-k', apiKey]);
  return {
    specification: {
      name: 'crowdsec',
      command: join(unpacked, 'usr/bin/crowdsec'),
      args: ['-c', config],
    },
    metricsUrl: `http://127.0.0.1:${metricsPort}/metrics`,
    apiUrl,
    apiKey,
    authLog,
  };
}

/** What the operator makes of it by hand. */
function pluginsOf(directory: string): string {
  return join(directory, 'plugins/');
}

/** Without the name of who made it: the hub has a level of folders more than the programs want. */
function enable(item: string, directory: string, etc: string): void {
  const [stage, name] = [dirname(dirname(item)), item.split('/').at(-1) ?? item];
  mkdirSync(join(etc, stage), { recursive: true });
  symlinkSync(join(directory, 'hub', item), join(etc, stage, name));
}

function write(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/** The package's own configuration, moved to places and ports that nobody else uses. */
function configuration(options: CrowdSecOptions, text: string): object {
  const { apiPort, directory, metricsPort } = options;
  const moved = text
    .replaceAll('/etc/crowdsec/', `${join(directory, 'etc')}/`)
    .replaceAll('/var/lib/crowdsec/', `${directory}/`)
    .replaceAll('127.0.0.1:8080', `127.0.0.1:${apiPort}`);
  const config = parse(moved) as Readonly<Record<string, object>>;
  // The plug-in may run as nobody else where we are not root, or root of our own world alone.
  const account = { user: userInfo().username, group: userInfo().username };
  return {
    ...config,
    common: { ...config.common, daemonize: false, log_media: 'stdout' },
    plugin_config: process.getuid?.() === 0 ? { user: 'root', group: 'root' } : account,
    prometheus: { ...config.prometheus, listen_port: metricsPort },
  };
}

/** As sshd writes them: so many failed logins of one address. */
export function failedLogins(address: string, count: number, now: Date): string {
  const [, month = '', day = '', , time = ''] = now.toString().split(' ');
  const stamp = `${month} ${day.replace(/^0/, ' ')} ${time}`;
  const line = (number: number): string =>
    `${stamp} gate sshd[${4_000 + number}]: ` +
    `Failed password for root from ${address} port ${50_000 + number} ssh2\n`;
  return Array.from({ length: count }, (_, number) => line(number)).join('');
}

/** The bouncer's own configuration, with what the package's set-up would fill in. */
export function bouncerSpecification(
  unpacked: string,
  directory: string,
  { apiKey, apiUrl }: Pick<CrowdSec, 'apiKey' | 'apiUrl'>,
  metricsPort: number,
): ProcessSpecification {
  const from = join(unpacked, 'etc/crowdsec/bouncers/crowdsec-firewall-bouncer.yaml');
  const config = parse(
    readFileSync(from, 'utf8')
      .replace(/\$\{\w+\}/g, '')
      .replaceAll('/var/', `${directory}/`),
  ) as Readonly<Record<string, object>>;
  const file = join(directory, 'bouncer.yaml');
  writeFileSync(
    file,
    stringify({
      ...config,
      mode: 'nftables',
      pid_dir: directory,
      daemonize: false,
      log_mode: 'stdout',
      update_frequency: '1s',
      api_url: `${apiUrl}/`,
      api_key: apiKey,
      prometheus: { ...config.prometheus, listen_port: String(metricsPort) },
    }),
  );
  return {
    name: 'crowdsec-bouncer',
    command: join(unpacked, 'usr/bin/crowdsec-firewall-bouncer'),
    args: ['-c', file],
  };
}
