// Every port of the stack in one table, as an offset from one base, and whether it is free.
import { createServer } from 'node:net';

export const DEFAULT_PORT_BASE = 27_000;

export const PORT_OFFSETS = {
  postgres: 0,
  redis: 1,
  kafka: 2,
  kafkaController: 3,
  temporal: 10,
  temporalUi: 11,
  temporalMetrics: 12,
  workerHttp: 20,
  workerSdkMetrics: 21,
  exporter: 22,
  web: 23,
  prometheus: 30,
  alertmanager: 31,
  victoriaMetrics: 32,
  nodeExporter: 33,
  redisExporter: 34,
  mailSmtp: 35,
  mailPage: 36,
  /** Of the compose file alone, as is the one after it. */
  grafana: 37,
  monitoringProxy: 38,
  /** One for each database, up to the sandbox's first. */
  postgresExporters: 40,
  sandbox: 100,
} as const;

export type PortName = keyof typeof PORT_OFFSETS;
export type PortTable = Readonly<Record<PortName, number>>;

/** The frames of the sandbox take 20 ports each from `sandbox` on, its traffic the one at +90. */
const HIGHEST_OFFSET = 199;

/** A port that something else listens on. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';
  readonly port: number;
  readonly service: string;

  constructor(port: number, service: string, options?: ErrorOptions) {
    super(
      `port ${port} (${service}) is taken: end what listens there, or move the whole stack ` +
        'with --port-base or CANARY_PORT_BASE',
      options,
    );
    this.port = port;
    this.service = service;
  }
}

/** The ports of a stack; throws a `RangeError` naming the base when they would not fit. */
export function portTable(base: number): PortTable {
  if (!Number.isInteger(base) || base < 1024 || base + HIGHEST_OFFSET > 65_535) {
    throw new RangeError(
      `port base ${base} must be a whole number between 1024 and ${65_535 - HIGHEST_OFFSET}`,
    );
  }
  const entries = Object.entries(PORT_OFFSETS).map(([name, offset]) => [name, base + offset]);
  return Object.fromEntries(entries) as PortTable;
}

/** Whether nothing listens on a loopback port. */
export async function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () =>
      server.close(() => resolve(true)),
    );
  });
}

/** Throws `PortTakenError` when something listens on the port. */
export async function assertPortFree(port: number, service: string): Promise<void> {
  if (!(await isPortFree(port))) throw new PortTakenError(port, service);
}

/** Below the range from which Linux takes the ports of outgoing connections, above the table's. */
const FREE_RANGE = { from: 29_000, to: 32_700 } as const;
const ATTEMPTS = 200;

/** A function that hands out free ports, none of them twice; for tests. */
export function freePorts(random: () => number = Math.random): () => Promise<number> {
  const given = new Set<number>();
  return async () => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const span = FREE_RANGE.to - FREE_RANGE.from;
      const port = FREE_RANGE.from + Math.floor(random() * span);
      if (!given.has(port) && (await isPortFree(port))) {
        given.add(port);
        return port;
      }
    }
    throw new Error(`no free port between ${FREE_RANGE.from} and ${FREE_RANGE.to}`);
  };
}

/** A base whose ports are free for a whole stack; for end-to-end cases and benchmarks. */
export async function freePortBase(random: () => number = Math.random): Promise<number> {
  const step = HIGHEST_OFFSET + 1;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const base = FREE_BASES.from + step * Math.floor(random() * FREE_BASES.count);
    const ports = Object.values(PORT_OFFSETS).map((offset) => base + offset);
    const free = await Promise.all(ports.map(isPortFree));
    if (free.every(Boolean)) return base;
  }
  throw new Error(`no free base from ${FREE_BASES.from} on`);
}

const FREE_BASES = { from: 15_000, count: 50 } as const;
