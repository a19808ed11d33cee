// The query tool against a Prometheus that runs, and that watches itself.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHttpUpstreams } from '../../../src/adapters/http-upstreams.js';
import { programForCases } from '../../monitoring/programs.js';
import { freePortRow } from '../../support/free-ports.js';
import { until } from '../../support/until.js';
import { type ServedFace, serveFace, textOf } from './client.js';

const program = await programForCases('prometheus');
const STARTS_WITHIN_MS = 60_000;

describe.runIf(program !== undefined)('a Prometheus that watches itself', () => {
  const directory = mkdtempSync(join(tmpdir(), 'canary-mcp-'));
  let prometheus: ChildProcess;
  let face: ServedFace;
  let client: Client;

  beforeAll(async () => {
    const address = `127.0.0.1:${await freePortRow(1)}`;
    const file = join(directory, 'prometheus.yml');
    const job = `{ job_name: self, static_configs: [{ targets: ['${address}'] }] }`;
    writeFileSync(file, `global: { scrape_interval: 1s }\nscrape_configs: [${job}]\n`);
    const flags = [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=${address}`,
    ];
    prometheus = spawn(program?.path ?? '', flags, { stdio: 'ignore' });
    const upstreams = createHttpUpstreams([{ name: 'prometheus', url: `http://${address}` }]);
    face = await serveFace({ twist: { upstreams } });
    ({ client } = await face.session());
    await until(async () => {
      expect(textOf(await ask({ query: 'up' }))).toContain('"1"');
    }, STARTS_WITHIN_MS);
  }, STARTS_WITHIN_MS);

  afterAll(async () => {
    await client?.close();
    await face?.close();
    const exit = once(prometheus, 'exit');
    prometheus.kill('SIGKILL');
    await exit;
    rmSync(directory, { recursive: true });
  });

  const ask = (args: Record<string, unknown>) =>
    client.callTool({ name: 'theprotocol_adminPromQuery', arguments: args });
  const nowSeconds = () => Math.floor(Date.now() / 1_000);

  test('a query of this moment', async () => {
    const { structuredContent } = await ask({ query: 'up', start: null, end: null, step: null });
    expect(structuredContent).toMatchObject({
      status: 200,
      body: {
        status: 'success',
        data: { resultType: 'vector', result: [{ metric: { job: 'self' } }] },
      },
    });
  });

  test('a query of a range, its step given and chosen', async () => {
    const range = { query: 'up', start: nowSeconds() - 600, end: nowSeconds() };
    for (const step of ['15s', undefined]) {
      const { structuredContent } = await ask({
        ...range,
        ...(step === undefined ? {} : { step }),
      });
      expect(structuredContent).toMatchObject({ body: { data: { resultType: 'matrix' } } });
    }
  });

  test('a query that is none is refused in Prometheus’ own words', async () => {
    const answer = await ask({ query: 'up{' });
    expect(answer.isError).toBe(true);
    expect(textOf(answer)).toMatch(/query: "up\{" .*parse error/);
  });

  test('an answer that is too long is cut in its lists', async () => {
    const answer = await ask({ query: 'vector(1)', start: 0, end: 9_000, step: 1 });
    expect(answer.structuredContent).toMatchObject({ body: { status: 'success' } });
    expect(textOf(answer)).toMatch(/body\.data\.result\.0\.values shows \d+ of 9001.*aggregate/s);
  });

  test('any of its addresses by the general proxy', async () => {
    const args = { target: 'prometheus', path: '/api/v1/status/buildinfo' };
    const answer = await client.callTool({ name: 'theprotocol_adminRequest', arguments: args });
    expect(answer.structuredContent).toMatchObject({ status: 200, body: { status: 'success' } });
  });
});
