// What the check of the security feeds runs: the guards from their packages, and the monitoring
// that they report to, in a directory that is thrown away.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { MonitoringConfig } from '../../monitoring/src/config.js';
import { securityFiles } from '../../monitoring/src/emit.js';
import { JOBS } from '../../monitoring/src/names.js';
import { parseTopology, type Topology } from '../../sandbox/src/topology.js';
import type { Addresses } from '../addresses.js';
import { prepareBundles } from '../bundles.js';
import { type StackDirectory, stackDirectory } from '../directories.js';
import { planMonitoring, startMonitoring } from '../monitoring/monitoring.js';
import { embeddedConfig, local } from '../monitoring/places.js';
import { textfileDirectory } from '../monitoring/processes.js';
import type { MonitoringPrograms } from '../monitoring/programs.js';
import { freePortBase, type PortTable, portTable } from '../ports.js';
import {
  type ManagedProcess,
  type ProcessPlace,
  startProcess,
} from '../processes/managed-process.js';
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
  /** The addresses of what is scraped, and those that installed programs have. */
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

type Place = Pick<ProcessPlace, 'logs' | 'ledger'>;

/** Where the guards listen, in the range that the sandbox would have. */
const API_OFFSET = 0;
const METRICS_OFFSET = 1;
const BOUNCER_OFFSET = 2;

interface Plan {
  readonly options: WorldOptions;
  readonly directory: StackDirectory;
  readonly ports: PortTable;
  readonly topology: Topology;
  /** Names the configuration file of this world. */
  readonly environment: NodeJS.ProcessEnv;
  readonly config: MonitoringConfig;
  readonly place: Place;
  readonly signal: AbortSignal;
}

async function start(
  options: WorldOptions,
  directory: StackDirectory,
  ledger: ProcessLedger,
  signal: AbortSignal,
): Promise<Omit<World, 'end'>> {
  const ports = portTable(await freePortBase());
  const topology = parseTopology({ portBase: ports.sandbox });
  const environment = writeConfig(options, directory, ports);
  const config = embeddedConfig(topology, ports, environment);
  const place = { logs: directory.logs, ledger };
  const plan = { options, directory, ports, topology, environment, config, place, signal };
  const crowdsec = await startCrowdSec(plan);
  const bouncer = options.isIsolated ? await startBouncer(plan, crowdsec) : undefined;
  const fail2ban = await startFail2ban(plan);
  const addresses = await startWays(plan);
  return {
    config,
    directory: directory.root,
    textfiles: textfileDirectory(directory),
    unpacked: options.unpacked,
    prometheusUrl: addresses.prometheus ?? '',
    mailsUrl: addresses.mails ?? '',
    instances: [
      [local(ports.nodeExporter), `${HOST}:9100`],
      [local(ports.sandbox + METRICS_OFFSET), `${HOST}:6060`],
      [local(ports.sandbox + BOUNCER_OFFSET), `${HOST}:60601`],
    ],
    crowdsec,
    bouncer,
    fail2ban,
  };
}

function writeConfig(
  { isIsolated }: WorldOptions,
  { root }: StackDirectory,
  ports: PortTable,
): NodeJS.ProcessEnv {
  const file = join(root, 'monitoring.yaml');
  const guarded = {
    host: HOST,
    crowdsec: local(ports.sandbox + METRICS_OFFSET),
    ...(isIsolated ? { bouncer: local(ports.sandbox + BOUNCER_OFFSET) } : {}),
  };
  const targets = [{ job: JOBS.node, address: local(ports.nodeExporter) }];
  writeFileSync(file, stringify({ ...SHORT, targets, security: { hosts: [guarded] } }));
  return { CANARY_MONITORING_CONFIG: file };
}

async function startCrowdSec(plan: Plan): Promise<World['crowdsec']> {
  const { config, directory, options, place, ports } = plan;
  const own = made(join(directory.root, 'crowdsec'));
  const crowdsec = await prepareCrowdSec({
    unpacked: options.unpacked.crowdsec,
    directory: own,
    apiPort: ports.sandbox + API_OFFSET,
    metricsPort: ports.sandbox + METRICS_OFFSET,
    files: filesOf(config, 'crowdsec'),
  });
  const process = await startProcess(crowdsec.specification, place);
  await untilReady(process, () => answers(crowdsec.metricsUrl));
  return { ...crowdsec, process, onlineCredentials: join(own, 'etc/online_api_credentials.yaml') };
}

async function startBouncer(
  { directory, options, place, ports }: Plan,
  crowdsec: CrowdSec,
): Promise<ManagedProcess> {
  const unpacked = options.unpacked['crowdsec-firewall-bouncer'];
  const port = ports.sandbox + BOUNCER_OFFSET;
  const own = made(join(directory.root, 'bouncer'));
  const process = await startProcess(bouncerSpecification(unpacked, own, crowdsec, port), place);
  await untilReady(process, () => answers(`http://${local(port)}/metrics`));
  return process;
}

async function startFail2ban({
  config,
  directory,
  options,
  place,
}: Plan): Promise<World['fail2ban']> {
  const fail2ban = prepareFail2ban({
    unpacked: options.unpacked.fail2ban,
    directory: made(join(directory.root, 'fail2ban')),
    environment: options.environment,
    files: filesOf(config, 'fail2ban'),
  });
  return { ...fail2ban, process: await startProcess(fail2ban.specification, place) };
}

/** What leads from an event or a figure to a mail. */
async function startWays(plan: Plan): Promise<Addresses> {
  const { directory, environment, options, place, ports, signal, topology } = plan;
  const monitoring = await planMonitoring({
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
  const starting = startMonitoring(monitoring, {
    ...place,
    report: () => undefined,
    signal,
    runner: prepareBundles(),
    others: Promise.resolve(),
  });
  await Promise.all(starting.map(({ service }) => service));
  return monitoring.addresses;
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
