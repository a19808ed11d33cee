// The idempotency key: one transfer per sender and key, whatever is sent and however often.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectBooksClosed } from './books.js';
import { availableIn, callTeg, sendTransfer, tegOf, untilStatus } from './teg-client.js';
import { startTegPlatform, type TegPlatform } from './teg-platform.js';

let platform: TegPlatform;
beforeAll(async () => {
  platform = await startTegPlatform();
});
afterAll(() => platform.remove());

describe('many identical requests at once make one transfer', () => {
  const routes = [
    ['intra', 'A1/1', 'A1/2'],
    ['async', 'A1/1', 'A2/1'],
    ['async', 'A1/1', 'B1/1'],
    ['2pc', 'A1/1', 'A2/1'],
    ['2pc', 'A1/1', 'B1/1'],
  ] as const;
  test.each(routes)('%s %s -> %s', async (backend, from, to) => {
    const before = await availableIn(platform, from);
    const call = { backend, from, to, key: randomUUID() };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => sendTransfer(platform, call)),
    );
    const placed = answers.filter(({ status }) => status === 201 || status === 202);
    expect(placed).toHaveLength(1);
    for (const { status, headers, body } of answers) {
      if (status === 409) expect(body.error?.code).toBe('idempotency_in_progress');
      else expect(body.transfer_id).toBe(placed[0]?.body.transfer_id);
      if (status === 200) expect(headers.get('idempotency-replayed')).toBe('true');
      expect([200, 201, 202, 409]).toContain(status);
    }
    await untilStatus(tegOf(platform, from), String(placed[0]?.body.transfer_id), 'settled');
    expect(before - (await availableIn(platform, from))).toBe(1_001_000n);
    const replay = await sendTransfer(platform, call);
    expect([replay.status, replay.body.status]).toEqual([200, 'settled']);
  });
});

describe('the same key', () => {
  const first = { backend: 'intra', from: 'A1/1', to: 'A1/2', amount: '2', memo: 'one' };
  const others = [
    ['another amount', { amount: '3' }],
    ['another memo', { memo: 'two' }],
    ['another receiver and backend', { backend: '2pc', to: 'A2/1' }],
  ] as const;
  test.each(others)('with %s is a conflict', async (_, change) => {
    const key = randomUUID();
    expect((await sendTransfer(platform, { ...first, key })).status).toBe(201);
    const answer = await sendTransfer(platform, { ...first, ...change, key });
    expect([answer.status, answer.body.error?.code]).toEqual([409, 'idempotency_conflict']);
    expect(answer.body.error?.message).toContain(key);
  });

  test('with the amount spelled otherwise is the same request', async () => {
    const key = randomUUID();
    await sendTransfer(platform, { ...first, key });
    const answer = await sendTransfer(platform, { ...first, amount: '2.000000', key });
    expect(answer.status).toBe(200);
  });

  test('of another sender is another key', async () => {
    const key = randomUUID();
    const one = await sendTransfer(platform, { ...first, key });
    const other = await sendTransfer(platform, { ...first, from: 'A1/2', to: 'A1/1', key });
    expect([one.status, other.status]).toEqual([201, 201]);
  });

  test('finds the transfer', async () => {
    const key = randomUUID();
    const { body } = await sendTransfer(platform, { ...first, key });
    const query = new URLSearchParams({ idempotency_key: key, sender: platform.id('A1/1') });
    const found = await callTeg(platform.tegs.A, 'GET', `/teg/transfers?${query}`);
    expect(found.body.transfers).toEqual([body]);
  });
});

describe('a key that moved nothing', () => {
  test('may be used again after a refusal', async () => {
    const key = randomUUID();
    const call = { backend: 'intra', from: 'A1/1', to: 'A1/2', key };
    expect((await sendTransfer(platform, { ...call, amount: '100000' })).status).toBe(402);
    expect((await sendTransfer(platform, call)).status).toBe(201);
  });

  test("answers aborted after the receiver's TEG refused a 2pc", async () => {
    const call = { backend: '2pc', from: 'A1/1', to: 'B1/nobody', key: randomUUID() };
    expect((await sendTransfer(platform, call)).status).toBe(424);
    const replay = await sendTransfer(platform, call);
    expect([replay.status, replay.body.status]).toEqual([200, 'aborted']);
  });

  test("may try again after the receiver's TEG was away", async () => {
    const call = { backend: '2pc', from: 'A1/1', to: 'B1/1', key: randomUUID() };
    await platform.tegs.B.stop();
    const away = await sendTransfer(platform, call);
    expect([away.status, away.body.error?.code]).toEqual([503, 'unavailable']);
    expect(away.headers.get('retry-after')).not.toBeNull();
    await platform.tegs.B.start();
    expect((await sendTransfer(platform, call)).status).toBe(201);
  });
});

test('the books agree after all that', () => expectBooksClosed(platform));
