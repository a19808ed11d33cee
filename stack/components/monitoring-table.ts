// The components of the monitoring, as Debian packages them: no other registry has them all. They
// are unpacked and not installed, so that no root is needed.
import type { Component, ComponentName } from './component.js';

/** What Debian calls a package, at the one version, with the digest of its file. */
interface DebianPackage {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
}

const PROMETHEUS: DebianPackage = {
  name: 'prometheus',
  version: '2.42.0+ds-5+deb12u1',
  sha256: '81d59a24fce84f7fbe97a45a4f2914b6a5881b5cd1db2a6a0e129e515e1a5f55',
};

const ALERTMANAGER: DebianPackage = {
  name: 'prometheus-alertmanager',
  version: '0.25.0-1+b4',
  sha256: '4fb9aed15cfe8e0c32408e643ab32a1e41ee87d2cc26f18aeba928b1b0b98ae7',
};

const NODE_EXPORTER: DebianPackage = {
  name: 'prometheus-node-exporter',
  version: '1.5.0-1+b6',
  sha256: '8cb5b39627595ea2cf3cd27be593e0e9af87023d29e1c5b8487e2f9510097e09',
};

const POSTGRES_EXPORTER: DebianPackage = {
  name: 'prometheus-postgres-exporter',
  version: '0.11.1-3+b5',
  sha256: '9c09749b4a167774c1ce65e8fb546c680215901c912a542829d559dbe199845b',
};

const REDIS_EXPORTER: DebianPackage = {
  name: 'prometheus-redis-exporter',
  version: '1.45.0-2+b4',
  sha256: '4b310368285e805ae533a2be5d37fb2d170d8fa6227497572fcaf2c82dd69c74',
};

const VICTORIA_METRICS: DebianPackage = {
  name: 'victoria-metrics',
  version: '1.79.5+ds1-2+b5',
  sha256: 'bb437c10c5aa7c6a293acbb93828bd726dded618aa4bf3f4b45bef24c6d2f6f0',
};

/** A program of a package; `others` are its names where somebody else packaged it. */
function component(
  name: ComponentName,
  from: DebianPackage,
  program: { readonly name: string; readonly others?: readonly string[]; readonly minimum: string },
): Component {
  const names = [program.name, ...(program.others ?? [])];
  return {
    name,
    version: from.version,
    package: from.name,
    programs: names.map((one) => ({ program: one, minimumVersion: program.minimum })),
    source: {
      kind: 'apt',
      downloads: {
        'linux-x64': {
          specification: `${from.name}=${from.version}`,
          sha256: from.sha256,
          program: `usr/bin/${program.name}`,
        },
      },
    },
    remedy: `put ${names.join(' or ')} ${program.minimum} or newer on the PATH`,
  };
}

/** Relabelling by `keepequal`, which the scrape of the databases needs, came with 2.41. */
const PROMETHEUS_MINIMUM = '2.41';

export const MONITORING_COMPONENTS = {
  promtool: component('promtool', PROMETHEUS, { name: 'promtool', minimum: PROMETHEUS_MINIMUM }),
  prometheus: component('prometheus', PROMETHEUS, {
    name: 'prometheus',
    minimum: PROMETHEUS_MINIMUM,
  }),
  alertmanager: component('alertmanager', ALERTMANAGER, {
    name: 'prometheus-alertmanager',
    others: ['alertmanager'],
    minimum: '0.25',
  }),
  amtool: component('amtool', ALERTMANAGER, { name: 'amtool', minimum: '0.25' }),
  'node-exporter': component('node-exporter', NODE_EXPORTER, {
    name: 'prometheus-node-exporter',
    others: ['node_exporter'],
    minimum: '1.3',
  }),
  'postgres-exporter': component('postgres-exporter', POSTGRES_EXPORTER, {
    name: 'prometheus-postgres-exporter',
    others: ['postgres_exporter'],
    minimum: '0.11',
  }),
  'redis-exporter': component('redis-exporter', REDIS_EXPORTER, {
    name: 'prometheus-redis-exporter',
    others: ['redis_exporter'],
    minimum: '1.30',
  }),
  'victoria-metrics': component('victoria-metrics', VICTORIA_METRICS, {
    name: 'victoria-metrics',
    others: ['victoria-metrics-prod'],
    minimum: '1.79',
  }),
  // Cases alone run it: one that is installed has files and modules of its own beside it.
  nginx: {
    name: 'nginx',
    version: '1.22.1-9+deb12u9',
    programs: [],
    source: {
      kind: 'apt',
      downloads: {
        'linux-x64': {
          specification: 'nginx=1.22.1-9+deb12u9',
          sha256: '4e7b52f8b31f26d77ffb5c427c41e36223e81b047242ecfa8dc1d7f939734885',
          program: 'usr/sbin/nginx',
        },
      },
    },
    remedy: 'make Debian’s archive reachable for apt-get; it must have nginx 1.22.1-9+deb12u9',
  },
} as const;
