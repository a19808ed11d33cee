// Every way in which a TEG says no: status, code, and that nothing has moved.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { availableIn, callTeg, sendTransfer, type TransferCall } from './teg-client.js';
import { startTegPlatform, type TegPlatform } from './teg-platform.js';

interface Case {
  readonly why: string;
  readonly call: Partial<TransferCall>;
  readonly status: number;
  readonly code: string;
  /** What the message must name: the offending value. */
  readonly names?: string;
}

const CASES: readonly Case[] = [
  {
    why: 'amount zero',
    call: { amount: '0' },
    status: 400,
    code: 'malformed_amount',
    names: '"0"',
  },
  { why: 'seven places', call: { amount: '1.0000001' }, status: 400, code: 'malformed_amount' },
  { why: 'negative', call: { amount: '-1' }, status: 400, code: 'malformed_amount', names: '-1' },
  {
    why: 'amount as number',
    call: { amount: 1 },
    status: 400,
    code: 'malformed_request',
    names: 'amount',
  },
  {
    why: 'memo too long',
    call: { memo: 'x'.repeat(257) },
    status: 400,
    code: 'malformed_request',
    names: 'memo',
  },
  {
    why: 'memo with NUL',
    call: { memo: 'a\0b' },
    status: 400,
    code: 'malformed_request',
    names: 'memo',
  },
  { why: 'no key', call: { key: null }, status: 400, code: 'missing_idempotency_key' },
  {
    why: 'key too long',
    call: { key: 'k'.repeat(201) },
    status: 400,
    code: 'malformed_request',
    names: '201',
  },
  {
    why: 'unknown backend',
    call: { backend: 'warp', to: 'A2/1' },
    status: 400,
    code: 'unknown_backend',
    names: '"warp"',
  },
  { why: 'no backend', call: { backend: '', to: 'A2/1' }, status: 400, code: 'unknown_backend' },
  {
    why: 'intra across registries',
    call: { to: 'A2/1' },
    status: 400,
    code: 'wrong_topology',
    names: 'X2',
  },
  {
    why: 'async inside a registry',
    call: { backend: 'async' },
    status: 400,
    code: 'wrong_topology',
  },
  { why: '2pc inside a registry', call: { backend: '2pc' }, status: 400, code: 'wrong_topology' },
  {
    why: 'to oneself',
    call: { to: 'A1/1' },
    status: 400,
    code: 'malformed_request',
    names: 'itself',
  },
  { why: 'no token', call: { tokenOf: null }, status: 401, code: 'unauthenticated' },
  {
    why: 'a token of nobody',
    call: { token: 'f'.repeat(64) },
    status: 401,
    code: 'unauthenticated',
  },
  {
    why: "another agent's token",
    call: { tokenOf: 'A1/2' },
    status: 403,
    code: 'forbidden',
    names: 'canary-1',
  },
  {
    why: 'more than it has',
    call: { amount: '1000' },
    status: 402,
    code: 'insufficient_funds',
    names: '1001.000000',
  },
  {
    why: 'unknown sender',
    call: { from: 'A1/nobody' },
    status: 404,
    code: 'unknown_agent',
    names: 'nobody',
  },
  {
    why: 'unknown receiver',
    call: { to: 'A1/nobody' },
    status: 404,
    code: 'unknown_agent',
    names: 'nobody',
  },
  {
    why: 'unknown receiver, 2pc inside',
    call: { backend: '2pc', to: 'A2/nobody' },
    status: 404,
    code: 'unknown_agent',
  },
  {
    why: 'unknown receiver, async inside',
    call: { backend: 'async', to: 'A2/nobody' },
    status: 404,
    code: 'unknown_agent',
  },
  {
    why: 'unknown registry',
    call: { backend: 'async', to: 'Z9:x' },
    status: 404,
    code: 'unknown_agent',
    names: 'Z9:x',
  },
  {
    why: 'the receiver cannot be prepared',
    call: { backend: '2pc', to: 'B1/nobody' },
    status: 424,
    code: 'peer_refused',
    names: 'nobody',
  },
];

let platform: TegPlatform;
beforeAll(async () => {
  platform = await startTegPlatform();
});
afterAll(() => platform.remove());

async function check({ call, status, code, names = '' }: Case): Promise<void> {
  const agents = ['A1/1', 'A1/2', 'A2/1', 'B1/1'];
  const balances = () => Promise.all(agents.map((agent) => availableIn(platform, agent)));
  const before = await balances();
  const answer = await sendTransfer(platform, {
    backend: 'intra',
    from: 'A1/1',
    to: 'A1/2',
    ...call,
  });
  expect([answer.status, answer.body.error?.code]).toEqual([status, code]);
  expect(answer.body.error?.message).toContain(names);
  expect(await balances()).toEqual(before);
  const [held] = await platform.tegs.A.query('SELECT sum(held) AS held FROM accounts');
  expect(held?.held).toBe('0');
}

describe('a refusal moves nothing', () => {
  test.each(CASES)('$why: $status $code', check);
});

test('an amount and a fee that are exactly available are paid', async () => {
  const answer = await sendTransfer(platform, {
    backend: 'intra',
    from: 'A2/1',
    to: 'A2/2',
    amount: '999.000999',
  });
  expect(answer.status).toBe(201);
  expect(await availableIn(platform, 'A2/1')).toBe(0n);
});

test('a sender of another frame is told so', async () => {
  const call = { backend: 'async', from: 'B1/1', to: 'A1/1' };
  const answer = await sendTransfer(platform, call, platform.tegs.A);
  expect([answer.status, answer.body.error?.code]).toEqual([400, 'wrong_topology']);
});

test('a revoked agent cannot pay until it is restored, but can be paid', async () => {
  const { A } = platform.tegs;
  const path = `/teg/agents/${platform.id('A1/2')}`;
  const token = platform.tokens.admin;
  expect((await callTeg(A, 'POST', `${path}/revoke`, { token })).body.status).toBe('revoked');
  const pay = { backend: 'intra', from: 'A1/2', to: 'A1/1', key: randomUUID() };
  const refused = await sendTransfer(platform, pay);
  expect([refused.status, refused.body.error?.code]).toEqual([403, 'agent_revoked']);
  expect((await sendTransfer(platform, { ...pay, from: 'A1/1', to: 'A1/2' })).status).toBe(201);
  expect((await callTeg(A, 'POST', `${path}/restore`, { token })).body.status).toBe('active');
  expect((await sendTransfer(platform, pay)).status).toBe(201);
});

describe('doors for services and administrators', () => {
  const doors = [
    ['POST', '/teg/issue', { account: 'A1/1', amount: '1', reason: 'r' }],
    ['POST', '/teg/destroy', { account: 'A1/1', amount: '1', reason: 'r' }],
    ['POST', '/teg/agents', { agent_id: 'A1:x', class: 'agent', token_sha256: 'a'.repeat(64) }],
    ['POST', '/teg/agents/A1:canary-1/revoke', undefined],
    ['POST', '/teg/peer/credits', undefined],
    ['GET', '/oracle/faults', undefined],
    ['POST', '/control/leaks', { kind: 'create', account: 'A1/1', amount: '1' }],
    ['POST', '/control/release', undefined],
  ] as const;
  test.each(doors)('%s %s wants its own token', async (method, path, body) => {
    const peerBody = {
      transfer_id: 'x',
      backend: 'async',
      sender: 's',
      receiver: 'r',
      sender_frame: 'A',
      receiver_frame: 'B',
      amount: '1',
      memo: '',
    };
    const options = path.includes('peer') ? { body: peerBody } : body === undefined ? {} : { body };
    const { A } = platform.tegs;
    expect((await callTeg(A, method, path, options)).status).toBe(401);
    const token = platform.tokens.agent(platform.id('A1/1'));
    expect((await callTeg(A, method, path, { ...options, token })).status).toBe(403);
  });
});

test('more requests than a TEG works on at a time are sent away, and may come again', async () => {
  const own = await startTegPlatform({ start: ['A'], teg: { maxInFlight: 2 } });
  try {
    own.tegs.A.faults.add({ kind: 'slow_transfer', params: { delay_ms: 1_000 } });
    const send = () => sendTransfer(own, { backend: 'intra', from: 'A1/1', to: 'A1/2' });
    const answers = await Promise.all(Array.from({ length: 8 }, send));
    const sentAway = answers.filter(({ status }) => status === 429);
    expect(sentAway.length).toBeGreaterThan(0);
    for (const { headers, body } of sentAway) {
      expect([body.error?.code, headers.get('retry-after')]).toEqual(['too_many_requests', '1']);
    }
    const taken = answers.filter(({ status }) => status === 201).length;
    expect(taken + sentAway.length).toBe(8);
    expect(1_000_000_000n - (await availableIn(own, 'A1/1'))).toBe(1_001_000n * BigInt(taken));
    own.tegs.A.faults.clear();
    expect((await send()).status).toBe(201);
  } finally {
    await own.remove();
  }
});
