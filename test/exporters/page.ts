// What the exporter's tests share: an exporter over stores in memory, a page as a map of series,
// and a target that serves any text.
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { derivePaths } from '../../src/domain/path.js';
import { createExporter, type ExporterDependencies } from '../../src/exporters/exporter.js';
import type { ExporterSettings } from '../../src/exporters/settings.js';
import type { Clock, ValidatorState, WorkerEntry } from '../../src/ports.js';
import { createEmptyPlatform } from '../support/empty-platform.js';
import { createMemoryResults } from '../support/memory-results.js';
import { createMemoryStamps } from '../support/memory-stamps.js';
import { createMemorySupply } from '../support/memory-supply.js';
import { createMemoryWindows } from '../support/memory-windows.js';
import { REFERENCE } from '../support/samples.js';

export const NOW_MS = Date.UTC(2026, 10, 23, 18, 30);

const DEADLINES = { softMs: 10_000, finalMs: 60_000 };

export const SETTINGS: ExporterSettings = {
  version: '0.1.0',
  topology: REFERENCE,
  paths: derivePaths(REFERENCE),
  deadlines: { intra: DEADLINES, async: DEADLINES, '2pc': DEADLINES },
  feeBasisPoints: 10,
  cycleIntervalMs: 60_000,
  validatorSilenceMs: 15_000,
  serverMetricsUrl: undefined,
};

export function manualClock(nowMs = NOW_MS): Clock & { advance(ms: number): void } {
  let current = nowMs;
  return {
    nowMs: () => current,
    advance(ms) {
      current += ms;
    },
  };
}

const READ_TO_THE_END = {
  ends: [{ topic: 'frame-a.events', offset: 0 }],
  lags: [{ group: 'event-store-a', topic: 'frame-a.events', events: 0 }],
};

const EMPTY_STORES = {
  postgres: async () => ({ connectionsMax: 0, databaseBytes: 0, connections: [] }),
  redis: async () => ({ clients: 0, usedMemoryBytes: 0, memoryMaxBytes: 0, evictedKeys: 0 }),
};

/** An exporter over empty stores in memory, with whatever else a case brings. */
export function exporterOver(parts: Partial<ExporterDependencies> = {}) {
  const clock = parts.clock ?? manualClock();
  return createExporter({
    clock,
    settings: SETTINGS,
    results: createMemoryResults(),
    supply: createMemorySupply(),
    windows: createMemoryWindows(),
    retention: { oldestMs: async () => undefined },
    stamps: createMemoryStamps(clock),
    validators: { states: async () => [] },
    workers: { alive: async () => [] },
    gateway: {
      balance: async () => ({
        availableBaseUnits: 12_345_678_901_234_567_890n,
        heldBaseUnits: 10n,
        status: 'active',
      }),
    },
    ...createEmptyPlatform(REFERENCE),
    health: EMPTY_STORES,
    kafkaLag: { read: async () => READ_TO_THE_END },
    onChange: () => undefined,
    ...parts,
  });
}

/** A worker as the board has it, by the pages that it serves. */
export function workerAt(sdkMetricsUrl: string, readyzUrl: string, id = 'w1'): WorkerEntry {
  const healthUrl = readyzUrl.replace(/\/[^/]*$/, '');
  return { id, sdkMetricsUrl, healthUrl, startedAtMs: NOW_MS };
}

/** Each series of a page with its value, as the page writes both. */
export function seriesOf(page: string): ReadonlyMap<string, string> {
  const lines = page.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const series = lines.map((line) => {
    const end = line.lastIndexOf(' ');
    return [line.slice(0, end), line.slice(end + 1)] as const;
  });
  const map = new Map(series);
  if (map.size !== series.length) throw new Error('a series stands twice on the page');
  return map;
}

/** The series of one name. */
export function seriesNamed(page: string, name: string): Readonly<Record<string, string>> {
  const own = [...seriesOf(page)].filter(([series]) => series.replace(/\{.*/, '') === name);
  return Object.fromEntries(own);
}

export interface TextTarget {
  readonly url: string;
  close(): Promise<void>;
}

/** A target on a free port of the loopback. */
export async function serve(answer: string | RequestListener): Promise<TextTarget> {
  const listener: RequestListener =
    typeof answer === 'string' ? (_request, response) => response.end(answer) : answer;
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** What a validator says of itself, with the changes that a case needs. */
export function stateOf(changes: Partial<ValidatorState> = {}): ValidatorState {
  return {
    frame: 'A',
    eventType: 'TokensTransferred',
    feed: 'kafka',
    stream: 'silent',
    watermark: 90,
    head: 100,
    caughtUp: true,
    lagMs: 12,
    reportedAtMs: NOW_MS,
    worker: 'w1',
    counts: {
      events: 7,
      stamped: 6,
      malformed: 5,
      unregistered: 4,
      backstopped: 3,
      reconnects: 2,
    },
    ...changes,
  };
}
