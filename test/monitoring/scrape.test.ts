// What is scraped and under which labels: the same for the embedded stack and for the compose file,
// under the names that the sandbox itself uses, in files that the real programs take.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { composePlaces } from '../../monitoring/src/compose-places.js';
import { REFERENCE, type ScrapeTarget } from '../../monitoring/src/config.js';
import { watchedDatabases } from '../../monitoring/src/databases.js';
import { committedMonitoringFiles, monitoringFiles } from '../../monitoring/src/emit.js';
import { JOBS, TIER_OF } from '../../monitoring/src/names.js';
import { type PrometheusConfig, prometheusConfig } from '../../monitoring/src/scrape.js';
import {
  databaseName,
  eventStorePort,
  parseTopology,
  registryPort,
  tegPort,
  trafficPort,
} from '../../sandbox/src/topology.js';
import { embeddedConfig, embeddedPlaces } from '../../stack/monitoring/places.js';
import { MONITORING_PROGRAMS, type MonitoringPrograms } from '../../stack/monitoring/programs.js';
import { portTable } from '../../stack/ports.js';
import { PRODUCT_DATABASE } from '../../stack/stack-plan.js';
import { temporaryDirectory } from '../stack/support.js';
import { programForCases } from './programs.js';

const topology = parseTopology({});
const ports = portTable(27_000);
const allPrograms: MonitoringPrograms = Object.fromEntries(
  MONITORING_PROGRAMS.map((name) => [name, { program: `/bin/${name}` }]),
);

function embedded(programs: MonitoringPrograms): PrometheusConfig {
  const config = embeddedConfig(topology, ports, {});
  return prometheusConfig(config, embeddedPlaces(config, topology, ports, programs));
}

const compose = prometheusConfig(REFERENCE, composePlaces(REFERENCE));

/** Each target as one line without its address. */
function labelLines(config: PrometheusConfig): readonly string[] {
  return config.scrape_configs.flatMap(({ job_name, static_configs }) =>
    static_configs.map(({ labels }) => `${job_name} ${JSON.stringify(labels)}`),
  );
}

function targetsOf(config: PrometheusConfig, job: string): readonly object[] {
  const found = config.scrape_configs.find(({ job_name }) => job_name === job);
  return (found?.static_configs ?? []).map(({ targets, labels }) => [targets[0], labels]);
}

describe('the reference installation', () => {
  const frame = (id: string, more = {}) => ({ tier: 'application', frame: id, ...more });
  test.each<readonly [string, readonly object[]]>([
    [
      'event-store',
      [
        ['127.0.0.1:27101', frame('A')],
        ['127.0.0.1:27121', frame('B')],
      ],
    ],
    [
      'teg',
      [
        ['127.0.0.1:27100', frame('A')],
        ['127.0.0.1:27120', frame('B')],
      ],
    ],
    [
      'registry',
      [
        ['127.0.0.1:27102', frame('A', { registry: 'A1' })],
        ['127.0.0.1:27103', frame('A', { registry: 'A2' })],
      ],
    ],
    ['peer-registry', [['127.0.0.1:27122', frame('B', { registry: 'B1' })]]],
    ['canary-exporter', [['127.0.0.1:27022', { tier: 'canary' }]]],
    ['traffic', [['127.0.0.1:27190', { tier: 'sandbox' }]]],
    ['redis-exporter', [['127.0.0.1:27034', { tier: 'infrastructure' }]]],
    ['alertmanager', [['127.0.0.1:27031', { tier: 'monitoring' }]]],
  ])('%s', (job, expected) => expect(targetsOf(embedded(allPrograms), job)).toEqual(expected));

  test('one exporter for each database, which says whose it is', () => {
    const labels = targetsOf(embedded(allPrograms), 'postgres-exporter');
    expect(labels).toHaveLength(7);
    expect(labels).toContainEqual([
      '127.0.0.1:27042',
      {
        tier: 'infrastructure',
        database: 'frame_a_event_store',
        frame: 'A',
        service: 'event-store',
      },
    ]);
    expect(labels).toContainEqual([
      '127.0.0.1:27046',
      { tier: 'infrastructure', database: 'canary_reactor', service: 'canary' },
    ]);
  });

  test('has every job, containers where there are some', () => {
    const jobs = ({ scrape_configs }: PrometheusConfig) =>
      scrape_configs.map((one) => one.job_name);
    // The guards of a host are scraped where the configuration names them.
    const guards: readonly string[] = [JOBS.crowdsec, JOBS.crowdsecBouncer];
    const usual = Object.values(JOBS).filter((job) => !guards.includes(job));
    expect(jobs(compose)).toEqual(usual);
    const others = usual.filter((job) => job !== JOBS.cadvisor);
    expect(jobs(embedded(allPrograms))).toEqual(others);
  });

  test('is scraped under the same labels with and without docker', () => {
    const cadvisor = `cadvisor ${JSON.stringify({ tier: TIER_OF[JOBS.cadvisor] })}`;
    const withoutCadvisor = labelLines(compose).filter((line) => line !== cadvisor);
    expect(withoutCadvisor).toEqual(labelLines(embedded(allPrograms)));
  });

  test('is found in docker where the sandbox listens', () => {
    const address = (port: number) => `sandbox:${port}`;
    const expected = [
      ...topology.frames.flatMap(({ id, registries }) => [
        address(tegPort(topology, id)),
        address(eventStorePort(topology, id)),
        ...registries.map((registry) => address(registryPort(topology, registry))),
      ]),
      address(trafficPort(topology)),
    ];
    const found = composePlaces(REFERENCE).targets.map((target: ScrapeTarget) => target.address);
    expect(found.filter((one) => one.startsWith('sandbox:')).sort()).toEqual(expected.sort());
  });
});

test('the databases are those of the sandbox and of the product', () => {
  const expected = topology.frames.flatMap(({ id }) =>
    (['registry', 'teg', 'event_store'] as const).map((role) => databaseName(id, role)),
  );
  const found = watchedDatabases(topology).map(({ database }) => database);
  expect(found).toEqual([...expected, PRODUCT_DATABASE]);
});

test('a single frame has no peers', () => {
  const config = {
    ...REFERENCE,
    topology: {
      ...REFERENCE.topology,
      frames: [{ id: 'A', registries: ['A1'] }],
      hasContainers: false,
    },
  };
  const jobs = prometheusConfig(config, composePlaces(config)).scrape_configs;
  expect(jobs.map(({ job_name }) => job_name)).not.toContain(JOBS.peerRegistry);
  expect(jobs.map(({ job_name }) => job_name)).not.toContain(JOBS.cadvisor);
});

test('what has no program is neither scraped nor spoken to', () => {
  const { prometheus } = allPrograms;
  const alone = embedded(prometheus === undefined ? {} : { prometheus });
  expect(alone.alerting).toBeUndefined();
  expect(alone.remote_write).toBeUndefined();
  const jobs = alone.scrape_configs.map(({ job_name }) => job_name);
  expect(jobs).toEqual([
    'event-store',
    'teg',
    'registry',
    'peer-registry',
    'canary-exporter',
    'traffic',
    'prometheus',
  ]);
});

const promtool = await programForCases('promtool');
const amtool = await programForCases('amtool');

/** The generated files in a directory of their own. */
function written(change: (content: string) => string = (content) => content): string {
  const root = temporaryDirectory();
  for (const { file, content } of committedMonitoringFiles({})) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), change(content()));
  }
  return join(root, 'monitoring');
}

describe.skipIf(promtool === undefined)('promtool', () => {
  const check = (root: string) =>
    execFileSync(
      promtool?.path ?? '',
      ['check', 'config', join(root, 'prometheus/prometheus.yml')],
      {
        encoding: 'utf8',
        stdio: 'pipe',
      },
    );

  test('takes the configuration', () => expect(check(written())).toContain('SUCCESS'));

  test('refuses a broken one', () => {
    const root = written((content) => content.replace('scrape_timeout: 10s', 'scrape_timeout: 1h'));
    expect(() => check(root)).toThrow('scrape timeout greater than scrape interval');
  });

  test('takes that of an embedded stack without any other program', () => {
    const root = temporaryDirectory();
    const config = embeddedConfig(topology, ports, {});
    const places = embeddedPlaces(config, topology, ports, {});
    for (const { file, content } of monitoringFiles(config, places)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), content());
    }
    expect(check(join(root, 'monitoring'))).toContain('SUCCESS');
  });
});

describe.skipIf(amtool === undefined)('amtool', () => {
  const check = (root: string) =>
    execFileSync(
      amtool?.path ?? '',
      ['check-config', join(root, 'alertmanager/alertmanager.yml')],
      {
        encoding: 'utf8',
        stdio: 'pipe',
      },
    );

  test('takes the configuration', () => expect(check(written())).toContain('SUCCESS'));

  test('refuses a broken one', () => {
    const root = written((content) => content.replace('receiver: mail', 'receiver: nobody'));
    expect(outputOf(() => check(root))).toContain('undefined receiver "nobody"');
  });
});

/** What a program that fails has written. */
function outputOf(run: () => string): string {
  try {
    return run();
  } catch (error) {
    return (error as { readonly stdout: string }).stdout;
  }
}
