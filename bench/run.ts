// `npm run bench [-- name ...]`: the benchmarks, on an embedded stack of their own, printed as a
// table.
import { Client, Connection } from '@temporalio/client';
import { SANDBOX_NICENESS } from '../stack/applications.js';
import type { Reactor } from '../test/e2e/reactor.js';
import { benchAudit } from './audit.js';
import { type BareRunner, startBareRunner } from './bare-runner.js';
import { benchNaiveAudit } from './naive-audit.js';
import { benchOpenTestsMemory } from './open-tests-memory.js';
import { type BenchRow, describeMachine, renderTable } from './report.js';
import { benchSaturation } from './saturation.js';
import { benchStreamMatching } from './stream-matching.js';
import { benchVerdictLatency } from './verdict-latency.js';
import { withPostgres } from './with-postgres.js';
import { withReactor } from './with-reactor.js';

interface Bench {
  readonly meaning: string;
  readonly run: (stack: BenchStack) => Promise<readonly BenchRow[]>;
}

interface BenchStack {
  readonly reactor: Reactor;
  readonly client: Client;
  readonly bare: BareRunner;
}

/** Benchmarks that need PostgreSQL and no whole reactor. */
const ON_POSTGRES: Readonly<
  Record<
    string,
    {
      readonly meaning: string;
      readonly run: (postgresUrl: string) => Promise<readonly BenchRow[]>;
    }
  >
> = {
  audit: {
    meaning: 'supply audit of 1,000 new events against a fold from the first one',
    run: benchAudit,
  },
  'naive-audit': {
    meaning: 'false alarms of totals read live, and of cuts, under cross-frame traffic',
    run: benchNaiveAudit,
  },
};

const CYCLES = 4;
const ROUNDS = 3;

/** Everything that can be measured; memory comes last, for it leaves its tests open. */
const BENCHES: Readonly<Record<string, Bench>> = {
  matching: {
    meaning: 'stream matching, one canary event in 10,000',
    run: async () => benchStreamMatching(),
  },
  latency: {
    meaning: 'last required event -> verdict stored, at the normal cadence',
    run: ({ reactor, bare }) => benchVerdictLatency(reactor, bare, CYCLES),
  },
  saturation: {
    meaning: 'tests per second with 25 in flight',
    run: ({ reactor, client, bare }) => benchSaturation(reactor, client, bare, ROUNDS),
  },
  memory: {
    meaning: 'worker memory with 2,000 open tests',
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
  const all = { ...BENCHES, ...ON_POSTGRES };
  const unknown = names.find((name) => all[name] === undefined);
  if (unknown !== undefined) {
    const known = Object.entries(all).map(([name, { meaning }]) => `  ${name}: ${meaning}`);
    process.stderr.write(`unknown benchmark ${unknown}; there are:\n${known.join('\n')}\n`);
    process.exitCode = 2;
    return;
  }
  const isChosen = ([name]: readonly [string, unknown]) =>
    names.length === 0 || names.includes(name);
  const chosen = Object.entries(BENCHES).filter(isChosen);
  process.stderr.write(`before: ${describeMachine()}\n`);
  const onPostgres = Object.entries(ON_POSTGRES).filter(isChosen);
  if (onPostgres.length > 0) {
    await withPostgres('bench', async (postgresUrl) => {
      for (const [name, { meaning, run }] of onPostgres) {
        show(name, meaning, await run(postgresUrl));
      }
    });
  }
  if (chosen.length === 0) return;
  const options = {
    registries: ['A1', 'A2', 'B1'],
    product: NORMAL,
    sandbox: PLATFORM,
    sandboxNiceness: SANDBOX_NICENESS,
  };
  await withReactor(options, async (reactor) => {
    await runBenches(reactor, chosen);
  });
}

/** Prints each table as soon as it is measured, so that a later failure takes nothing with it. */
async function runBenches(
  reactor: Reactor,
  chosen: readonly (readonly [string, Bench])[],
): Promise<void> {
  const address = reactor.stack.productEnvironment.TEMPORAL_ADDRESS ?? '';
  const connection = await Connection.connect({ address });
  const bare = await startBareRunner(address);
  const stack = { reactor, client: new Client({ connection }), bare };
  try {
    for (const [name, bench] of chosen) {
      show(name, bench.meaning, await bench.run(stack));
    }
  } finally {
    await bare.close();
    await connection.close();
  }
}

function show(name: string, meaning: string, rows: readonly BenchRow[]): void {
  process.stderr.write(`${name}: ${meaning}\n`);
  process.stdout.write(`\n${describeMachine()}\n\n${renderTable(rows)}\n`);
}
