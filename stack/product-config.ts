// The product's configuration file of a stack: the sandbox as the platform, the stack's stores.
import { join } from 'node:path';
import { stringify } from 'yaml';
import { deriveTokens } from '../sandbox/src/service/tokens.js';
import {
  canaryAgentIds,
  eventStoreUrl,
  registryIds,
  registryUrl,
  type Topology,
  tegUrl,
  topicName,
} from '../sandbox/src/topology.js';
import type { StackDirectory } from './directories.js';
import type { PortTable } from './ports.js';
import { writePrivateFile } from './private-file.js';

export interface ProductConfigOptions {
  readonly directory: StackDirectory;
  readonly topology: Topology;
  readonly ports: PortTable;
  /** The URL of the product's own database. */
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly kafkaBrokers: readonly string[];
  /** Undefined for a Temporal server that somebody else runs. */
  readonly temporalMetricsUrl: string | undefined;
  /** Where the stack runs its own monitoring. */
  readonly prometheusUrl: string | undefined;
  readonly temporalUiUrl: string | undefined;
  /** Settings of single frames beside the stack's own, such as their feed. */
  readonly frames?: FrameSettings;
  /** Sections that replace those of the same name; for tests and benchmarks. */
  readonly overrides: Readonly<Record<string, unknown>>;
}

/** By the id of a frame. */
export type FrameSettings = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Writes the configuration and the agents' tokens beside it; answers the configuration's path. */
export function writeProductConfig(options: ProductConfigOptions): string {
  const { directory, topology, ports } = options;
  const agentTokensFile = join(directory.root, 'agent-tokens.json');
  writePrivateFile(agentTokensFile, `${JSON.stringify(agentTokens(topology), null, 2)}\n`);
  const content = {
    platform: {
      lanes: topology.canaryAgents,
      feeBasisPoints: topology.feeBasisPoints,
      agentTokensFile,
      frames: topology.frames.map((frame) => ({
        ...frameOf(topology, frame),
        ...options.frames?.[frame.id],
      })),
    },
    stores: {
      postgres: options.databaseUrl,
      redis: options.redisUrl,
      kafka: options.kafkaBrokers,
    },
    ...(options.temporalMetricsUrl === undefined
      ? {}
      : { temporal: { serverMetricsUrl: options.temporalMetricsUrl } }),
    ...(options.prometheusUrl === undefined
      ? {}
      : { upstreams: { prometheus: { url: options.prometheusUrl } } }),
    ...(options.temporalUiUrl === undefined
      ? {}
      : { links: { temporalUi: options.temporalUiUrl } }),
    listen: {
      worker: `127.0.0.1:${ports.workerHttp}`,
      sdkMetrics: `127.0.0.1:${ports.workerSdkMetrics}`,
      exporter: `127.0.0.1:${ports.exporter}`,
      web: `127.0.0.1:${ports.web}`,
    },
    ...options.overrides,
  };
  const file = join(directory.root, 'canary.yaml');
  writePrivateFile(file, stringify(content));
  return file;
}

function frameOf(topology: Topology, frame: Topology['frames'][number]) {
  return {
    id: frame.id,
    teg: tegUrl(topology, frame.id),
    eventStore: eventStoreUrl(topology, frame.id),
    topic: topicName(frame.id),
    registries: frame.registries.map((id) => ({
      id,
      url: registryUrl(topology, id),
      agents: canaryAgentIds(topology, id),
    })),
  };
}

/** What each canary agent pays with. */
function agentTokens(topology: Topology): Readonly<Record<string, string>> {
  const tokens = deriveTokens(topology.secretSeed);
  const agents = registryIds(topology).flatMap((id) => canaryAgentIds(topology, id));
  return Object.fromEntries(agents.map((agent) => [agent, tokens.agent(agent)]));
}
