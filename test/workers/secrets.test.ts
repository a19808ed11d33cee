// The processes with passwords in their addresses, while everything that they speak to refuses
// them: what they write, serve and answer holds none of it.
import { afterEach, expect, inject, test } from 'vitest';
import { runCli } from '../../src/admin/cli.js';
import { openDependencies } from '../../src/admin/compose.js';
import {
  createProductPlace,
  type ProductPlace,
  type ProductProcess,
  tokensOf,
} from '../support/product-process.js';
import { until } from '../support/until.js';

const POSTGRES_SECRET = 'pg-5ecret/with@signs';
const REDIS_SECRET = 'redis-5ecret';
const TOKEN_SECRET = 'token-5ecret';
/** As an address carries it, too. */
const SECRETS = [POSTGRES_SECRET, encodeURIComponent(POSTGRES_SECRET), REDIS_SECRET, TOKEN_SECRET];
const PATIENT_MS = 240_000;

let place: ProductPlace | undefined;
afterEach(() => place?.close());

function foundIn(text: string): readonly string[] {
  return SECRETS.filter((secret) => text.includes(secret));
}

function withPassword(address: string, password: string): string {
  const url = new URL(address);
  url.username = 'nobody';
  url.password = encodeURIComponent(password);
  return url.href;
}

async function says(process: ProductProcess, what: string): Promise<void> {
  await until(() => {
    if (!process.said().includes(what)) throw new Error(`not said: ${what}`);
  }, PATIENT_MS / 2);
}

/** Waits until somebody listens. */
function page(listen: string, path: string): Promise<string> {
  return until(async () => (await fetch(`http://${listen}${path}`)).text(), PATIENT_MS / 2);
}

async function cli(line: string, env: NodeJS.ProcessEnv): Promise<string> {
  const output = { text: '', write: (text: string) => (output.text += text) };
  await runCli(line.split(' '), {
    stdout: output,
    stderr: output,
    env,
    signal: new AbortController().signal,
    open: async (config) => openDependencies(config),
  });
  return output.text;
}

test('of worker, exporter and commands that are refused everywhere', {
  timeout: PATIENT_MS,
}, async () => {
  // PostgreSQL and Redis know nobody, and all else is away.
  place = await createProductPlace({
    tokens: tokensOf(TOKEN_SECRET),
    stores: {
      postgres: withPassword(inject('postgresUrl'), POSTGRES_SECRET),
      redis: withPassword(inject('redisUrl'), REDIS_SECRET),
    },
  });
  const { environment, listen } = place;
  const worker = place.start('src/workers/entry.ts');
  const exporter = place.start('src/exporters/entry.ts');
  const served = [
    await page(listen.worker, '/readyz'),
    await page(listen.exporter, '/readyz'),
    await page(listen.exporter, '/metrics'),
  ].join('\n');
  await says(worker, 'waiting for PostgreSQL');
  await says(worker, 'waiting for Temporal');
  await says(worker, 'redis connection');
  await says(exporter, 'source is away');
  const lines = ['doctor', 'status', 'config show', 'config show --json'];
  const screens = await Promise.all(lines.map((line) => cli(line, environment)));
  // They were refused, and said by what.
  const refusals = [/role .{1,2}nobody.{1,2} does not exist/, /WRONGPASS|redis is unavailable/];
  for (const refusal of refusals) expect(served).toMatch(refusal);
  expect(screens[0]).toMatch(/nobody/);
  expect(worker.said()).toContain('WRONGPASS');
  for (const text of [worker.said(), exporter.said(), served, ...screens]) {
    expect(foundIn(text)).toEqual([]);
  }
});

test('that stands alone in the file of tokens', { timeout: PATIENT_MS }, async () => {
  place = await createProductPlace({ tokens: TOKEN_SECRET });
  const worker = place.start('src/workers/entry.ts');
  expect(await worker.ended()).toBe(3);
  expect(worker.said()).toContain('agentTokensFile');
  expect(foundIn(worker.said())).toEqual([]);
  expect(await cli('doctor', place.environment)).toContain('agentTokensFile');
  expect(foundIn(await cli('doctor --json', place.environment))).toEqual([]);
});
