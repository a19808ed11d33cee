// PostgreSQL cuts the TEG's connections again and again, in the middle of transactions: the TEG
// stays up, answers 503 for a moment, and its books are right afterwards.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { databaseName } from '../../src/topology.js';
import { expectBooksClosed } from './books.js';
import { callTeg, eventually, sendTransfer } from './teg-client.js';
import { startTegPlatform, type TegPlatform } from './teg-platform.js';

const ROUTES = [
  ['intra', 'A1/1', 'A1/2'],
  ['async', 'A1/2', 'B1/1'],
  ['2pc', 'A2/1', 'B1/2'],
  ['2pc', 'A2/2', 'A1/1'],
] as const;

const TRANSFERS_PER_ROUTE = 10;
const MAX_CUTS = 40;

let platform: TegPlatform;
beforeAll(async () => {
  platform = await startTegPlatform();
});
afterAll(() => platform.remove());

test('a transfer that is asked for until it is answered is made once', async () => {
  let areWorking = true;
  const worker = async ([backend, from, to]: (typeof ROUTES)[number]) => {
    for (let made = 0; made < TRANSFERS_PER_ROUTE; made += 1) {
      const call = { backend, from, to, amount: '0.01', key: randomUUID() };
      await eventually(async () => {
        const answer = await sendTransfer(platform, call);
        // 409: the first request of this key is not decided yet.
        expect([200, 201, 202, 409, 503]).toContain(answer.status);
        return answer.status < 300;
      }, `an answer for ${call.key}`);
    }
  };
  const working = Promise.all(ROUTES.map(worker)).finally(() => {
    areWorking = false;
  });
  let cuts = 0;
  while (areWorking && cuts < MAX_CUTS) {
    await cutConnections();
    cuts += 1;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await working;
  expect(cuts).toBeGreaterThan(1);
  expect((await callTeg(platform.tegs.A, 'GET', '/healthz')).status).toBe(200);
  await expectBooksClosed(platform);
  const [row] = await platform.tegs.A.query<{ count: string }>(
    "SELECT count(*) FROM transfers WHERE idempotency_key IS NOT NULL AND status = 'settled'",
  );
  expect(Number(row?.count)).toBe(TRANSFERS_PER_ROUTE * ROUTES.length);
});

async function cutConnections(): Promise<void> {
  const { A } = platform.tegs;
  // The connection that asks is cut, too: its own pool opens another one.
  await A.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = $1 AND pid <> pg_backend_pid()`,
    [databaseName(A.frame, 'teg')],
  ).catch(() => undefined);
}
