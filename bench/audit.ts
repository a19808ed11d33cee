// What an audit costs: 1,000 new events on logs of growing length, against a fold from the first
// event on (`canary audit --full`). PostgreSQL, EventStore, its wire and the auditor are the real
// ones; the events and the ledger that they are held against are made here.
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { openPostgres } from '../src/adapters/postgres-connection.js';
import { migratePostgres } from '../src/adapters/postgres-migrations.js';
import { createPostgresSupply } from '../src/adapters/postgres-supply.js';
import type { Context } from '../src/admin/operation.js';
import { recountDocuments } from '../src/admin/operations/recount-documents.js';
import type { CertificateDocument } from '../src/domain/supply-certificate.js';
import type { SupplyPlatform } from '../src/ports.js';
import { auditorOf, BUCKETS, platformOf, settingsOf } from '../test/activities/audit-parts.js';
import { createOwnDatabase } from '../test/support/own-database.js';
import { prepareSandbox } from '../test/support/sandbox-service.js';
import { openAuditedLog } from './audited-log.js';
import type { BenchRow } from './report.js';

const SIZES = (process.env.BENCH_AUDIT_SIZES ?? '10000,100000,1000000').split(',').map(Number);
const NEW_EVENTS = 1_000;
const ROUNDS = 10;
/** The longest log is folded from the start only once: it takes a minute. */
const FULL_ROUNDS = 3;
const LONG = 500_000;

export async function benchAudit(postgresUrl: string): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const size of SIZES) rows.push(...(await benchSize(postgresUrl, size)));
  return rows;
}

interface Parts {
  /** Appends the new events and audits; milliseconds of the audit and of its fold. */
  incremental(): Promise<{ readonly auditMs: number; readonly foldMs: number }>;
  fullMs(): Promise<number>;
}

async function benchSize(postgresUrl: string, size: number): Promise<readonly BenchRow[]> {
  const logger = pino({ level: 'silent' });
  const sandbox = await prepareSandbox({}, postgresUrl);
  const database = await createOwnDatabase('bench_audit', postgresUrl);
  const postgres = openPostgres({
    url: database.url,
    connectionsMax: 4,
    connectTimeoutMs: 5_000,
    statementTimeoutMs: 60_000,
    logger,
  });
  const [frame] = sandbox.frames;
  await sandbox.start('event-store', frame);
  const log = await openAuditedLog(postgresUrl, frame.id, frame.registry);
  try {
    await migratePostgres(database.url, logger);
    await log.append(size);
    const frames = [frame] as const;
    const platform: SupplyPlatform = {
      ...platformOf({ frames }),
      cut: async () => log.cut(BUCKETS),
    };
    const store = createPostgresSupply(postgres);
    const auditor = auditorOf(store, platform, settingsOf({ frames }));
    const audit = async () =>
      (await auditor.audit({ auditId: randomUUID(), slotMs: undefined })).document;
    const firstMs = (await timed(audit)).ms;
    const parts = partsOf(frame.id, platform, audit, () => log.append(NEW_EVENTS));
    return await measure(size, firstMs, parts);
  } finally {
    await log.close();
    await postgres.close();
    await Promise.all([database.drop(), sandbox.close()]);
  }
}

function partsOf(
  frame: string,
  platform: SupplyPlatform,
  audit: () => Promise<CertificateDocument>,
  grow: () => Promise<void>,
): Parts {
  let last: CertificateDocument | undefined;
  return {
    async incremental() {
      await grow();
      const { ms, value } = await timed(audit);
      if (value.outcome !== 'ok') throw new Error(`an audit ended ${JSON.stringify(value)}`);
      last = value;
      return { auditMs: ms, foldMs: value.frames[0]?.cutWaitMs ?? Number.NaN };
    },
    async fullMs() {
      const topology = { lanes: 1, frames: [{ id: frame, registries: [] }] };
      const config = { topology, audit: { buckets: BUCKETS } };
      const context: Context = {
        actor: { name: 'a job', face: 'cli', role: 'admin' },
        onProgress: () => undefined,
        signal: new AbortController().signal,
      };
      const documents = last === undefined ? [] : [last];
      const { ms, value } = await timed(() =>
        recountDocuments({ config, platform: () => ({ supply: platform }) }, documents, context),
      );
      if (value.broken.length > 0) throw new Error(`full: ${JSON.stringify(value.broken)}`);
      return ms;
    },
  };
}

async function measure(
  size: number,
  firstMs: number,
  { fullMs, incremental }: Parts,
): Promise<readonly BenchRow[]> {
  const audits = [];
  for (let round = 0; round < ROUNDS; round += 1) audits.push(await incremental());
  const full: number[] = [];
  const rounds = size >= LONG ? 1 : FULL_ROUNDS;
  for (let round = 0; round < rounds; round += 1) full.push(await fullMs());
  const foldMs = audits.map((one) => one.foldMs);
  const auditMs = audits.map((one) => one.auditMs);
  const of = `log of ${size.toLocaleString('en-US')}`;
  const fullMedian = median(full);
  return [
    { name: `${of}: first audit, in parts`, unit: 'ms', samples: [firstMs] },
    { name: `${of}: full fold`, unit: 'ms', samples: full },
    { name: `${of}: audit of 1,000 new events`, unit: 'ms', samples: auditMs },
    { name: `${of}: of it reading and folding`, unit: 'ms', samples: foldMs },
    {
      name: `${of}: full / incremental fold${size >= LONG ? ' (goal >= 100)' : ''}`,
      unit: 'times',
      samples: foldMs.map((ms) => fullMedian / ms),
    },
    {
      name: `${of}: full / whole incremental audit`,
      unit: 'times',
      samples: auditMs.map((ms) => fullMedian / ms),
    },
  ];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

async function timed<T>(work: () => Promise<T>) {
  const beganAt = performance.now();
  const value = await work();
  return { ms: performance.now() - beganAt, value };
}
