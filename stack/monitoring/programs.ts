// The programs of the monitoring, provided one after another; one that cannot be had is said, and
// the others do without it.
import type { ComponentName } from '../components/component.js';
import { ComponentUnavailableError } from '../components/component.js';
import { COMPONENTS } from '../components/table.js';
import { cacheDirectory, type ProvideOptions, provide } from '../infrastructure.js';
import {
  type Installation,
  prepareAlertmanager,
  RelocationError,
} from './alertmanager-installation.js';

export const MONITORING_PROGRAMS = [
  'prometheus',
  'alertmanager',
  'victoria-metrics',
  'node-exporter',
  'postgres-exporter',
  'redis-exporter',
] as const satisfies readonly ComponentName[];

export type MonitoringProgram = (typeof MONITORING_PROGRAMS)[number];

/** The programs that are there. */
export type MonitoringPrograms = Readonly<Partial<Record<MonitoringProgram, Installation>>>;

/** What is lost without a program, beside what it shows of itself. */
const LOSS: Readonly<Record<MonitoringProgram, string>> = {
  prometheus: 'nothing is scraped and no rule is evaluated',
  alertmanager: 'alerts are evaluated and reach nobody',
  'victoria-metrics': 'nothing is kept for longer than Prometheus keeps it',
  'node-exporter': 'nothing is known of the host',
  'postgres-exporter': 'nothing is known of the databases',
  'redis-exporter': 'nothing is known of Redis',
};

export async function provideMonitoring(
  options: ProvideOptions,
  names: readonly MonitoringProgram[] = MONITORING_PROGRAMS,
): Promise<MonitoringPrograms> {
  const programs: Partial<Record<MonitoringProgram, Installation>> = {};
  // One after another: where the system's package lists are missing each needs lists of its own.
  for (const name of names) {
    const installation = await provideOne(name, options).catch((error: unknown) => {
      if (!(error instanceof ComponentUnavailableError)) throw error;
      options.report(
        `${error.message}\nWithout it ${LOSS[name]}; the rest of the monitoring starts.`,
      );
    });
    if (installation !== undefined) programs[name] = installation;
  }
  return programs;
}

/** Throws `ComponentUnavailableError`. */
async function provideOne(name: MonitoringProgram, options: ProvideOptions): Promise<Installation> {
  const provided = await provide(name, options);
  if (provided.kind !== 'program') throw new TypeError(`${name} was provided as an address`);
  if (name !== 'alertmanager') return { program: provided.path };
  try {
    return await prepareAlertmanager(provided, cacheDirectory(options.environment));
  } catch (cause) {
    if (!(cause instanceof RelocationError)) throw cause;
    const { remedy } = COMPONENTS.alertmanager;
    throw new ComponentUnavailableError('alertmanager', cause.message, remedy, { cause });
  }
}
