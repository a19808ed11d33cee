// The store as a process: started by name, killed in the middle, closed by a signal.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { createEventPipe } from '../../src/pipe/create-event-pipe.js';
import {
  createTestPlatform,
  eventually,
  hasKafka,
  LONG_TEST_MS,
  type TestPlatform,
} from '../service/test-platform.js';
import { records } from './events.js';
import { createStoreClient } from './store-client.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const children = new Set<ChildProcess>();

function run(argument: string, config = '') {
  const child = spawn(process.execPath, [...inject('entries')['sandbox/src/main.ts'], argument], {
    cwd: ROOT,
    env: { ...process.env, SANDBOX_CONFIG: config, LOG_LEVEL: 'info' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  children.add(child);
  const output: string[] = [];
  child.stderr.on('data', (text) => output.push(String(text)));
  return { child, said: () => output.join('') };
}

function fileOf({ topology }: TestPlatform): string {
  const file = join(mkdtempSync(join(tmpdir(), 'sandbox-')), 'topology.json');
  writeFileSync(file, JSON.stringify(topology));
  return file;
}

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});

const KINDS = hasKafka ? (['kafka', 'direct'] as const) : (['direct'] as const);

const OPTIONS = { timeout: LONG_TEST_MS };

describe.each(KINDS)('over the %s pipe', OPTIONS, (kind) => {
  test('killed again and again, it loses nothing; asked to, it closes', async () => {
    const platform = await createTestPlatform({ pipe: kind });
    const [frame = ''] = platform.frameIds;
    const file = fileOf(platform);
    const client = createStoreClient(platform, frame);
    const sender = createEventPipe(platform.context);
    const reaches = (head: number) =>
      eventually(() => client.headReaches(head).catch(() => undefined));
    const publishing: Promise<void>[] = [];
    for (const last of [100, 200]) {
      const { child } = run(`event-store:${frame}`, file);
      await reaches(0);
      for (let from = last - 99; from < last; from += 5) {
        publishing.push(sender.publish(frame, records(from, from + 4)));
      }
      // In the middle of what is under way.
      await reaches(last - 60);
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    const { child, said } = run(`event-store:${frame}`, file);
    await reaches(200);
    await Promise.all(publishing);
    const positions = (await client.readAll()).map((event) => event.position);
    expect(positions).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
    expect(said()).toContain(kind === 'kafka' ? 'events travel over Kafka' : 'no Kafka');
    expect(await client.json('/healthz')).toMatchObject({ status: 'ok', pipe: kind, head: 200 });
    const subscriber = await client.subscribe();
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    await eventually(() => (subscriber.isOpen() ? undefined : true));
    await sender.close();
    await platform.remove();
  });
});

describe('a wrong start ends with 1 and says why', () => {
  test.each([
    ['', 'unknown service'],
    ['event-store', 'unknown service'],
    ['pigeon:A', 'unknown service'],
    ['event-store:Q', 'unknown frame'],
  ])('"%s": %s', OPTIONS, async (argument, message) => {
    const { child, said } = run(argument);
    expect(await once(child, 'exit')).toEqual([1, null]);
    expect(said()).toContain(message);
  });
});
