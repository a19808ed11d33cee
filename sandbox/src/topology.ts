// The sandbox's configuration: its schema, how it is loaded, and everything derived from it
// (ports, addresses, agent ids, database names). `{}` is the reference set-up.
import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { AMOUNT_PATTERN } from './money.js';

const frameSchema = z.strictObject({
  id: z.string().regex(/^[A-Z][A-Z0-9]{0,15}$/),
  registries: z
    .array(z.string().regex(/^[A-Z][A-Z0-9]{0,15}$/))
    .min(1)
    .max(18),
});

const amountText = z.string().regex(AMOUNT_PATTERN);

const topologySchema = z
  .strictObject({
    host: z.string().default('127.0.0.1'),
    portBase: z.int().min(1024).max(65_000).default(27_100),
    feeBasisPoints: z.int().min(0).max(10_000).default(10),
    refundAfterMs: z.int().min(1).default(300_000),
    sweepIntervalMs: z.int().min(1).default(5_000),
    twoPhaseLimitMs: z.int().min(1).default(60_000),
    initialFloat: amountText.default('1000.000000'),
    userFloat: amountText.default('100000.000000'),
    pipe: z.enum(['kafka', 'direct']).default('kafka'),
    kafkaBrokers: z.array(z.string()).min(1).default(['127.0.0.1:27002']),
    postgresUrl: z.string().default('postgres://postgres@127.0.0.1:27000/postgres'),
    secretSeed: z.string().min(1).default('canary-reactor-sandbox'),
    opaEnabled: z.boolean().default(false),
    staking: z.strictObject({ maxLockMs: z.int().min(1).default(3_600_000) }).prefault({}),
    frames: z
      .array(frameSchema)
      .min(1)
      .default([
        { id: 'A', registries: ['A1', 'A2'] },
        { id: 'B', registries: ['B1'] },
      ]),
    canaryAgents: z.int().min(1).max(100).default(2),
    userAgents: z.int().min(0).max(1_000).default(6),
    traffic: z
      .strictObject({
        transfersPerSecond: z.number().min(0).max(10_000).default(20),
        registryActionsPerSecond: z.number().min(0).max(1_000).default(1),
        economyActionsPerSecond: z.number().min(0).max(1_000).default(0.5),
      })
      .prefault({}),
  })
  .superRefine((topology, check) => {
    refuseTwins(topology.frames.map((frame) => frame.id).concat(registryIds(topology)), check);
    refuseTwins(servicePorts(topology), check);
  });

export type Topology = z.output<typeof topologySchema>;
export type Frame = Topology['frames'][number];

/** The databases that a frame has, one per service. */
export type DatabaseRole = 'teg' | 'event_store' | 'registry';

/** The configuration file is wrong; the message names the file, the place and the value. */
export class TopologyError extends Error {
  override readonly name = 'TopologyError';
}

/** The part of `process.env` that the sandbox reads. */
export interface Environment {
  readonly SANDBOX_CONFIG?: string | undefined;
}

/** Reads the file that `SANDBOX_CONFIG` names (JSON or YAML); without it, the reference set-up. */
export function loadTopology(environment: Environment): Topology {
  const file = environment.SANDBOX_CONFIG;
  if (file === undefined || file === '') return parseTopology({});
  try {
    return parseTopology(parseYaml(readFileSync(file, 'utf8')) ?? {}, file);
  } catch (error) {
    if (error instanceof TopologyError) throw error;
    throw new TopologyError(`${file}: cannot be read as JSON or YAML`, { cause: error });
  }
}

/** Checks a configuration value and fills in the defaults. Throws TopologyError. */
export function parseTopology(value: unknown, source = 'topology'): Topology {
  const parsed = topologySchema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map(
    (issue) => `${issue.path.join('.') || '(root)'}: ${issue.message}, got ${show(issue.input)}`,
  );
  throw new TopologyError(`${source}: ${places.join('; ')}`);
}

/** The frame of that id. Throws for an id that the topology does not have. */
export function frameOf(topology: Topology, frameId: string): Frame {
  const frame = topology.frames.find((candidate) => candidate.id === frameId);
  if (frame === undefined) throw new TopologyError(`unknown frame "${frameId}"`);
  return frame;
}

export function registryIds(topology: Pick<Topology, 'frames'>): readonly string[] {
  return topology.frames.flatMap((frame) => frame.registries);
}

/** The frame that a registry belongs to, or undefined. */
export function frameOfRegistry(topology: Topology, registryId: string): Frame | undefined {
  return topology.frames.find((frame) => frame.registries.includes(registryId));
}

/** `A1:canary-1` -> `A1`; undefined when the text is no agent id of this topology. */
export function registryOfAgent(topology: Topology, agentId: string): string | undefined {
  const [registryId, name, ...rest] = agentId.split(':');
  if (registryId === undefined || !name || rest.length > 0) return undefined;
  return frameOfRegistry(topology, registryId) && registryId;
}

/** The frame that an agent belongs to, or undefined. */
export function frameOfAgent(topology: Topology, agentId: string): Frame | undefined {
  const registryId = registryOfAgent(topology, agentId);
  return registryId === undefined ? undefined : frameOfRegistry(topology, registryId);
}

/** `A1:canary-1`, `A1:canary-2`, ... */
export function canaryAgentIds(topology: Topology, registryId: string): readonly string[] {
  return numbers(topology.canaryAgents).map((number) => `${registryId}:canary-${number}`);
}

/** `A1:user-01`, `A1:user-02`, ... */
export function userAgentIds(topology: Topology, registryId: string): readonly string[] {
  return numbers(topology.userAgents).map(
    (number) => `${registryId}:user-${String(number).padStart(2, '0')}`,
  );
}

export function tegPort(topology: Topology, frameId: string): number {
  return framePort(topology, frameId);
}

export function eventStorePort(topology: Topology, frameId: string): number {
  return framePort(topology, frameId) + 1;
}

export function registryPort(topology: Topology, registryId: string): number {
  const frame = frameOfRegistry(topology, registryId);
  if (frame === undefined) throw new TopologyError(`unknown registry "${registryId}"`);
  return framePort(topology, frame.id) + 2 + frame.registries.indexOf(registryId);
}

export function trafficPort(topology: Topology): number {
  return topology.portBase + TRAFFIC_OFFSET;
}

export function tegUrl(topology: Topology, frameId: string): string {
  return urlOf(topology, tegPort(topology, frameId));
}

export function eventStoreUrl(topology: Topology, frameId: string): string {
  return urlOf(topology, eventStorePort(topology, frameId));
}

export function registryUrl(topology: Topology, registryId: string): string {
  return urlOf(topology, registryPort(topology, registryId));
}

export function trafficUrl(topology: Topology): string {
  return urlOf(topology, trafficPort(topology));
}

/** `frame_a_event_store` */
export function databaseName(frameId: string, role: DatabaseRole): string {
  return `frame_${frameId.toLowerCase()}_${role}`;
}

/** The name under which a frame's TEG numbers its events: `teg-a`. */
export function producerName(frameId: string): string {
  return `teg-${frameId.toLowerCase()}`;
}

/** The frame's Kafka topic: `frame-a.events`. */
export function topicName(frameId: string): string {
  return `frame-${frameId.toLowerCase()}.events`;
}

const PORTS_PER_FRAME = 20;
const TRAFFIC_OFFSET = 90;

function framePort(topology: Topology, frameId: string): number {
  return topology.portBase + PORTS_PER_FRAME * topology.frames.indexOf(frameOf(topology, frameId));
}

function urlOf(topology: Topology, port: number): string {
  return `http://${topology.host}:${port}`;
}

function servicePorts(topology: Pick<Topology, 'frames' | 'portBase'>): readonly string[] {
  const ports = topology.frames.flatMap((frame, index) =>
    numbers(frame.registries.length + 2).map(
      (number) => topology.portBase + PORTS_PER_FRAME * index + number - 1,
    ),
  );
  return [...ports, topology.portBase + TRAFFIC_OFFSET].map((port) => `port ${port}`);
}

function refuseTwins(names: readonly string[], check: z.RefinementCtx): void {
  const twin = names.find((name, index) => names.indexOf(name) !== index);
  if (twin === undefined) return;
  check.addIssue({ code: 'custom', path: ['frames'], message: `"${twin}" occurs twice` });
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

function show(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 200) ?? String(value);
}
