// Two frames' TEGs in this process, on real PostgreSQL and real HTTP: frame A with registries
// A1 and A2, frame B with B1. Real ids are made up anew, so that files can run side by side.
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import type { EventType } from '../../src/names.js';
import { createDirectPipe } from '../../src/pipe/direct-pipe.js';
import { type Clock, systemClock } from '../../src/service/clock.js';
import { createFaultEngine, type FaultEngine } from '../../src/service/faults.js';
import { createLogger } from '../../src/service/logger.js';
import { databaseUrl } from '../../src/service/postgres.js';
import { deriveTokens, type Tokens } from '../../src/service/tokens.js';
import type { Exit } from '../../src/teg/crash-steps.js';
import { type RunningTeg, startTeg, type TegOptions } from '../../src/teg/teg.js';
import { databaseName, parseTopology, type Topology, tegUrl } from '../../src/topology.js';
import { freePortBase } from '../service/free-ports.js';

export type FrameName = 'A' | 'B';

/** An envelope as it left the TEG. */
export interface Envelope {
  readonly producer: string;
  readonly position: number;
  readonly event_type: EventType;
  readonly source_frame: string;
  readonly committed_at: string;
  readonly transfer_id: string | null;
  readonly backend: string | null;
  readonly data: Readonly<Record<string, string | number>>;
}

export interface TestTeg {
  readonly name: FrameName;
  readonly frame: string;
  readonly url: string;
  /** The engine outlives restarts of the TEG. */
  readonly faults: FaultEngine;
  /** Everything that was published, in the order it arrived, repetitions included. */
  readonly published: readonly Envelope[];
  /** Resolves when the fault `crash` has struck; the TEG is dead then. */
  readonly crashed: () => Promise<void>;
  query<R extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<R[]>;
  isRunning(): boolean;
  /** How often it has been started. */
  lives(): number;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
}

export interface TegPlatform {
  readonly topology: Topology;
  /** Lets that much time pass for both TEGs. */
  advance(durationMs: number): void;
  readonly tokens: Tokens;
  readonly tegs: Readonly<Record<FrameName, TestTeg>>;
  /** `A1/1` -> the real id of canary agent 1 of registry A1; other texts as they are. */
  id(alias: string): string;
  /** Real ids in a text back to aliases, so that expectations can be written down. */
  alias(text: string): string;
  remove(): Promise<void>;
}

export interface TegPlatformOptions {
  readonly topology?: Partial<Topology>;
  readonly teg?: Pick<TegOptions, 'maxInFlight' | 'peerTimeoutMs'>;
  /** Both frames unless this names fewer. */
  readonly start?: readonly FrameName[];
}

export async function startTegPlatform(options: TegPlatformOptions = {}): Promise<TegPlatform> {
  const suffix = randomBytes(4).toString('hex').toUpperCase();
  const frames = { A: `A${suffix}`, B: `B${suffix}` };
  const registries = { A1: `${frames.A}X1`, A2: `${frames.A}X2`, B1: `${frames.B}X1` };
  const topology = parseTopology({
    pipe: 'direct',
    postgresUrl: inject('postgresUrl'),
    portBase: await freePortBase([0, 20]),
    sweepIntervalMs: 100,
    userAgents: 0,
    ...options.topology,
    frames: [
      { id: frames.A, registries: [registries.A1, registries.A2] },
      { id: frames.B, registries: [registries.B1] },
    ],
  });
  const names = new Map<string, string>([...Object.entries(registries), ...Object.entries(frames)]);
  let aheadMs = 0;
  const clock: Clock = { nowMs: () => systemClock.nowMs() + aheadMs };
  const tegs = {
    A: await createTestTeg('A', frames.A, topology, clock, options),
    B: await createTestTeg('B', frames.B, topology, clock, options),
  };
  for (const name of options.start ?? (['A', 'B'] as const)) await tegs[name].start();
  return {
    topology,
    advance: (durationMs) => {
      aheadMs += durationMs;
    },
    tokens: deriveTokens(topology.secretSeed),
    tegs,
    id: (alias) =>
      alias.replace(/^(A1|A2|B1)\/(\w+)$/, (_, registry: string, name: string) => {
        const agent = /^\d+$/.test(name) ? `canary-${name}` : name;
        return `${names.get(registry)}:${agent}`;
      }),
    alias: (text) =>
      text
        .replaceAll(/(\w+X\d):canary-/g, '$1/')
        .replaceAll(new RegExp(`${suffix}(X(\\d))?`, 'g'), '$2')
        .replaceAll(suffix.toLowerCase(), ''),
    remove: async () => {
      for (const teg of Object.values(tegs)) await teg.stop();
      for (const frame of Object.values(frames)) {
        await asAdministrator(`DROP DATABASE IF EXISTS ${databaseName(frame, 'teg')} WITH (FORCE)`);
      }
    },
  };
}

async function createTestTeg(
  name: FrameName,
  frame: string,
  topology: Topology,
  clock: Clock,
  options: TegPlatformOptions,
): Promise<TestTeg> {
  const logger = createLogger(`teg:${name}`, process.env.LOG_LEVEL ?? 'silent');
  const context = { topology, logger, clock, random: Math.random };
  const faults = createFaultEngine(context);
  const published: Envelope[] = [];
  const pipe = createDirectPipe(context);
  await pipe.consume(frame, async (records) => {
    published.push(...records.map((record) => JSON.parse(record.value) as Envelope));
  });
  const connectionString = databaseUrl(topology.postgresUrl, databaseName(frame, 'teg'));
  const pool = new pg.Pool({ connectionString, max: 2, allowExitOnIdle: true });
  pool.on('error', () => undefined);
  let running: RunningTeg | undefined;
  let crash = whenCalled();
  let lives = 0;
  const end = async (how: 'close' | 'abandon') => {
    const teg = running;
    running = undefined;
    await teg?.[how]();
  };
  // A simulated crash: what called it never goes on, and the TEG dies around it.
  const exit: Exit = () => {
    end('abandon').then(crash.call, crash.call);
    return new Promise(() => undefined);
  };
  return {
    name,
    frame,
    url: tegUrl(topology, frame),
    faults,
    published,
    crashed: () => crash.called,
    query: async <R extends pg.QueryResultRow>(sql: string, values?: unknown[]) =>
      (await pool.query<R>(sql, values)).rows,
    isRunning: () => running !== undefined,
    lives: () => lives,
    start: async () => {
      crash = whenCalled();
      lives += 1;
      running = await startTeg(context, frame, { pipe, exit, faults, ...options.teg });
    },
    stop: () => end('close'),
    kill: () => end('abandon'),
  };
}

function whenCalled() {
  let call: () => void = () => undefined;
  const called = new Promise<void>((resolve) => {
    call = resolve;
  });
  return { called, call };
}

async function asAdministrator(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
