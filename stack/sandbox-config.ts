// The sandbox's configuration file of a stack: its frames, its stores, and a secret of its own.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseTopology, type Topology } from '../sandbox/src/topology.js';
import type { StackDirectory } from './directories.js';
import { writePrivateFile } from './private-file.js';

/** What a caller may set beside what the stack itself decides; for tests and benchmarks. */
export type SandboxOverrides = Readonly<Record<string, unknown>>;

export interface SandboxConfigOptions {
  readonly directory: StackDirectory;
  readonly portBase: number;
  readonly postgresUrl: string;
  /** Undefined where there is no Kafka: the event pipe then is the outbox itself. */
  readonly kafkaBrokers: readonly string[] | undefined;
  readonly registries: readonly string[];
  readonly overrides: SandboxOverrides;
}

export interface SandboxConfig {
  readonly file: string;
  readonly topology: Topology;
}

/** Writes the file; its secret stays from start to start, for the ledger knows its tokens. */
export function writeSandboxConfig(options: SandboxConfigOptions): SandboxConfig {
  const file = join(options.directory.root, 'sandbox.json');
  const { kafkaBrokers } = options;
  const content = {
    portBase: options.portBase,
    postgresUrl: options.postgresUrl,
    ...(kafkaBrokers === undefined ? { pipe: 'direct' } : { pipe: 'kafka', kafkaBrokers }),
    frames: framesOf(options.registries),
    secretSeed: formerSecret(file) ?? randomBytes(32).toString('hex'),
    ...options.overrides,
  };
  const topology = parseTopology(content, file);
  mkdirSync(dirname(file), { recursive: true });
  writePrivateFile(file, `${JSON.stringify(content, null, 2)}\n`);
  return { file, topology };
}

export const REFERENCE_REGISTRIES = ['A1', 'A2', 'B1'] as const;

const REGISTRY_ID = /^([A-Z]+)([0-9]+)$/;

/** The frames of registries such as `A1`, `A2`, `B1`: the letters name the frame. */
export function framesOf(registries: readonly string[]): Topology['frames'] {
  const frames = new Map<string, string[]>();
  for (const registry of registries) {
    const frame = REGISTRY_ID.exec(registry)?.[1];
    if (frame === undefined) {
      throw new RangeError(`registry ${JSON.stringify(registry)} must be like A1: frame, number`);
    }
    frames.set(frame, [...(frames.get(frame) ?? []), registry]);
  }
  return [...frames].map(([id, ids]) => ({ id, registries: ids }));
}

function formerSecret(file: string): string | undefined {
  try {
    const { secretSeed } = JSON.parse(readFileSync(file, 'utf8')) as { secretSeed?: unknown };
    return typeof secretSeed === 'string' ? secretSeed : undefined;
  } catch {
    return undefined;
  }
}
