// A Kafka broker of our own (KRaft, one node), started from its jars with an archive of loaded
// classes, which halves the time until it answers.
import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exists } from '../components/cache.js';
import { assertPortFree } from '../ports.js';
import { startProcess } from '../processes/managed-process.js';
import { assertListening, untilReady } from '../processes/readiness.js';
import { javaArguments, type KafkaInstallation, kafkaProperties } from './kafka-installation.js';
import { describesItself } from './kafka-probe.js';
import { managedService, type Service, type ServicePlace } from './service.js';

export interface KafkaOptions extends ServicePlace {
  readonly installation: KafkaInstallation;
  readonly port: number;
  readonly controllerPort: number;
}

const STOP_GRACE_MS = 20_000;

/** Throws `PortTakenError` or `ProcessFailedError`. */
export async function startKafka(options: KafkaOptions): Promise<Service> {
  const { installation } = options;
  await assertPortFree(options.port, 'kafka');
  await assertPortFree(options.controllerPort, 'kafka controller');
  const home = join(options.data, 'kafka');
  const log = await formattedLog(home, installation.template);
  const properties = join(home, 'server.properties');
  await writeFile(properties, kafkaProperties({ ...options, log }));
  const archive = `-XX:SharedArchiveFile=${installation.archive}`;
  const server = await startProcess(
    {
      name: 'kafka',
      command: installation.java,
      args: [...javaArguments(installation, [archive]), 'kafka.Kafka', properties],
      directory: home,
      graceMs: STOP_GRACE_MS,
    },
    options,
  );
  await untilReady(server, async () => {
    await assertListening(options.port);
    await describesItself(options.url);
  });
  return managedService('kafka', options.url, server);
}

/** A log directory formatted once, by copying a template: formatting costs a start of Java. */
async function formattedLog(home: string, template: string): Promise<string> {
  const log = join(home, 'log');
  if (await exists(log)) return log;
  const partial = join(home, 'log.partial');
  await mkdir(home, { recursive: true });
  await rm(partial, { recursive: true, force: true });
  await cp(template, partial, { recursive: true });
  await rename(partial, log);
  return log;
}
