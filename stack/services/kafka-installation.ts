// What Kafka needs before its first start, made once and kept in the cache: a formatted log
// directory to copy and an archive of its loaded classes.
import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheEntry } from '../components/cache.js';
import { runCommand } from '../components/command.js';
import { freePorts } from '../ports.js';
import { startProcess } from '../processes/managed-process.js';
import type { ProcessLedger } from '../processes/process-ledger.js';
import { untilReady } from '../processes/readiness.js';
import { describesItself } from './kafka-probe.js';
import type { ProvidedProgram } from './service.js';

export interface KafkaInstallation {
  readonly java: string;
  /** The jars in a fixed order, which the archive of classes depends on. */
  readonly classPath: string;
  readonly archive: string;
  readonly template: string;
}

export interface KafkaProperties {
  readonly port: number;
  readonly controllerPort: number;
  readonly log: string;
}

const COMMAND_TIMEOUT_MS = 60_000;
const STOP_GRACE_MS = 30_000;

/** Two cores are for all: one compiler, the small collector, a small heap. */
const JAVA_FLAGS = [
  ...['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xms64m', '-Xmx256m', '-Xlog:cds=off'],
  ...['-Xlog:cds+dynamic=off', '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'],
];

export function javaArguments(
  installation: Pick<KafkaInstallation, 'classPath'>,
  more: readonly string[] = [],
): readonly string[] {
  return [...JAVA_FLAGS, ...more, '-cp', installation.classPath];
}

/** Prepares Kafka unless the cache has it; slow the first time. */
export async function prepareKafka(
  program: ProvidedProgram,
  place: { readonly cacheDirectory: string; readonly logs: string; readonly ledger: ProcessLedger },
): Promise<KafkaInstallation> {
  const java = program.runtime ?? 'java';
  const jars = (await readdir(program.path)).filter((name) => name.endsWith('.jar')).sort();
  const classPath = jars.map((name) => join(program.path, name)).join(':');
  const { output } = await runCommand(java, ['--version'], { timeoutMs: COMMAND_TIMEOUT_MS });
  const digest = createHash('sha256').update(`${output}\n${classPath}`).digest('hex');
  const key = `kafka-prepared-${digest.slice(0, 16)}`;
  const entry = await cacheEntry(place.cacheDirectory, key, async (workDirectory) => {
    const content = join(workDirectory, 'content');
    await mkdir(content);
    await makeTemplate(java, classPath, { content, workDirectory });
    await makeArchive(java, classPath, { content, workDirectory, ...place });
    return content;
  });
  return { java, classPath, archive: join(entry, ARCHIVE), template: join(entry, TEMPLATE) };
}

const ARCHIVE = 'classes.jsa';
const TEMPLATE = 'template';

interface MakingPlace {
  readonly content: string;
  readonly workDirectory: string;
}

async function makeTemplate(java: string, classPath: string, place: MakingPlace): Promise<void> {
  const log = join(place.content, TEMPLATE);
  await format(java, classPath, { ...place, log });
}

async function format(
  java: string,
  classPath: string,
  place: MakingPlace & { readonly log: string },
): Promise<void> {
  const properties = join(place.workDirectory, 'format.properties');
  await writeFile(properties, kafkaProperties({ port: 9_092, controllerPort: 9_093, ...place }));
  const tool = formatCommand(place.log, properties);
  await runCommand(java, [...javaArguments({ classPath }), ...tool], {
    timeoutMs: COMMAND_TIMEOUT_MS,
  });
}

/**
 * Kafka's own tool and its arguments. The identity stands in one word with its option: one that
 * begins with a hyphen, as one of 64 does, would be read as an option by itself.
 */
export function formatCommand(log: string, properties: string): readonly string[] {
  const clusterId = createHash('sha256').update(log).digest('base64url').slice(0, 22);
  const tool = 'kafka.tools.StorageTool';
  return [tool, 'format', `--cluster-id=${clusterId}`, `--config=${properties}`];
}

/** Starts a broker once and ends it in order: Java writes the archive as it ends. */
async function makeArchive(
  java: string,
  classPath: string,
  place: MakingPlace & { readonly logs: string; readonly ledger: ProcessLedger },
): Promise<void> {
  const nextPort = freePorts();
  const [port, controllerPort] = [await nextPort(), await nextPort()];
  const log = join(place.workDirectory, 'log');
  await format(java, classPath, { ...place, log });
  const properties = join(place.workDirectory, 'server.properties');
  await writeFile(properties, kafkaProperties({ port, controllerPort, log }));
  const archive = `-XX:ArchiveClassesAtExit=${join(place.content, ARCHIVE)}`;
  const args = [...javaArguments({ classPath }, [archive]), 'kafka.Kafka', properties];
  const server = await startProcess(
    { name: 'kafka-preparation', command: java, args, graceMs: STOP_GRACE_MS },
    place,
  );
  try {
    await untilReady(server, () => describesItself(`127.0.0.1:${port}`));
  } finally {
    await server.stop();
    await rm(log, { recursive: true, force: true });
  }
}

/** The settings of a broker that is its own controller, with bounds on what it keeps. */
export function kafkaProperties(options: KafkaProperties): string {
  const broker = `PLAINTEXT://127.0.0.1:${options.port}`;
  const controller = `CONTROLLER://127.0.0.1:${options.controllerPort}`;
  const internalTopics = {
    'offsets.topic.num.partitions': 1,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.num.partitions': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
  };
  const bounds = {
    'log.retention.ms': 3_600_000,
    'log.retention.bytes': 268_435_456,
    'log.retention.check.interval.ms': 60_000,
    'log.segment.bytes': 67_108_864,
    'log.index.size.max.bytes': 1_048_576,
    'log.cleaner.dedupe.buffer.size': 2_097_152,
  };
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${options.controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `${broker},${controller}`,
    'advertised.listeners': broker,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': options.log,
    'num.partitions': 1,
    'auto.create.topics.enable': false,
    'group.initial.rebalance.delay.ms': 0,
    // A broker killed and started again waits until its former registration has expired.
    'broker.heartbeat.interval.ms': 500,
    'broker.session.timeout.ms': 3_000,
    ...internalTopics,
    ...bounds,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  return `${lines.join('\n')}\n`;
}
