// The token supply: issuing and destroying, the consistent cut while money moves, what a leak
// looks like, and the accounts a TEG starts with.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectBooksClosed, expectSnapshotExplained } from './books.js';
import { availableIn, callTeg, sendTransfer, untilQuiet } from './teg-client.js';
import { startTegPlatform, type TegPlatform, type TestTeg } from './teg-platform.js';

let platform: TegPlatform;
let A: TestTeg;
beforeAll(async () => {
  platform = await startTegPlatform();
  A = platform.tegs.A;
});
afterAll(() => platform.remove());

const snapshot = async (teg: TestTeg = A, buckets = 16) =>
  (await callTeg(teg, 'GET', `/teg/supply-snapshot?buckets=${buckets}`)).body;

describe('a supply snapshot', () => {
  test('has the fields of the contract', async () => {
    const before = Date.now();
    const body = await snapshot(A, 2);
    expect(body).toMatchObject({
      frame: A.frame,
      producer: `teg-${A.frame.toLowerCase()}`,
      totals: { circulating: '4000.000000', in_transit: '0.000000', issuance: '-4000.000000' },
      buckets: [{ bucket: 0 }, { bucket: 1 }],
      unclassed: [],
    });
    expect(Math.abs(Date.parse(String(body.clock)) - before)).toBeLessThan(60_000);
    expect(body.marker_position).toBe(Number(body.position) + 1);
  });

  test('is followed by a marker event that names its position', async () => {
    const { position, marker_position: markerPosition } = await snapshot();
    await untilQuiet(platform);
    const marker = A.published.find((event) => event.position === markerPosition);
    expect(marker).toMatchObject({
      event_type: 'SupplyMarker',
      transfer_id: null,
      backend: null,
      data: { snapshot_position: position },
    });
  });

  test('weighs each account by the first 8 bytes of its sha256', async () => {
    const rows = await A.query<{ account: string; weight: string }>('SELECT * FROM accounts');
    for (const { account, weight } of rows) {
      const digest = createHash('sha256').update(account).digest();
      expect(weight).toBe(digest.readBigUInt64BE(0).toString());
    }
    expect(rows.map((row) => row.account).filter((account) => account.includes('/')).length).toBe(
      4,
    );
  });

  test('is exactly explained by the events up to it, while transfers run', async () => {
    const routes = [
      ['intra', 'A1/1', 'A1/2'],
      ['async', 'A1/2', 'B1/1'],
      ['2pc', 'A2/1', 'B1/2'],
      ['2pc', 'B1/1', 'A2/2'],
      ['async', 'B1/2', 'A1/1'],
    ] as const;
    let areTransfersRunning = true;
    const worker = async ([backend, from, to]: (typeof routes)[number]) => {
      for (let sent = 0; sent < 12; sent += 1) {
        await sendTransfer(platform, { backend, from, to, amount: '0.123457' });
      }
    };
    const transfers = Promise.all(routes.map(worker)).finally(() => {
      areTransfersRunning = false;
    });
    let snapshots = 0;
    while (areTransfersRunning) {
      await Promise.all(
        Object.values(platform.tegs).map((teg) => expectSnapshotExplained(teg, 64)),
      );
      snapshots += 1;
    }
    await transfers;
    expect(snapshots).toBeGreaterThan(0);
    await expectBooksClosed(platform);
  });
});

describe('issue and destroy', () => {
  const change = (verb: string, account: string, amount = '5') =>
    callTeg(A, 'POST', `/teg/${verb}`, {
      token: platform.tokens.admin,
      body: { account, amount, reason: 'audit' },
    });

  test('change the balance and say so at the position they answer', async () => {
    const before = await availableIn(platform, 'A2/1');
    const issued = await change('issue', platform.id('A2/1'), '7.5');
    const destroyed = await change('destroy', platform.id('A2/1'), '2.25');
    expect([issued.status, destroyed.status]).toEqual([201, 201]);
    expect((await availableIn(platform, 'A2/1')) - before).toBe(5_250_000n);
    await untilQuiet(platform);
    const at = (position: unknown) => A.published.find((event) => event.position === position);
    expect(at(issued.body.position)).toMatchObject({
      event_type: 'TokensIssued',
      transfer_id: null,
      data: { account: platform.id('A2/1'), amount: '7.500000', reason: 'audit' },
    });
    expect(at(destroyed.body.position)?.event_type).toBe('TokensDestroyed');
  });

  test('reach the treasury', async () => {
    expect((await change('issue', `treasury/${A.frame}`)).status).toBe(201);
  });

  test.each([
    ['issue', 'A1:nobody', '5', 404, 'unknown_account'],
    ['issue', 'in-transit', '5', 404, 'unknown_account'],
    ['destroy', 'A2/1', '100000', 402, 'insufficient_funds'],
    ['issue', 'A2/1', '0', 400, 'malformed_amount'],
  ])('%s %s %s is refused with %i', async (verb, account, amount, status, code) => {
    const answer = await change(verb, platform.id(account), amount);
    expect([answer.status, answer.body.error?.code]).toEqual([status, code]);
  });
});

describe('agents', () => {
  const enrol = (agentId: string, token: string) =>
    callTeg(A, 'POST', '/teg/agents', {
      token: platform.tokens.admin,
      body: {
        agent_id: agentId,
        class: 'agent',
        token_sha256: createHash('sha256').update(token).digest('hex'),
      },
    });

  test('are enrolled once, and pay with the token they were enrolled with', async () => {
    const agent = platform.id('A1/new');
    expect((await enrol(agent, 'secret-1')).status).toBe(201);
    expect((await enrol(agent, 'secret-1')).status).toBe(200);
    await sendTransfer(platform, { backend: 'intra', from: 'A1/1', to: 'A1/new', amount: '3' });
    const back = { backend: 'intra', from: 'A1/new', to: 'A1/1', amount: '1' };
    expect((await sendTransfer(platform, { ...back, token: 'secret-1' })).status).toBe(201);
    expect((await sendTransfer(platform, { ...back, token: 'secret-2' })).status).toBe(401);
    expect((await enrol(agent, 'secret-2')).status).toBe(200);
    expect((await sendTransfer(platform, { ...back, token: 'secret-2' })).status).toBe(201);
  });

  test('enrolled again with the token that they have change nothing', async () => {
    const agent = platform.id('A1/1');
    const version = () => A.query('SELECT xmin FROM accounts WHERE account = $1', [agent]);
    const before = await version();
    expect((await enrol(agent, platform.tokens.agent(agent))).status).toBe(200);
    expect(await version()).toEqual(before);
  });

  test('of another frame, or with the token of another agent, are refused', async () => {
    const foreign = await enrol(platform.id('B1/new'), 'x');
    expect([foreign.status, foreign.body.error?.code]).toEqual([400, 'wrong_topology']);
    const taken = await enrol(platform.id('A1/thief'), platform.tokens.agent(platform.id('A1/1')));
    expect([taken.status, taken.body.error?.code]).toEqual([409, 'already_exists']);
  });

  test('have a balance; others have none', async () => {
    const path = `/teg/agents/${platform.id('A1/2')}/balance`;
    expect((await callTeg(A, 'GET', path)).body).toMatchObject({
      agent_id: platform.id('A1/2'),
      held: '0.000000',
      currency: 'AVT',
      status: 'active',
    });
    for (const other of ['A1:nobody', `treasury%2F${A.frame}`]) {
      expect((await callTeg(A, 'GET', `/teg/agents/${other}/balance`)).status).toBe(404);
    }
  });

  test('get their initial float once, however often the TEG starts', async () => {
    const before = await snapshot();
    await A.stop();
    await A.start();
    expect((await snapshot()).totals).toEqual(before.totals);
    const issued = A.published.filter((event) => event.data.reason === 'initial float');
    expect(issued).toHaveLength(4);
    expect(issued[0]?.data.amount).toBe('1000.000000');
  });
});

// Last in the file: after a leak the books of this platform are never right again.
describe('a leak', () => {
  const leak = (body: Readonly<Record<string, string>>) =>
    callTeg(A, 'POST', '/control/leaks', { token: platform.tokens.control, body });
  const leaks = [
    ['create', { account: 'A1/1' }, { circulating: 1, issuance: -1 }],
    ['destroy', { account: 'A1/1' }, { circulating: -1, issuance: 1 }],
    ['move', { account: 'A1/1', to: 'A1/2' }, {}],
  ] as const;

  test.each(leaks)(
    'that would %s tokens changes balances and writes no event',
    async (kind, accounts, change) => {
      const before = await snapshot();
      const named = Object.fromEntries(
        Object.entries(accounts).map(([field, alias]) => [field, platform.id(alias)]),
      );
      expect((await leak({ kind, ...named, amount: '0.000001' })).status).toBe(201);
      const after = await snapshot();
      expect(after.position).toBe(before.marker_position);
      const delta = (total: string) => units(after.totals, total) - units(before.totals, total);
      expect([delta('circulating'), delta('issuance'), delta('in_transit')]).toEqual([
        BigInt('circulating' in change ? change.circulating : 0),
        BigInt('issuance' in change ? change.issuance : 0),
        0n,
      ]);
      expect(after.buckets).not.toEqual(before.buckets);
      const { body } = await callTeg(A, 'GET', '/oracle/faults?limit=1000', {
        token: platform.tokens.oracle,
      });
      const struck = (body.faults as { kind: string; detail: { leak: string } }[]).at(-1);
      expect(struck).toMatchObject({ kind: 'leak', detail: { leak: kind, amount: '0.000001' } });
    },
  );

  test('into an account that does not exist opens it without a class', async () => {
    await leak({ kind: 'create', account: 'ghost', amount: '2' });
    expect((await snapshot()).unclassed).toEqual(['ghost']);
  });

  test.each([
    [{ kind: 'destroy', account: 'A1/1', amount: '100000' }, 402],
    [{ kind: 'destroy', account: 'nowhere', amount: '1' }, 404],
    [{ kind: 'move', account: 'A1/1', amount: '1' }, 400],
    [{ kind: 'create', account: 'A1/1', amount: '-1' }, 400],
  ])('%j is refused with %i', async (body, status) => {
    expect((await leak({ ...body, account: platform.id(body.account) })).status).toBe(status);
  });
});

function units(totals: unknown, name: string): bigint {
  const amount = (totals as Readonly<Record<string, string>>)[name] ?? '';
  return BigInt(amount.replace('.', ''));
}
