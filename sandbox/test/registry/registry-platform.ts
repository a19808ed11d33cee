// A small platform for cases on registries: two frames with made-up ids, two and one registries.
import { callJson, type JsonAnswer } from '../../src/registry/json-call.js';
import { startRegistry } from '../../src/registry/registry.js';
import type { RunningService, ServiceContext } from '../../src/service/context.js';
import { deriveTokens, type Tokens } from '../../src/service/tokens.js';
import { startTeg } from '../../src/teg/teg.js';
import { parseTopology, registryUrl, type Topology } from '../../src/topology.js';
import { createTestPlatform } from '../service/test-platform.js';

export interface RegistryPlatform {
  readonly topology: Topology;
  readonly context: ServiceContext;
  readonly tokens: Tokens;
  /** Two registries of the first frame, one of the second. */
  readonly ids: { readonly first: string; readonly second: string; readonly far: string };
  startRegistry(registryId: string): Promise<RunningService>;
  startTeg(): Promise<RunningService>;
  /** Closes what was started and drops the databases. */
  remove(): Promise<void>;
}

export async function createRegistryPlatform(
  options: { readonly opaEnabled?: boolean; readonly postgresUrl?: string } = {},
): Promise<RegistryPlatform> {
  const platform = await createTestPlatform({ pipe: 'direct', frames: 2 });
  const [near = '', other = ''] = platform.frameIds;
  const ids = { first: `${near}1`, second: `${near}2`, far: `${other}1` };
  const topology = parseTopology({
    ...platform.topology,
    ...options,
    frames: [
      { id: near, registries: [ids.first, ids.second] },
      { id: other, registries: [ids.far] },
    ],
    canaryAgents: 1,
    userAgents: 3,
  });
  const context = { ...platform.context, topology };
  const started: RunningService[] = [];
  const keep = async (starting: Promise<RunningService>) => {
    const service = await starting;
    started.push(service);
    return service;
  };
  return {
    ...{ topology, context, ids, tokens: deriveTokens(topology.secretSeed) },
    startRegistry: (registryId) => keep(startRegistry(context, registryId)),
    startTeg: () => keep(startTeg(context, near)),
    remove: async () => {
      await Promise.allSettled(started.map((service) => service.close()));
      await platform.remove();
    },
  };
}

export interface RegistryClient {
  readonly url: string;
  get(path: string): Promise<JsonAnswer>;
  post(path: string, token?: string, body?: unknown): Promise<JsonAnswer>;
  remove(path: string, token: string): Promise<JsonAnswer>;
  /** The value of one sample of `/metrics`; undefined when there is none. */
  metric(sample: string): Promise<number | undefined>;
}

export function createRegistryClient(topology: Topology, registryId: string): RegistryClient {
  const url = registryUrl(topology, registryId);
  const timeoutMs = 10_000;
  return {
    url,
    get: (path) => callJson({ url: url + path, timeoutMs }),
    post: (path, token, body = {}) =>
      callJson({ method: 'POST', url: url + path, token, body, timeoutMs }),
    remove: (path, token) => callJson({ method: 'DELETE', url: url + path, token, timeoutMs }),
    metric: async (sample) => {
      const text = await (await fetch(`${url}/metrics`)).text();
      const line = text.split('\n').find((one) => one.startsWith(`${sample} `));
      return line === undefined ? undefined : Number(line.slice(sample.length + 1));
    },
  };
}
