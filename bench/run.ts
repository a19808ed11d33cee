// `npm run bench [-- name ...]`: the benchmarks, on an embedded stack of their own, printed as a
// table.
import { Client, Connection } from '@temporalio/client';
import { SANDBOX_NICENESS } from '../stack/applications.js';
import type { Reactor } from '../test/e2e/reactor.js';
import { benchAudit } from './audit.js';
import { type BareRunner, startBareRunner } from './bare-runner.js';
import { benchIdleLatency } from './idle-latency.js';
import { benchNaiveAudit } from './naive-audit.js';
import { benchOpenTestsMemory } from './open-tests-memory.js';
import { benchPagePaint } from './page-paint.js';
import { benchPageSmoothness } from './page-smoothness.js';
import { benchReadDoors, type Stores } from './read-doors.js';
import { type BenchRow, describeMachine, renderTable } from './report.js';
import { benchSaturation } from './saturation.js';
import { benchStreamMatching } from './stream-matching.js';
import { benchVerdictLatency } from './verdict-latency.js';
import { benchViewers } from './viewers.js';
import { withReactor } from './with-reactor.js';
import { withService, withServices } from './with-service.js';

interface BenchStack {
  readonly reactor: Reactor;
  readonly client: Client;
  readonly bare: BareRunner;
}

type Run<Ground> = (ground: Ground) => Promise<readonly BenchRow[]>;

/** A benchmark and what it runs on: one service by itself, or a whole reactor. */
type Bench = { readonly meaning: string } & (
  | { readonly on: 'postgres' | 'temporal'; readonly run: Run<string> }
  | { readonly on: 'stores'; readonly run: Run<Stores> }
  | ReactorBench
);

interface ReactorBench {
  readonly on: 'reactor';
  readonly run: Run<BenchStack>;
}

const CYCLES = 4;
const ROUNDS = 3;

/** In the order in which they run; memory comes last, for it leaves its tests open. */
const BENCHES: Readonly<Record<string, Bench>> = {
  audit: {
    meaning: 'supply audit of 1,000 new events against a fold from the first one',
    on: 'postgres',
    run: benchAudit,
  },
  'naive-audit': {
    meaning: 'false alarms of totals read live, and of cuts, under cross-frame traffic',
    on: 'postgres',
    run: benchNaiveAudit,
  },
  idle: {
    meaning: 'a bare workflow with nothing but the Temporal server beside it',
    on: 'temporal',
    run: benchIdleLatency,
  },
  reads: {
    meaning: 'read doors of the HTTP face, four clients, and the page, 1,000,000 stored results',
    on: 'stores',
    run: benchReadDoors,
  },
  matching: {
    meaning: 'stream matching, one canary event in 10,000',
    on: 'reactor',
    run: async () => benchStreamMatching(),
  },
  latency: {
    meaning: 'last required event -> verdict stored, at the normal cadence',
    on: 'reactor',
    run: ({ reactor, bare }) => benchVerdictLatency(reactor, bare, CYCLES),
  },
  viewers: {
    meaning: 'the verdict delay and the memory of web with and without 200 live viewers',
    on: 'reactor',
    run: ({ reactor, bare }) => benchViewers(reactor, bare),
  },
  saturation: {
    meaning: 'tests per second with 25 in flight',
    on: 'reactor',
    run: ({ reactor, client, bare }) => benchSaturation(reactor, client, bare, ROUNDS),
  },
  paint: {
    meaning: 'first useful paint of the page, 10,000 results behind it',
    on: 'reactor',
    run: ({ reactor }) => benchPagePaint(reactor),
  },
  smoothness: {
    meaning: 'long tasks and clicks of the page while results stream in, 10,000 behind it',
    on: 'reactor',
    run: ({ reactor }) => benchPageSmoothness(reactor),
  },
  memory: {
    meaning: 'worker memory with 2,000 open tests',
    on: 'reactor',
    run: ({ reactor, client }) => benchOpenTestsMemory(reactor, client),
  },
};

const NORMAL = {
  cycle: { interval: '24h', spread: '40s', amount: '0.010000' },
  deadlines: {
    intra: { soft: '10s', final: '60s' },
    async: { soft: '30s', final: '7m' },
    '2pc': { soft: '15s', final: '90s' },
  },
};

/** The platform's own times, not the short ones of the end-to-end cases. */
const PLATFORM = { refundAfterMs: 300_000, sweepIntervalMs: 5_000, twoPhaseLimitMs: 60_000 };

await main(process.argv.slice(2));

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.find((name) => BENCHES[name] === undefined);
  if (unknown !== undefined) {
    const known = Object.entries(BENCHES).map(([name, { meaning }]) => `  ${name}: ${meaning}`);
    process.stderr.write(`unknown benchmark ${unknown}; there are:\n${known.join('\n')}\n`);
    process.exitCode = 2;
    return;
  }
  process.stderr.write(`before: ${describeMachine()}\n`);
  const onReactor: (readonly [string, Bench & ReactorBench])[] = [];
  for (const [name, bench] of Object.entries(BENCHES)) {
    if (names.length > 0 && !names.includes(name)) continue;
    if (bench.on === 'reactor') onReactor.push([name, bench]);
    else if (bench.on === 'stores')
      await withServices(['postgres', 'redis'], 'bench', async (stores) =>
        show(name, bench, await bench.run(stores)),
      );
    else
      await withService(bench.on, 'bench', async (url) => show(name, bench, await bench.run(url)));
  }
  if (onReactor.length > 0) await runOnReactor(onReactor);
}

/** One reactor for all of them. */
async function runOnReactor(
  benches: readonly (readonly [string, Bench & ReactorBench])[],
): Promise<void> {
  const options = {
    registries: ['A1', 'A2', 'B1'],
    product: NORMAL,
    sandbox: PLATFORM,
    sandboxNiceness: SANDBOX_NICENESS,
  };
  await withReactor(options, async (reactor) => {
    const address = reactor.stack.productEnvironment.TEMPORAL_ADDRESS ?? '';
    const connection = await Connection.connect({ address });
    const bare = await startBareRunner(address);
    const stack = { reactor, client: new Client({ connection }), bare };
    try {
      for (const [name, bench] of benches) show(name, bench, await bench.run(stack));
    } finally {
      await bare.close();
      await connection.close();
    }
  });
}

/** Shown as soon as it is measured, so that a later failure takes nothing with it. */
function show(name: string, { meaning }: Bench, rows: readonly BenchRow[]): void {
  process.stderr.write(`${name}: ${meaning}\n`);
  process.stdout.write(`\n${describeMachine()}\n\n${renderTable(rows)}\n`);
}
