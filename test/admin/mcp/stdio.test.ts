// The MCP face over standard streams: the command as a process of its own, its stores away.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { EXAMPLE } from '../cli-run.js';
import { textOf } from './client.js';

/** It loads everything that a face needs. */
const STARTS_WITHIN_MS = 120_000;
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const COMMAND = [...inject('entries')['src/admin/cli.ts'], 'mcp'];
// Nobody listens there.
const env = {
  PATH: process.env.PATH ?? '',
  CANARY_CONFIG: EXAMPLE,
  DATABASE_URL: 'postgres://postgres@127.0.0.1:9/none',
  REDIS_URL: 'redis://127.0.0.1:9',
  TEMPORAL_ADDRESS: '127.0.0.1:9',
};

async function connected(...options: readonly string[]): Promise<Client> {
  const client = new Client({ name: 'a test', version: '1' });
  const args = [...COMMAND, ...options];
  const transport = new StdioClientTransport({ command: process.execPath, args, cwd: ROOT, env });
  await client.connect(transport, { timeout: STARTS_WITHIN_MS });
  return client;
}

let client: Client;
beforeAll(async () => {
  client = await connected();
}, STARTS_WITHIN_MS);
afterAll(() => client.close());

test('it offers what reads, unless more is said', async () => {
  const names = (await client.listTools()).tools.map(({ name }) => name);
  expect(names).toContain('canary_getStatus');
  expect(names).not.toContain('canary_fire');
});

test('it answers, and refuses what was not said', async () => {
  const checked = await client.callTool({ name: 'canary_checkConfig', arguments: {} });
  expect(checked.structuredContent).toMatchObject({ paths: 30 });
  const fired = await client.callTool({ name: 'canary_fireCycle', arguments: {} });
  expect(fired.isError).toBe(true);
  expect(textOf(fired)).toMatch(/needs the right to operate/);
});

test('a store that is away is told, and the session goes on', async () => {
  const answer = await client.callTool({ name: 'canary_listResults', arguments: {} });
  expect(answer.isError).toBe(true);
  expect(textOf(answer)).toMatch(/postgres.*\ncanary_doctor/s);
  expect((await client.listTools()).tools.length).toBeGreaterThan(0);
});

test('it ends with its input, all that it wrote being protocol', {
  timeout: STARTS_WITHIN_MS,
}, async () => {
  const args = [...COMMAND, '--role', 'admin'];
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  const written: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written.push(text);
    // Whole messages end their lines; the second request has then been answered, too.
    if (written.join('').split('\n').length > 2) child.stdin.end();
  });
  const message = (id: number, method: string, params: object) =>
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
  const clientInfo = { name: 'a test', version: '1' };
  message(1, 'initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo });
  message(2, 'tools/list', {});
  expect(await exit).toEqual([0, null]);
  const answers = written
    .join('')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(answers.map(({ id }) => id)).toEqual([1, 2]);
  expect(JSON.stringify(answers[1])).toContain('canary_revokeToken');
});
