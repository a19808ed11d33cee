// docker-compose.monitoring.yml against the schema, against the generated files that it mounts, and
// against the embedded stack, whose programs are of the same versions.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { composePlaces } from '../../monitoring/src/compose-places.js';
import { REFERENCE } from '../../monitoring/src/config.js';
import { databaseExporterName, watchedDatabases } from '../../monitoring/src/databases.js';
import { committedMonitoringFiles, securityFiles } from '../../monitoring/src/emit.js';
import type { ComponentName } from '../../stack/components/component.js';
import { COMPONENTS } from '../../stack/components/table.js';
import { versionIn } from '../../stack/components/version.js';
import { PROJECT_ROOT } from '../../stack/directories.js';
import { DEFAULT_PORT_BASE, portTable } from '../../stack/ports.js';
import { compose, composeProblems, readComposeFile, withDefaults } from './compose-file.js';

const monitoring = readComposeFile('docker-compose.monitoring.yml');
const services = Object.entries(monitoring.services);
const ports = portTable(DEFAULT_PORT_BASE);

test('the schema is kept', () => expect(composeProblems(monitoring)).toEqual([]));

test('no service and no volume has a name that the other file has given', () => {
  const names = (file: typeof compose) => [
    ...Object.keys(file.services),
    ...Object.keys(file.volumes).map((name) => `volume ${name}`),
  ];
  expect(names(monitoring).filter((name) => names(compose).includes(name))).toEqual([]);
});

describe('every service', () => {
  test.each(services)('%s has a pinned image', (_name, { image }) => {
    expect(image).toMatch(/^[a-z0-9./_-]+:v?\d+\.\d+(\.\d+)?(-[a-z0-9.]+)?$/);
  });

  test.each(services)('%s publishes on loopback only', (_name, one) => {
    for (const port of one.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  test.each(services)('%s mounts what is there', (_name, one) => {
    for (const volume of one.volumes ?? []) {
      const [from = ''] = volume.split(':');
      if (from.startsWith('./')) {
        expect(existsSync(join(PROJECT_ROOT, from)), from).toBe(true);
        expect(volume).toMatch(/:ro$/);
      } else if (!from.startsWith('/')) expect(Object.keys(monitoring.volumes)).toContain(from);
    }
    const others = Object.keys(one.depends_on ?? {});
    expect(Object.keys(monitoring.services)).toEqual(expect.arrayContaining(others));
  });
});

test.each<readonly [string, ComponentName]>([
  ['prometheus', 'prometheus'],
  ['alertmanager', 'alertmanager'],
  ['victoria-metrics', 'victoria-metrics'],
  ['node-exporter', 'node-exporter'],
  ['postgres-exporter-canary-reactor', 'postgres-exporter'],
  ['redis-exporter', 'redis-exporter'],
])('%s is of the version that the embedded stack runs', (name, component) => {
  expect(versionIn(image(name))).toBe(versionIn(COMPONENTS[component].version));
});

test.each([
  ['prometheus', ports.prometheus],
  ['alertmanager', ports.alertmanager],
  ['victoria-metrics', ports.victoriaMetrics],
  ['grafana', ports.grafana],
  ['nginx', ports.monitoringProxy],
])('%s is found on port %i', (name, port) => {
  expect(monitoring.services[name]?.ports?.join()).toContain(`127.0.0.1:${port}:`);
});

describe('the generated files', () => {
  test('each stands in a directory that a service mounts', () => {
    const mounted = services
      .flatMap(([, one]) => one.volumes ?? [])
      .flatMap((volume) => /^\.\/([^:]*):/.exec(volume)?.[1] ?? []);
    const copied = securityFiles(REFERENCE).map(({ file }) => file);
    const all = committedMonitoringFiles({}).map(({ file }) => file);
    // What is copied to guarded hosts is for none of the services.
    for (const file of all.filter((one) => !copied.includes(one))) {
      expect(
        mounted.some((directory) => file.startsWith(`${directory}/`)),
        file,
      ).toBe(true);
    }
  });

  test('name only hosts that are services', () => {
    const known = [...Object.keys(compose.services), ...Object.keys(monitoring.services)];
    const places = composePlaces(REFERENCE);
    const { prometheus, alertmanager = '', victoriaMetrics = '', grafana } = places;
    const addresses = [...places.targets.map(({ address }) => address), prometheus, alertmanager];
    for (const address of [...addresses, victoriaMetrics, grafana]) {
      expect(known).toContain(address.split(':')[0]);
    }
    for (const api of places.apis) expect(known).toContain(new URL(api).hostname);
  });
});

test('each database has an exporter, and the statistics that it asks for', () => {
  const script = monitoring.services['statement-statistics']?.command?.join('') ?? '';
  for (const one of watchedDatabases(REFERENCE.topology)) {
    const { environment } = monitoring.services[databaseExporterName(one)] ?? {};
    const source = withDefaults(environment?.DATA_SOURCE_NAME ?? '');
    expect(new URL(source).pathname).toBe(`/${one.database}`);
    expect(script).toContain(` ${one.database}`);
  }
});

test('links lead to the host names that nginx answers to', () => {
  const nginx = committedMonitoringFiles({})
    .find(({ file }) => file.endsWith('.conf'))
    ?.content();
  const { grafana, prometheus, alertmanager } = REFERENCE.links;
  for (const link of [grafana, prometheus, alertmanager]) {
    expect(nginx).toContain(`server_name ${new URL(link).hostname};`);
  }
  expect(nginx?.match(/auth_basic "admin";/g)).toHaveLength(3);
  const flags = (name: string) => monitoring.services[name]?.command;
  expect(flags('prometheus')).toContain(`--web.external-url=${prometheus}`);
  expect(flags('alertmanager')).toContain(`--web.external-url=${alertmanager}`);
  expect(monitoring.services.grafana?.environment?.GF_SERVER_ROOT_URL).toBe(grafana);
});

function image(name: string): string {
  const found = monitoring.services[name];
  if (found === undefined) throw new RangeError(`no service ${name}`);
  return found.image;
}
