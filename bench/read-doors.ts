// Every read door of the HTTP face over a million stored results, four clients at once, next to the
// same server's door that reads nothing and to the bare queries behind the doors; and the page.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { parse } from 'yaml';
import { openPostgres } from '../src/adapters/postgres-connection.js';
import { createPostgresSupply } from '../src/adapters/postgres-supply.js';
import { type OpenedDependencies, openDependencies } from '../src/admin/compose.js';
import { writeCursor } from '../src/admin/operations/cursor.js';
import { loadConfig } from '../src/config.js';
import { preparePage } from '../stack/page.js';
import { createOwnDatabase } from '../test/support/own-database.js';
import { changeOf } from '../test/support/supply-samples.js';
import { fillResults } from './bulk-results.js';
import { measurePaint } from './page-paint.js';
import type { BenchRow } from './report.js';
import { startWeb, type WebProcess } from './web-process.js';

export type Stores = Readonly<Record<'postgres' | 'redis', string>>;

const RESULTS = Number(process.env.BENCH_RESULTS ?? '1000000');
const CERTIFICATES = 100;
const CONNECT_TIMEOUT_MS = 10_000;
const CLIENTS = 4;
const REQUESTS = 400;
const WARM_UP_REQUESTS = 20;
const EXAMPLE = new URL('../canary.example.yaml', import.meta.url);
const DAY_MS = 86_400_000;

export async function benchReadDoors({ postgres, redis }: Stores): Promise<readonly BenchRow[]> {
  const database = await createOwnDatabase('bench_reads', postgres);
  const directory = mkdtempSync(join(tmpdir(), 'canary-bench-'));
  try {
    const environment = writeConfig(directory, database.url, redis);
    const config = loadConfig(environment);
    const beganAtMs = performance.now();
    await fillResults(database.url, config, RESULTS);
    process.stderr.write(`filled in ${Math.round((performance.now() - beganAtMs) / 1_000)} s\n`);
    await preparePage();
    const deps = openDependencies(config);
    const web = await startWeb(environment);
    try {
      await fillCertificates(database.url);
      return [
        ...(await measureDoors(web, database.url)),
        ...(await measureQueries(deps)),
        ...(await measurePaint(web.url)),
      ];
    } finally {
      await web.stop();
      await deps.close();
    }
  } finally {
    rmSync(directory, { recursive: true });
    await database.drop();
  }
}

async function fillCertificates(url: string): Promise<void> {
  const postgres = openPostgres({
    url,
    connectionsMax: 1,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    statementTimeoutMs: CONNECT_TIMEOUT_MS,
    logger: pino({ level: 'silent' }),
  });
  const supply = createPostgresSupply(postgres);
  try {
    for (let number = 1; number <= CERTIFICATES; number += 1) {
      await supply.commit(changeOf(await supply.load(), `audit-${number}`));
    }
  } finally {
    await postgres.close();
  }
}

/** The reference set-up on these stores; nobody is asked anything else. */
function writeConfig(directory: string, postgres: string, redis: string): NodeJS.ProcessEnv {
  const example = parse(readFileSync(EXAMPLE, 'utf8')) as Record<string, unknown>;
  const file = join(directory, 'canary.json');
  const web = { publicStatus: true, readsPerMinute: 10_000_000 };
  writeFileSync(file, JSON.stringify({ ...example, stores: { postgres, redis }, web }));
  return { CANARY_CONFIG: file };
}

async function measureDoors(web: WebProcess, databaseUrl: string): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const [name, path] of await doorsOf(databaseUrl)) {
    const samples = await measure(() => ask(`${web.url}${path}`));
    rows.push({ name, unit: 'ms', samples });
  }
  return [...rows, { name: 'web, resident', unit: 'MiB', samples: [web.residentMib()] }];
}

async function doorsOf(databaseUrl: string): Promise<readonly (readonly [string, string])[]> {
  const place = await placeAt(databaseUrl, Math.floor(RESULTS * 0.9));
  const deep = writeCursor({ decidedAtMs: place.decidedAtMs, testId: place.testId });
  const v1 = (path: string) => [path.replace(deep, '<deep>'), `/api/v1${path}`] as const;
  return [
    ['/healthz', '/healthz'],
    v1('/me'),
    v1('/status'),
    v1('/board'),
    v1('/attention'),
    v1('/paths'),
    v1('/tests'),
    v1(`/tests?cursor=${deep}`),
    v1('/tests?limit=100'),
    v1('/tests?outcome=failed'),
    v1(`/tests?outcome=failed&cursor=${deep}`),
    v1(`/tests?path=A1.1-B1.1-async&clean=false&cursor=${deep}`),
    ['/tests/<id>', `/api/v1/tests/${place.testId}`],
    ['/tests/<id>/explanation', `/api/v1/tests/${place.testId}/explanation`],
    v1('/cycles'),
    ['/cycles/<id>', `/api/v1/cycles/${place.cycleId}`],
    v1('/pauses'),
    v1('/maintenance'),
    v1('/auditor'),
    v1('/audits'),
    v1(`/audits/${CERTIFICATES}`),
    v1('/actions'),
    v1('/tokens'),
    v1('/status/public'),
    ['/status.json (kept 30 s)', '/status.json'],
  ];
}

interface Place {
  readonly testId: string;
  readonly cycleId: string;
  readonly decidedAtMs: number;
}

async function placeAt(url: string, offset: number): Promise<Place> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const found = await client.query<{ test_id: string; cycle_id: string; decided_at: Date }>(
      `select test_id, cycle_id, decided_at from canary_test_results
       order by decided_at desc, test_id offset $1 limit 1`,
      [offset],
    );
    const [row] = found.rows;
    if (row === undefined) throw new Error(`no result at ${offset}`);
    const { cycle_id: cycleId, decided_at: decidedAt, test_id: testId } = row;
    return { testId, cycleId, decidedAtMs: decidedAt.getTime() };
  } finally {
    await client.end();
  }
}

async function measureQueries({ config, results }: OpenedDependencies) {
  const pathIds = config.paths.map(({ id }) => id);
  const queries: Readonly<Record<string, () => Promise<unknown>>> = {
    'ping: select 1': () => results.ping(),
    'page of results': () => results.recent({ limit: 21 }),
    'totals of paths over a day': () => results.pathTotals(Date.now() - DAY_MS),
    'newest 60 of each path': () => results.newestOfPaths(pathIds, 60),
    'unpassed paths': () => results.unpassedSince(pathIds),
    'troubles of paths': () => results.troubles(pathIds),
    'sixty cycles': () => results.cycles(60),
  };
  const rows: BenchRow[] = [];
  for (const [name, query] of Object.entries(queries)) {
    rows.push({ name: `query: ${name}`, unit: 'ms', samples: await measure(query) });
  }
  return rows;
}

/** Each client asks again as soon as it is answered. */
async function measure(once: () => Promise<unknown>): Promise<readonly number[]> {
  const samples: number[] = [];
  let left = REQUESTS + WARM_UP_REQUESTS;
  const client = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const isCounted = left < REQUESTS;
      const beganAtMs = performance.now();
      await once();
      if (isCounted) samples.push(performance.now() - beganAtMs);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return samples;
}

const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });

/** Reads the whole answer. Throws where it is no 200. */
function ask(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      response.resume();
      response.once('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`${url} answers ${response.statusCode}`));
      });
      response.once('error', reject);
    }).once('error', reject);
  });
}
