// A TEG that is a process of its own really dies between two steps of 2pc, and the next process
// takes over from the log in its database.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { callTeg, eventually, sendTransfer, untilStatus } from './teg-client.js';
import { startTegPlatform, type TegPlatform } from './teg-platform.js';

let platform: TegPlatform;
let folder: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  platform = await startTegPlatform({ start: ['B'] });
  folder = mkdtempSync(join(tmpdir(), 'teg-process-'));
  writeFileSync(join(folder, 'sandbox.json'), JSON.stringify(platform.topology));
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await platform.remove();
  rmSync(folder, { recursive: true });
});

test('a coordinator process that exits after its commit completes it when it is back', async () => {
  const { A } = platform.tegs;
  const first = await startProcess();
  const token = platform.tokens.control;
  const body = { kind: 'crash', count: 1, params: { step: '2pc_after_commit' } };
  expect((await callTeg(A, 'POST', '/control/faults', { token, body })).status).toBe(201);
  const exited = once(first, 'exit');
  const call = { backend: '2pc', from: 'A1/1', to: 'B1/1', key: 'survives' };
  await expect(sendTransfer(platform, call)).rejects.toThrow();
  expect((await exited)[0]).toBe(137);
  const second = await startProcess();
  const replay = await sendTransfer(platform, call);
  expect(replay.status).toBe(200);
  await untilStatus(A, replay.body.transfer_id, 'settled');
  const closed = once(second, 'exit');
  second.kill('SIGTERM');
  expect((await closed)[0]).toBe(0);
});

/** Runs frame A's TEG as its own process, ready when it answers. */
async function startProcess(): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    [...inject('entries')['sandbox/src/main.ts'], `teg:${platform.tegs.A.frame}`],
    {
      env: { ...process.env, SANDBOX_CONFIG: join(folder, 'sandbox.json'), LOG_LEVEL: 'error' },
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  children.push(child);
  await eventually(
    async () => {
      if (child.exitCode !== null) throw new Error(`the process ended with ${child.exitCode}`);
      const answer = await callTeg(platform.tegs.A, 'GET', '/healthz').catch(() => undefined);
      return answer?.status === 200;
    },
    'the process answers',
    60_000,
  );
  return child;
}
