// What the outbox's head row costs (design, decision 12): intra transfers per second, straight
// into the ledger, with positions from the head row and, for comparison, from a sequence (which
// gives gaps and no commit order). Usage: node --import tsx sandbox/bench/teg-head-row.ts <url>
import { randomUUID } from 'node:crypto';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { Registry } from 'prom-client';
import { feeOf } from '../src/money.js';
import { systemClock, timeText } from '../src/service/clock.js';
import { createFaultEngine } from '../src/service/faults.js';
import { createLogger } from '../src/service/logger.js';
import { openDatabase } from '../src/service/postgres.js';
import { createAgentBook } from '../src/teg/agent-book.js';
import { sendInside } from '../src/teg/inside-transfer.js';
import { createLedger } from '../src/teg/ledger-transaction.js';
import { createTegMetrics } from '../src/teg/metrics.js';
import {
  createOutboxWriter,
  insertEvents,
  type OutboxWriter,
  placeEvent,
} from '../src/teg/outbox.js';
import { seedAccounts } from '../src/teg/supply.js';
import type { TegCore } from '../src/teg/teg-core.js';
import { newTransferId } from '../src/teg/transfer-id.js';
import { parseTopology, userAgentIds } from '../src/topology.js';

const PRODUCER = 'teg-a';
const AMOUNT = 10_000n;
const AGENTS = 64;
const ROUNDS = 5;
const ROUND_SECONDS = 2;
const CONCURRENCIES = [1, 4, 8, 16];

interface Variant {
  readonly name: string;
  readonly outbox: OutboxWriter;
  readonly feeBasisPoints: number;
}

const VARIANTS: readonly Variant[] = [
  {
    name: 'head row, fee to treasury (as it runs)',
    outbox: createOutboxWriter({ producer: PRODUCER, clock: systemClock }),
    feeBasisPoints: 10,
  },
  { name: 'no head row, fee to treasury', outbox: sequenceWriter(), feeBasisPoints: 10 },
  {
    name: 'head row, no fee',
    outbox: createOutboxWriter({ producer: PRODUCER, clock: systemClock }),
    feeBasisPoints: 0,
  },
  { name: 'no head row, no fee', outbox: sequenceWriter(), feeBasisPoints: 0 },
];

/** Positions without a lock that is held until commit; an intra transfer has two events. */
function sequenceWriter(): OutboxWriter {
  return {
    append: async (client, drafts) => {
      const { rows } = await client.query<{ position: string }>(
        "SELECT nextval('bench_position') AS position",
      );
      const first = Number(rows[0]?.position);
      const at = timeText(systemClock.nowMs());
      const events = drafts.map((draft, index) => placeEvent(PRODUCER, draft, first + index, at));
      await insertEvents(client, events);
      return events;
    },
  };
}

async function main(adminUrl: string): Promise<void> {
  const database = `bench_teg_${randomUUID().slice(0, 8)}`;
  const pool = await openBenchDatabase(adminUrl, database);
  try {
    print(`load ${load()}; best of ${ROUNDS} rounds of ${ROUND_SECONDS} s each\n\n`);
    const best = await bestRates(pool);
    print(`| variant | ${CONCURRENCIES.map((count) => `${count} at a time`).join(' | ')} |\n`);
    print(`|---|${CONCURRENCIES.map(() => '---:|').join('')}\n`);
    for (const [index, { name }] of VARIANTS.entries()) {
      const rates = CONCURRENCIES.map((count) => best.get(`${index} ${count}`)?.toFixed(0));
      print(`| ${name} | ${rates.join(' | ')} |\n`);
    }
    print(`\nload ${load()} at the end\n`);
  } finally {
    await pool.end();
    await onServer(adminUrl, `DROP DATABASE ${database} WITH (FORCE)`);
  }
}

/** Transfers per second; rounds of all variants alternate, for others use the machine, too. */
async function bestRates(pool: pg.Pool): Promise<ReadonlyMap<string, number>> {
  const best = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const count of CONCURRENCIES) {
      for (const [index, variant] of VARIANTS.entries()) {
        const key = `${index} ${count}`;
        const rate = await transfersPerSecond(pool, variant, count);
        best.set(key, Math.max(rate, best.get(key) ?? 0));
      }
    }
  }
  return best;
}

async function openBenchDatabase(adminUrl: string, database: string): Promise<pg.Pool> {
  const pool = await openDatabase({
    adminUrl,
    database,
    migrationsDir: fileURLToPath(new URL('../src/teg/migrations', import.meta.url)),
    max: Math.max(...CONCURRENCIES),
    logger: createLogger('bench', 'silent'),
  });
  // Far above the head row's positions, in steps of the two events of a transfer.
  await pool.query('CREATE SEQUENCE bench_position START 1000000000 INCREMENT BY 2');
  return pool;
}

async function transfersPerSecond(
  pool: pg.Pool,
  variant: Variant,
  concurrency: number,
): Promise<number> {
  const core = createCore(pool, variant);
  await seedAccounts({ ...core, ledger: createCore(pool, VARIANTS[0] ?? variant).ledger });
  const agents = userAgentIds(core.topology, 'A1');
  const endMs = performance.now() + ROUND_SECONDS * 1_000;
  let sent = 0;
  const worker = async () => {
    while (performance.now() < endMs) {
      await sendOne(core, agents);
      sent += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return sent / ROUND_SECONDS;
}

function createCore(pool: pg.Pool, variant: Variant): TegCore {
  const topology = parseTopology({
    frames: [{ id: 'A', registries: ['A1'] }],
    userAgents: AGENTS,
    feeBasisPoints: variant.feeBasisPoints,
  });
  const clock = systemClock;
  const faults = createFaultEngine({ clock, random: Math.random });
  const { outbox } = variant;
  return {
    frame: 'A',
    topology,
    pool,
    clock,
    faults,
    agents: createAgentBook(pool),
    ledger: createLedger({ pool, clock, topology, faults, outbox, onEvents: () => undefined }),
    crashPoint: async () => undefined,
    metrics: createTegMetrics(new Registry()),
    logger: createLogger('bench', 'silent'),
  };
}

async function sendOne(core: TegCore, agents: readonly string[]): Promise<void> {
  const from = Math.floor(Math.random() * agents.length);
  const sender = agents[from] ?? '';
  const receiver =
    agents[(from + 1 + Math.floor(Math.random() * (agents.length - 1))) % agents.length] ?? '';
  await sendInside(core, {
    transferId: newTransferId(core.clock.nowMs()),
    backend: 'intra',
    sender,
    receiver,
    senderFrame: 'A',
    receiverFrame: 'A',
    amount: AMOUNT,
    fee: feeOf(AMOUNT, core.topology.feeBasisPoints),
    memo: 'bench',
    idempotencyKey: randomUUID(),
    requestHash: 'bench',
  });
}

async function onServer(adminUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  await client.query(statement);
  await client.end();
}

function load(): string {
  return loadavg()
    .map((average) => average.toFixed(1))
    .join(' ');
}

function print(text: string): void {
  process.stdout.write(text);
}

const [, , url] = process.argv;
if (url === undefined) throw new Error('usage: teg-head-row.ts <postgres administrator url>');
await main(url);
