// Results as the reactor's own store takes them, for the benchmarks of what reads them: every
// hundredth failed, all others passed.
import { pino } from 'pino';
import { openPostgres } from '../src/adapters/postgres-connection.js';
import { createPostgresResults } from '../src/adapters/postgres-results.js';
import type { Config } from '../src/config.js';
import type { Path } from '../src/domain/path.js';
import type { Closing, Result } from '../src/domain/result.js';
import type { ResultStore } from '../src/ports.js';
import type { Reactor } from '../test/e2e/reactor.js';

const AT_ONCE = 8;
const TIMEOUT_MS = 10_000;
const FAILED_EVERY = 100;
const LATENCY_MS = 400;

/** Stores results `from` to `to`, the newest now and each other one `apartMs` before the next. */
export async function storeResults(
  { admin }: Reactor,
  range: { readonly from: number; readonly to: number },
  apartMs: number,
): Promise<void> {
  const { clock, config } = admin;
  const postgres = openPostgres({
    url: config.stores.postgres,
    connectionsMax: AT_ONCE,
    connectTimeoutMs: TIMEOUT_MS,
    statementTimeoutMs: TIMEOUT_MS,
    logger: pino({ level: 'silent' }),
  });
  try {
    await storeRange(createPostgresResults(postgres), config, range, apartMs, clock.nowMs());
  } finally {
    await postgres.close();
  }
}

async function storeRange(
  results: ResultStore,
  config: Config,
  range: { readonly from: number; readonly to: number },
  apartMs: number,
  nowMs: number,
): Promise<void> {
  let next = range.from;
  const storeAll = async (): Promise<void> => {
    while (next < range.to) {
      const number = next;
      next += 1;
      const path = config.paths[number % config.paths.length];
      if (path === undefined) throw new Error('there is no path');
      const decidedAtMs = nowMs - (range.to - 1 - number) * apartMs;
      const result = resultOf(path, number, String(config.amountBaseUnits), decidedAtMs);
      await results.record(result, []);
      await results.close(result.testId, closingOf(decidedAtMs), []);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, storeAll));
}

function resultOf(path: Path, number: number, amount: string, decidedAtMs: number): Result {
  const failed = number % FAILED_EVERY === FAILED_EVERY - 1;
  const cycleId = `bench-${String(number).padStart(8, '0')}`;
  return {
    testId: `${cycleId}-${path.id}`,
    cycleId,
    pathId: path.id,
    backend: path.backend,
    amount,
    outcome: failed ? 'failed' : 'passed',
    failureSignal: failed ? 'timeout' : undefined,
    phase: failed ? 'settlement' : undefined,
    missing: [],
    reason: failed ? 'made by a benchmark' : '',
    transferId: undefined,
    firedAtMs: decidedAtMs - LATENCY_MS,
    totalLatencyMs: failed ? undefined : LATENCY_MS,
    late: false,
    warmUp: false,
    maintenance: false,
    decidedAtMs,
  };
}

function closingOf(closedAtMs: number): Closing {
  return {
    unaskedFrames: [],
    absent: [],
    absentEvents: [],
    unobserved: [],
    degraded: false,
    latencies: { totalMs: LATENCY_MS, committedMs: LATENCY_MS - 3, observerShareMs: 3 },
    stamps: [],
    findings: [],
    closedAtMs,
  };
}
