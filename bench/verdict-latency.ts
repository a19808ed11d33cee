// From the last required event's commit to the stored verdict, at the normal cadence, next to a
// bare workflow's signal to result in the same minutes.
import pg from 'pg';
import type { Backend } from '../src/domain/backend.js';
import { requirementOf } from '../src/domain/contract.js';
import { requiredStamps, timeMet } from '../src/domain/requirement.js';
import type { Stamp } from '../src/domain/stamp.js';
import { earliestTimes } from '../src/domain/verdict.js';
import type { Reactor } from '../test/e2e/reactor.js';
import type { BareRunner } from './bare-runner.js';
import type { BenchRow } from './report.js';

interface VerdictRow {
  readonly backend: Backend;
  readonly stored_at: Date;
  readonly stamps: readonly Stamp[];
}

/** Between two bare workflows: as far apart as two fires, lest the yardstick be the load. */
const BARE_INTERVAL_MS = 1_300;
/** Between the bare workflow's start and its signal, as between a fire and its events. */
const BARE_SETTLE_MS = 100;

/** Runs `cycles` cycles at the reactor's own spread, a bare workflow after another beside them. */
export async function benchVerdictLatency(
  reactor: Reactor,
  bare: BareRunner,
  cycles: number,
): Promise<readonly BenchRow[]> {
  const bareMs: number[] = [];
  const rows: VerdictRow[] = [];
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    const fired = reactor.cycle();
    let closed = false;
    void fired.finally(() => {
      closed = true;
    });
    while (!closed) {
      bareMs.push(await bare.signalToResultMs(BARE_SETTLE_MS));
      await new Promise((resolve) => setTimeout(resolve, BARE_INTERVAL_MS));
    }
    rows.push(...(await storedVerdicts(reactor, (await fired).cycleId)));
  }
  const fromOrigin = rows.map((row) => sinceMs(row, (stamp) => stamp.originCommittedAtMs));
  const fromStore = rows.map((row) => sinceMs(row, (stamp) => stamp.storedAtMs));
  return [
    {
      name: 'last required event committed at its origin -> verdict stored',
      unit: 'ms',
      samples: fromOrigin,
    },
    {
      name: 'last required event stored by the EventStore -> verdict stored',
      unit: 'ms',
      samples: fromStore,
    },
    { name: 'bare workflow, same worker settings: signal -> result', unit: 'ms', samples: bareMs },
    { name: 'observer share of the total latency', unit: 'ms', samples: await shares(reactor) },
    {
      name: 'validator: stored by the EventStore -> seen',
      unit: 'ms',
      samples: rows.flatMap(seenMs),
    },
  ];
}

async function storedVerdicts(reactor: Reactor, cycleId: string): Promise<readonly VerdictRow[]> {
  return query<VerdictRow>(
    reactor,
    `select backend, stored_at, stamps from canary_test_results
     where cycle_id = $1 and outcome = 'passed'`,
    [cycleId],
  );
}

async function shares(reactor: Reactor): Promise<readonly number[]> {
  const rows = await query<{ readonly share: number }>(
    reactor,
    `select observer_share_ms as share from canary_test_results
     where observer_share_ms is not null`,
    [],
  );
  return rows.map(({ share }) => share);
}

async function query<Row extends pg.QueryResultRow>(
  reactor: Reactor,
  text: string,
  values: readonly unknown[],
): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: reactor.admin.config.stores.postgres });
  await client.connect();
  try {
    return (await client.query<Row>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}

function sinceMs(row: VerdictRow, timeOf: (stamp: Stamp) => number): number {
  const met = timeMet(requirementOf(row.backend), earliestTimes(row.stamps, timeOf));
  return met === undefined ? Number.NaN : row.stored_at.getTime() - met;
}

function seenMs(row: VerdictRow): readonly number[] {
  const required = requiredStamps(requirementOf(row.backend));
  return row.stamps
    .filter((stamp) => required.includes(stamp.name))
    .map((stamp) => stamp.seenAtMs - stamp.storedAtMs);
}
