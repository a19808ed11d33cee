// The TEG's face: health, metrics, OpenAPI, and the oracle's lists.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callTeg, sendTransfer, untilQuiet } from './teg-client.js';
import { startTegPlatform, type TegPlatform, type TestTeg } from './teg-platform.js';

let platform: TegPlatform;
let A: TestTeg;
beforeAll(async () => {
  platform = await startTegPlatform();
  A = platform.tegs.A;
});
afterAll(() => platform.remove());

test('healthz and info say what the TEG is', async () => {
  expect((await callTeg(A, 'GET', '/healthz')).body).toMatchObject({
    status: 'ok',
    service: 'teg',
    frame: A.frame,
  });
  expect((await callTeg(A, 'GET', '/teg/info')).body).toEqual({
    frame: A.frame,
    token: 'AVT',
    fee: { basis_points: 10 },
    registries: [`${A.frame}X1`, `${A.frame}X2`],
    refund_after_ms: 300_000,
    sweep_interval_ms: 100,
    two_phase_limit_ms: 60_000,
  });
});

describe('metrics', () => {
  const value = async (series: string) => {
    const { body } = await callTeg(A, 'GET', '/metrics');
    const line = String(body.text)
      .split('\n')
      .find((candidate) => candidate.startsWith(`${series} `));
    return line === undefined ? undefined : Number(line.split(' ').at(-1));
  };

  const transfers = (labels: string) => value(`teg_transfers_total{${labels}}`);

  test('exist before anything has happened', async () => {
    for (const labels of [
      'backend="intra",status="settled",traffic="user"',
      'backend="async",status="refunded",traffic="canary"',
    ]) {
      expect(await value(`teg_transfers_total{${labels}}`)).toBe(0);
    }
    expect(await value('teg_fees_collected_total{traffic="canary"}')).toBe(0);
    expect(await value('teg_staking_total_value_locked')).toBe(0);
    expect(await value('teg_a2a_tokens{state="offered"}')).toBe(0);
  });

  test('count each transfer once, a replay not again', async () => {
    const call = { backend: 'intra', from: 'A1/1', to: 'A1/2', amount: '10', key: 'once' };
    await sendTransfer(platform, call);
    await sendTransfer(platform, call);
    await sendTransfer(platform, { ...call, amount: '11' });
    const canary = { backend: '2pc', from: 'A1/1', to: 'B1/1', amount: '10', memo: 'canary-1' };
    await sendTransfer(platform, canary);
    expect(await transfers('backend="intra",status="settled",traffic="user"')).toBe(1);
    expect(await transfers('backend="2pc",status="in_doubt",traffic="canary"')).toBe(1);
    expect(await transfers('backend="2pc",status="settled",traffic="canary"')).toBe(1);
    expect(await value('teg_fees_collected_total{traffic="user"}')).toBeCloseTo(0.01, 9);
    expect(await value('teg_fees_collected_total{traffic="canary"}')).toBeCloseTo(0.01, 9);
    expect(await value('teg_refusals_total{code="idempotency_conflict"}')).toBe(1);
    await untilQuiet(platform);
    const head = await value('teg_outbox_head_position');
    await expect.poll(() => value('teg_outbox_published_position')).toBe(head);
    expect(
      await value('http_requests_total{method="POST",route="/teg/transfer",status="201"}'),
    ).toBe(1);
  });
});

test('OpenAPI describes every call of the contract and of the sandbox', async () => {
  const { body } = await callTeg(A, 'GET', '/openapi.json');
  const paths = Object.keys(body.paths as Readonly<Record<string, unknown>>);
  expect(paths).toEqual(
    expect.arrayContaining([
      '/teg/info',
      '/teg/transfer',
      '/teg/cross-registry-transfer',
      '/teg/transfers/{transfer_id}',
      '/teg/transfers',
      '/teg/agents/{agent_id}/balance',
      '/teg/agents/{agent_id}/revoke',
      '/teg/agents',
      '/teg/issue',
      '/teg/destroy',
      '/teg/supply-snapshot',
      '/teg/peer/prepares',
      '/oracle/transfers/{transfer_id}',
      '/oracle/transfers',
      '/oracle/faults',
      '/control/leaks',
      '/control/faults',
    ]),
  );
});

describe('the oracle', () => {
  const ask = (path: string) => callTeg(A, 'GET', path, { token: platform.tokens.oracle });

  test('tells what a transfer really did', async () => {
    const call = { backend: 'intra', from: 'A1/1', to: 'A1/2', amount: '2', memo: 'true' };
    const { body } = await sendTransfer(platform, call);
    const told = JSON.parse(
      platform.alias(JSON.stringify((await ask(`/oracle/transfers/${body.transfer_id}`)).body)),
    );
    expect(told).toMatchObject({
      transfer_id: body.transfer_id,
      outgoing: {
        status: 'settled',
        sender: 'A1/1',
        receiver: 'A1/2',
        amount: '2.000000',
        fee: '0.002000',
        memo: 'true',
      },
      incoming: null,
      entries: [
        {
          kind: 'transfer',
          postings: expect.arrayContaining([
            { account: 'A1/1', amount: '-2.002000' },
            { account: 'A1/2', amount: '2.000000' },
            { account: 'treasury/A', amount: '0.002000' },
          ]),
        },
      ],
      events: [{ event_type: 'TokensTransferred' }, { event_type: 'TransactionFeeCollected' }],
      faults: [],
    });
    expect((await ask('/oracle/transfers/nothing')).status).toBe(404);
  });

  test('lists the transfers of both sides since a time, page by page', async () => {
    const since = new Date().toISOString();
    const sent: string[] = [];
    for (const from of ['A1/1', 'A1/2', 'B1/1']) {
      const { body } = await sendTransfer(platform, { backend: '2pc', from, to: 'A2/1' });
      sent.push(body.transfer_id);
    }
    const ids = ({ body }: Awaited<ReturnType<typeof ask>>) =>
      (body.transfers as { transfer_id: string }[]).map((transfer) => transfer.transfer_id);
    expect(ids(await ask(`/oracle/transfers?since=${since}`))).toEqual(sent);
    const first = ids(await ask(`/oracle/transfers?since=${since}&limit=2`));
    expect(first).toEqual(sent.slice(0, 2));
    const rest = ids(await ask(`/oracle/transfers?since=${since}&after=${first[1]}`));
    expect(rest).toEqual(sent.slice(2));
  });
});
