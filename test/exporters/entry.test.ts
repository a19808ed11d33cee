// The process itself: it comes up on its configuration, serves, names a taken port, ends cleanly.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { migratePostgres } from '../../src/adapters/postgres-migrations.js';
import { CONTENT_TYPE } from '../../src/exporters/write-text.js';
import { createOwnDatabase, type OwnDatabase } from '../support/own-database.js';
import { REFERENCE } from '../support/samples.js';
import { until } from '../support/until.js';
import { seriesOf } from './page.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const AWAY = 'http://127.0.0.1:9';

const directory = mkdtempSync(join(tmpdir(), 'canary-exporter-'));
const started: ChildProcessWithoutNullStreams[] = [];
let database: OwnDatabase;

beforeAll(async () => {
  database = await createOwnDatabase('exporter_entry');
  await migratePostgres(database.url, pino({ level: 'silent' }));
});

afterAll(async () => {
  for (const child of started) child.kill('SIGKILL');
  await database.drop();
  rmSync(directory, { recursive: true });
});

function configFile(name: string, text: string): string {
  const file = join(directory, name);
  writeFileSync(file, text);
  return file;
}

function config(listen: string): string {
  const frames = REFERENCE.frames.map((frame) => ({
    id: frame.id,
    teg: AWAY,
    eventStore: AWAY,
    registries: frame.registries.map((one) => ({ ...one, url: AWAY })),
  }));
  return JSON.stringify({
    platform: { agentTokensFile: 'not-for-the-exporter.json', frames },
    stores: { postgres: database.url, redis: inject('redisUrl') },
    temporal: { serverMetricsUrl: AWAY },
    listen: { exporter: listen },
  });
}

function start(file: string) {
  const child = spawn(process.execPath, inject('entries')['src/exporters/entry.ts'], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, CANARY_CONFIG: file },
  });
  started.push(child);
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  return { child, ended, stderr: () => stderr };
}

async function freePort(): Promise<{ port: number; release: () => Promise<void> }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const release = async () => {
    server.close();
    await once(server, 'close');
  };
  return { port: address.port, release };
}

test('serves what it can while platform and Temporal are away, and ends on SIGTERM', async () => {
  const { port, release } = await freePort();
  await release();
  const exporter = start(configFile('good.json', config(`127.0.0.1:${port}`)));
  const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
  await until(async () => expect((await get('/readyz')).status).toBe(200), 45_000);

  const answer = await get('/metrics');
  expect(answer.headers.get('content-type')).toBe(CONTENT_TYPE);
  const series = seriesOf(await answer.text());
  const up = (source: string) => series.get(`canary_exporter_source_up{source="${source}"}`);
  expect(['postgres', 'redis', 'teg/A', 'teg/B', 'temporal_server'].map(up)).toEqual([
    '1',
    '1',
    '0',
    '0',
    '0',
  ]);
  expect(series.get('canary_workers_alive')).toBeDefined();

  exporter.child.kill('SIGTERM');
  expect(await exporter.ended).toEqual({ code: 0, signal: null });
});

test('a taken port is named', async () => {
  const { port, release } = await freePort();
  const exporter = start(configFile('taken.json', config(`127.0.0.1:${port}`)));
  expect(await exporter.ended).toEqual({ code: 1, signal: null });
  expect(exporter.stderr()).toContain(`cannot listen on 127.0.0.1:${port}`);
  expect(exporter.stderr()).toContain('CANARY_EXPORTER_LISTEN');
  await release();
});

test('a configuration that is not usable is named, with exit code 3', async () => {
  const file = configFile('bad.json', config('nowhere'));
  const exporter = start(file);
  expect(await exporter.ended).toEqual({ code: 3, signal: null });
  expect(exporter.stderr()).toContain(file);
  expect(exporter.stderr()).toContain('nowhere');
});
