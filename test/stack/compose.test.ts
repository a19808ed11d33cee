// docker-compose.temporal.yml against the schema of compose files, against the environment table of
// the configuration, and against the embedded stack. The schema is that of the compose
// specification (Apache License 2.0), as the Go module compose-go 2.16.2 carries it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  eventStoreUrl,
  parseTopology,
  registryIds,
  registryUrl,
  tegUrl,
} from '../../sandbox/src/topology.js';
import { ENVIRONMENT, parseConfig } from '../../src/config.js';
import { SEARCH_ATTRIBUTES } from '../../src/names.js';
import { sandboxApplications } from '../../stack/applications.js';
import { PROJECT_ROOT } from '../../stack/directories.js';
import { DEFAULT_PORT_BASE, portTable } from '../../stack/ports.js';
import {
  compose,
  composeProblems,
  content,
  readProjectFile,
  service,
  withDefaults,
} from './compose-file.js';

const read = readProjectFile;
const services = Object.entries(compose.services);
const ports = portTable(DEFAULT_PORT_BASE);
const topology = parseTopology(parse(content('sandbox')), 'sandbox');

describe('the schema', () => {
  test('is kept', () => expect(composeProblems(compose)).toEqual([]));

  test.each([
    ['an unknown key of a service', { services: { a: { image: 'x', restarts: 'always' } } }],
    ['a port that is none', { services: { a: { image: 'x', ports: [true] } } }],
    ['an unknown condition', { services: { a: { depends_on: { b: { condition: 'up' } } } } }],
  ])('refuses %s', (_name, broken) => expect(composeProblems(broken)).not.toEqual([]));
});

describe('every service', () => {
  test.each(services)('%s has a pinned image', (_name, { image }) => {
    expect(image).toMatch(/^(canary-reactor:local|[a-z/-]+:\d+\.\d+(\.\d+)?(-[a-z0-9.]+)?)$/);
  });

  test.each(services)('%s publishes on loopback only', (_name, one) => {
    for (const port of one.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  test.each(services)('%s names only what there is', (_name, one) => {
    const others = Object.keys(one.depends_on ?? {});
    const shared = /^service:(.*)$/.exec(one.network_mode ?? '')?.slice(1) ?? [];
    expect(Object.keys(compose.services)).toEqual(expect.arrayContaining([...others, ...shared]));
    const sources = (one.configs ?? []).map(({ source }) => source);
    expect(Object.keys(compose.configs ?? {})).toEqual(expect.arrayContaining(sources));
    const volumes = (one.volumes ?? []).map((volume) => volume.split(':')[0]);
    expect(Object.keys(compose.volumes)).toEqual(expect.arrayContaining(volumes));
  });

  test('that another one waits for being healthy has a health check', () => {
    const waitedFor = services.flatMap(([, one]) =>
      Object.entries(one.depends_on ?? {})
        .filter(([, { condition }]) => condition === 'service_healthy')
        .map(([name]) => name),
    );
    expect(waitedFor.length).toBeGreaterThan(0);
    for (const name of waitedFor) expect(service(name).healthcheck, name).toBeDefined();
  });
});

describe.each(['worker', 'exporter', 'web'])('the environment of the %s', (name) => {
  const given = service(name).environment ?? {};
  const known = ENVIRONMENT.map((row) => row.name);

  test('holds nothing that the configuration does not read', () => {
    expect(Object.keys(given).filter((variable) => !known.includes(variable))).toEqual([]);
  });

  test('holds all that the configuration reads', () => {
    expect(known.filter((variable) => given[variable] === undefined)).toEqual([]);
  });

  test('makes a usable configuration of the reference set-up together with the file', () => {
    const values = Object.entries(given).map(([key, value]) => [key, withDefaults(value)]);
    const config = parseConfig('canary.yaml', content('canary'), Object.fromEntries(values));
    expect(config.paths).toHaveLength(30);
    const host = (url: string) => url.replace('0.0.0.0', 'sandbox');
    const expected = topology.frames.map(({ id }) => ({
      id,
      teg: host(tegUrl(topology, id)),
      eventStore: host(eventStoreUrl(topology, id)),
    }));
    expect(config.platform.frames).toMatchObject(expected);
    expect(
      config.platform.frames.flatMap((frame) => frame.registries.map(({ id, url }) => [id, url])),
    ).toEqual(registryIds(topology).map((id) => [id, host(registryUrl(topology, id))]));
  });
});

describe('the same as the embedded stack', () => {
  const published = services.flatMap(([, one]) => one.ports ?? []).join(' ');

  test.each([
    ['postgres', ports.postgres],
    ['redis', ports.redis],
    ['kafka', ports.kafka],
    ['temporal', ports.temporal],
    ['temporal UI', ports.temporalUi],
    ['temporal metrics', ports.temporalMetrics],
    ['worker', ports.workerHttp],
    ['exporter', ports.exporter],
    ['web', ports.web],
  ])('%s is found on port %i', (_name, port) => {
    expect(published).toContain(`127.0.0.1:${port}:`);
  });

  test('every service of the sandbox is there, checked where it listens', () => {
    for (const application of sandboxApplications(topology, {})) {
      const { command, healthcheck } = service(application.name);
      expect(command).toEqual([application.entry, ...application.args]);
      const port = new URL(application.readyUrl).port;
      expect(healthcheck?.test.at(-1)).toBe(`http://127.0.0.1:${port}/healthz`);
    }
  });

  test('the namespace gets the search attributes of the product', () => {
    const script = service('temporal-namespace').command?.join('\n') ?? '';
    const named = [...script.matchAll(/--name (\w+)/g)].map((match) => match[1]);
    expect(named.sort()).toEqual(Object.values(SEARCH_ATTRIBUTES).sort());
  });
});

test('the image holds what its processes need, from places that are there', () => {
  const dockerfile = read('Dockerfile');
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm)]
    .flatMap((match) => match[1]?.split(' ') ?? [])
    .map((path) => path.replace(/\/$/, ''));
  const allowed = read('.dockerignore').split('\n');
  for (const path of copied) {
    expect(existsSync(join(PROJECT_ROOT, path)), path).toBe(true);
    expect(allowed, path).toContain(`!${path}`);
  }
  const entries = services
    .flatMap(([, one]) => one.command ?? [])
    .filter((word) => /\.ts$/.test(word));
  for (const entry of entries)
    expect(
      copied.some((path) => entry.startsWith(`${path}/`)),
      entry,
    ).toBe(true);
  expect(dockerfile).toMatch(/^FROM node:\d+\.\d+\.\d+-bookworm-slim$/m);
});
