// What the check of the security feeds runs: the guards from their packages, and the monitoring
// that they report to, in a directory that is thrown away.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { MonitoringConfig } from '../../monitoring/src/config.js';
import { securityFiles } from '../../monitoring/src/emit.js';
import { JOBS } from '../../monitoring/src/names.js';
import { parseTopology } from '../../sandbox/src/topology.js';
import { prepareBundles } from '../bundles.js';
import { stackDirectory } from '../directories.js';
import { planMonitoring, startMonitoring } from '../monitoring/monitoring.js';
import { embeddedConfig, local } from '../monitoring/places.js';
import { textfileDirectory } from '../monitoring/processes.js';
import type { MonitoringPrograms } from '../monitoring/programs.js';
import { freePortBase, portTable } from '../ports.js';
import { type ManagedProcess, startProcess } from '../processes/managed-process.js';
import { openProcessLedger, type ProcessLedger } from '../processes/process-ledger.js';
import { untilReady } from '../processes/readiness.js';
import { bouncerSpecification, type CrowdSec, prepareCrowdSec } from './crowdsec.js';
import { type Fail2ban, prepareFail2ban } from './fail2ban.js';

export const GUARDS = ['crowdsec', 'crowdsec-firewall-bouncer', 'fail2ban', 'lynis'] as const;
export type Guard = (typeof GUARDS)[number];

/** The programs of the monitoring without which there is no way from an event to a mail. */
export const NEEDED = ['prometheus', 'alertmanager', 'node-exporter'] as const;

export interface WorldOptions {
  readonly programs: MonitoringPrograms;
  /** The roots of the unpacked packages. */
  readonly unpacked: Readonly<Record<Guard, string>>;
  readonly environment: NodeJS.ProcessEnv;
  /** Whether the network, and with it the firewall, is nobody else's. */
  readonly isIsolated: boolean;
  readonly signal: AbortSignal;
}

export interface World {
  readonly config: MonitoringConfig;
  readonly directory: string;
  readonly textfiles: string;
  readonly unpacked: WorldOptions['unpacked'];
  readonly prometheusUrl: string;
  readonly mailsUrl: string;
  /** The addresses of what is scraped, and those that the programs have where they are installed. */
  readonly instances: readonly (readonly [here: string, installed: string])[];
  readonly crowdsec: CrowdSec & {
    readonly process: ManagedProcess;
    readonly onlineCredentials: string;
  };
  readonly bouncer: ManagedProcess | undefined;
  readonly fail2ban: Fail2ban & { readonly process: ManagedProcess };
  /** Ends all of it and removes its directory. */
  end(): Promise<void>;
}

/** Rules wait a hundredth of their time, and no host is hardened enough. */
const SHORT = {
  times: {
    scrapeSeconds: 1,
    evaluationSeconds: 1,
    groupWaitSeconds: 0.1,
    groupIntervalSeconds: 1,
    scale: 0.01,
  },
  limits: { hardeningIndex: 100 },
} as const;

const HOST = 'gate';

export async function startWorld(options: WorldOptions): Promise<World> {
  const root = mkdtempSync(join(tmpdir(), 'canary-security-'));
  chmodSync(root, 0o755);
  const directory = stackDirectory(root);
  mkdirSync(directory.data, { recursive: true });
  const ledger = await openProcessLedger(directory, () => undefined);
  const stopping = new AbortController();
  const end = async (): Promise<void> => {
    stopping.abort();
    await ledger.endAll();
    rmSync(root, { recursive: true, force: true });
  };
  options.signal.addEventListener('abort', () => void end());
  try {
    return { ...(await start(options, directory, ledger, stopping.signal)), end };
  } catch (error) {
    await end();
    throw error;
  }
}

async function start(
  options: WorldOptions,
  directory: ReturnType<typeof stackDirectory>,
  ledger: ProcessLedger,
  signal: AbortSignal,
): Promise<Omit<World, 'end'>> {
  const ports = portTable(await freePortBase());
  const topology = parseTopology({ portBase: ports.sandbox });
  const [apiPort, metricsPort, bouncerPort] = [0, 1, 2].map((offset) => ports.sandbox + offset);
  if (apiPort === undefined || metricsPort === undefined || bouncerPort === undefined) {
    throw new RangeError('three ports were asked for');
  }
  const overrides = join(directory.root, 'monitoring.yaml');
  const guarded = { host: HOST, crowdsec: local(metricsPort) };
  const bouncer = options.isIsolated ? { bouncer: local(bouncerPort) } : {};
  writeFileSync(
    overrides,
    stringify({
      ...SHORT,
      targets: [{ job: JOBS.node, address: local(ports.nodeExporter) }],
      security: { hosts: [{ ...guarded, ...bouncer }] },
    }),
  );
  const environment = { CANARY_MONITORING_CONFIG: overrides };
  const config = embeddedConfig(topology, ports, environment);
  const place = { logs: directory.logs, ledger };

  const crowdsec = await prepareCrowdSec({
    unpacked: options.unpacked.crowdsec,
    directory: made(join(directory.root, 'crowdsec')),
    apiPort,
    metricsPort,
    files: filesOf(config, 'crowdsec'),
  });
  const crowdsecProcess = await startProcess(crowdsec.specification, place);
  await untilReady(crowdsecProcess, () => answers(crowdsec.metricsUrl));
  const bouncerProcess = options.isIsolated
    ? await startProcess(
        bouncerSpecification(
          options.unpacked['crowdsec-firewall-bouncer'],
          made(join(directory.root, 'bouncer')),
          crowdsec,
          bouncerPort,
        ),
        place,
      )
    : undefined;
  if (bouncerProcess !== undefined) {
    await untilReady(bouncerProcess, () => answers(`http://${local(bouncerPort)}/metrics`));
  }
  const fail2ban = prepareFail2ban({
    unpacked: options.unpacked.fail2ban,
    directory: made(join(directory.root, 'fail2ban')),
    environment: options.environment,
    files: filesOf(config, 'fail2ban'),
  });
  const fail2banProcess = await startProcess(fail2ban.specification, place);

  const plan = await planMonitoring({
    programs: options.programs,
    topology,
    ports,
    directory,
    environment,
    urls: {
      postgres: `postgres://${local(ports.postgres)}`,
      redis: `redis://${local(ports.redis)}`,
    },
  });
  const starting = startMonitoring(plan, {
    ...place,
    report: () => undefined,
    signal,
    runner: prepareBundles(),
    others: Promise.resolve(),
  });
  await Promise.all(starting.map(({ service }) => service));
  const url = (name: string): string => plan.addresses[name] ?? '';
  return {
    config,
    directory: directory.root,
    textfiles: textfileDirectory(directory),
    unpacked: options.unpacked,
    prometheusUrl: url('prometheus'),
    mailsUrl: url('mails'),
    instances: [
      [local(ports.nodeExporter), `${HOST}:9100`],
      [local(metricsPort), `${HOST}:6060`],
      [local(bouncerPort), `${HOST}:60601`],
    ],
    crowdsec: {
      ...crowdsec,
      process: crowdsecProcess,
      onlineCredentials: join(directory.root, 'crowdsec/etc/online_api_credentials.yaml'),
    },
    bouncer: bouncerProcess,
    fail2ban: { ...fail2ban, process: fail2banProcess },
  };
}

/** The generated files of one guard, by their paths in its own directory. */
function filesOf(config: MonitoringConfig, guard: string): Readonly<Record<string, string>> {
  const folder = `monitoring/security/${guard}/`;
  return Object.fromEntries(
    securityFiles(config)
      .filter(({ file }) => file.startsWith(folder))
      .map(({ file, content }) => [file.slice(folder.length), content()]),
  );
}

function made(directory: string): string {
  mkdirSync(directory, { recursive: true });
  return directory;
}

const PROBE_TIMEOUT_MS = 2_000;

async function answers(url: string): Promise<void> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
}
