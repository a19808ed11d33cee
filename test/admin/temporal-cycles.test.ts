// Cycles by hand and the schedule, on a real Temporal server, in a namespace of this file's own.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { migratePostgres } from '../../src/adapters/postgres-migrations.js';
import type { Cycles } from '../../src/admin/admin-dependencies.js';
import { createTemporalCycles } from '../../src/admin/temporal-cycles.js';
import { cycleWorkflowId, SCHEDULE_IDS, SEARCH_ATTRIBUTES } from '../../src/names.js';
import { ensureCycleSchedule } from '../../src/workers/schedules.js';
import { createOwnDatabase, type OwnDatabase } from '../support/own-database.js';
import { until } from '../support/until.js';

/** Temporal's number for the indexed value type KEYWORD. */
const KEYWORD = 2;
const NAMESPACE = `admin-${randomUUID()}`;

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

let connection: Connection;
let client: Client;
let cycles: Cycles;

beforeAll(async () => {
  connection = await Connection.connect({ address: inject('temporalAddress') });
  await connection.workflowService.registerNamespace({
    namespace: NAMESPACE,
    workflowExecutionRetentionPeriod: msToTs('1 day'),
  });
  client = new Client({ connection, namespace: NAMESPACE });
  cycles = createTemporalCycles(async () => client, inject('temporalAddress'));
  // A new namespace reaches every part of the server only after a while.
  await until(() => cycles.schedule(), 30_000);
});

afterAll(async () => {
  await connection.close();
});

describe('a cycle by hand', () => {
  test('is started once under its id, with the paths asked for', async () => {
    expect(await cycles.start('hand-1', ['A1.1-B1.1-async'])).toBe('started');
    expect(await cycles.start('hand-1', [])).toBe('already_started');
    const handle = client.workflow.getHandle(cycleWorkflowId('hand-1'));
    const { events } = await handle.fetchHistory();
    const payload = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
    expect(JSON.parse(Buffer.from(payload?.data ?? []).toString())).toEqual({
      slot: 'manual',
      pathIds: ['A1.1-B1.1-async'],
    });
    await handle.terminate('done with it');
    expect(await cycles.start('hand-1', [])).toBe('already_started');
  });

  test('that ended without a scoreboard says so', async () => {
    await cycles.start('hand-2', []);
    await client.workflow.getHandle(cycleWorkflowId('hand-2')).terminate('no longer wanted');
    await expect(cycles.scoreboard('hand-2', AbortSignal.timeout(20_000))).rejects.toThrow(
      /^cycle hand-2 ended without a scoreboard: no longer wanted$/,
    );
  });
});

// The server holds such a question for 20 s, longer than a command may be held by it.
test.each([0, 300])('a wait that is left after %i ms ends with that', async (afterMs) => {
  const cycleId = `hand-left-${afterMs}`;
  await cycles.start(cycleId, []);
  const left = new AbortController();
  const waiting = cycles.scoreboard(cycleId, left.signal);
  setTimeout(() => left.abort(), afterMs);
  await expect(waiting).rejects.toThrow(/cancel|abort/i);
});

test('the schedule is missing, then present, then paused', async () => {
  expect(await cycles.schedule()).toEqual({ kind: 'missing' });
  await ensureCycleSchedule(client, 3_600_000);
  await expect
    .poll(() => cycles.schedule(), { timeout: 20_000 })
    .toMatchObject({ kind: 'present', paused: false, nextAtMs: expect.any(Number) });
  await client.schedule.getHandle(SCHEDULE_IDS.canaryCycle).pause('maintenance');
  await expect
    .poll(() => cycles.schedule(), { timeout: 20_000 })
    .toMatchObject({ kind: 'present', paused: true, note: 'maintenance' });
});

test('search attributes are missing until somebody adds them', async () => {
  const all = Object.values(SEARCH_ATTRIBUTES);
  expect(await cycles.missingSearchAttributes()).toEqual(all);
  await connection.operatorService.addSearchAttributes({
    namespace: NAMESPACE,
    searchAttributes: { [all[0] ?? '']: KEYWORD },
  });
  await expect
    .poll(() => cycles.missingSearchAttributes(), { timeout: 20_000 })
    .toEqual(all.slice(1));
});

describe('a server that is away', () => {
  test('is told by its address', async () => {
    const address = '127.0.0.1:1';
    const away = createTemporalCycles(
      async () =>
        new Client({ connection: await Connection.connect({ address, connectTimeout: 200 }) }),
      address,
    );
    await expect(away.start('hand-3', [])).rejects.toThrow(
      /^Temporal at 127\.0\.0\.1:1 is unavailable: /,
    );
  });

  test('is told by name where the namespace is unknown', async () => {
    const elsewhere = new Client({ connection, namespace: 'nobody' });
    const unknown = createTemporalCycles(async () => elsewhere, 'here');
    await expect(unknown.start('hand-4', [])).rejects.toThrow(/Temporal at here .+nobody/);
  });
});

describe('the process', () => {
  let database: OwnDatabase;

  beforeAll(async () => {
    database = await createOwnDatabase('cycles');
    await migratePostgres(database.url, pino({ level: 'silent' }));
  });

  afterAll(() => database.drop());

  function start(args: readonly string[]) {
    const child = spawn(process.execPath, [...inject('entries')['src/admin/cli.ts'], ...args], {
      cwd: ROOT,
      env: {
        ...process.env,
        CANARY_CONFIG: 'canary.example.yaml',
        DATABASE_URL: database.url,
        TEMPORAL_ADDRESS: inject('temporalAddress'),
        TEMPORAL_NAMESPACE: NAMESPACE,
      },
    });
    return { child, ended: endOf(child) };
  }

  async function endOf(child: ChildProcess) {
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (chunk) => (stdout += chunk));
    child.stderr?.on('data', (chunk) => (stderr += chunk));
    const code = await new Promise((resolve) => child.once('close', resolve));
    return { code, stdout, stderr };
  }

  test('starts a cycle and ends by itself', async () => {
    const { code, stdout } = await start(['cycle', '--no-wait', '--json']).ended;
    expect(code).toBe(0);
    const { workflowId } = JSON.parse(stdout);
    const { status } = await client.workflow.getHandle(workflowId).describe();
    expect(status.name).toBe('RUNNING');
  });

  test('waits no longer than asked, and the cycle goes on', async () => {
    const { code, stdout, stderr } = await start(['cycle', '--timeout', '1s', '--json']).ended;
    expect(code).toBe(124);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'timed_out' } });
    const [, cycleId = ''] = /cycle (hand-\S+) goes on/.exec(stderr) ?? [];
    const { status } = await client.workflow.getHandle(cycleWorkflowId(cycleId)).describe();
    expect(status.name).toBe('RUNNING');
  });

  test('ends with 130 by Ctrl-C, told once or twice', async () => {
    const { child, ended } = start(['cycle', '--json']);
    await new Promise((resolve) => child.stderr?.once('data', resolve));
    child.kill('SIGINT');
    child.kill('SIGINT');
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'interrupted' } });
  });
});
