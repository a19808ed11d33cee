// Staking: tokens that lie apart and still circulate, the lock that holds them, the fault that
// breaks it, and what a stake is worth as votes.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Stake, votingPowerOf } from '../../src/teg/stake-rules.js';
import { expectBooksClosed } from './books.js';
import { changeStake, readStake, type StakeCall } from './stake-client.js';
import { availableIn, callTeg, untilQuiet } from './teg-client.js';
import { startTegPlatform, type TegPlatform, type TestTeg } from './teg-platform.js';

const LOCK_MS = 60_000;

let platform: TegPlatform;
let A: TestTeg;
beforeAll(async () => {
  platform = await startTegPlatform({ topology: { staking: { maxLockMs: 10 * LOCK_MS } } });
  A = platform.tegs.A;
});
afterAll(() => platform.remove());

const stake = (call: Partial<StakeCall> & Pick<StakeCall, 'agent'>) =>
  changeStake(platform, 'stake', { amount: '10', lockMs: LOCK_MS, ...call });
const unstake = (agent: string, amount: string) =>
  changeStake(platform, 'unstake', { agent, amount });
const staking = async () => (await callTeg(A, 'GET', '/teg/staking')).body;
const lastEvent = async (type: string) => {
  await untilQuiet(platform);
  return A.published.filter((event) => event.event_type === type).at(-1);
};

test('a stake moves tokens to an account of its class, and says so', async () => {
  const before = await availableIn(platform, 'A1/1');
  const answer = await stake({ agent: 'A1/1', amount: '12.5' });
  expect([answer.status, answer.body.staked]).toEqual([201, '12.500000']);
  expect((await availableIn(platform, 'A1/1')) - before).toBe(-12_500_000n);
  const account = `stake/${A.frame}/${platform.id('A1/1')}`;
  expect(await A.query('SELECT class FROM accounts WHERE account = $1', [account])).toEqual([
    { class: 'stake' },
  ]);
  expect(await lastEvent('TokensStaked')).toMatchObject({
    transfer_id: null,
    backend: null,
    source_frame: A.frame,
    data: {
      account: platform.id('A1/1'),
      stake_account: account,
      amount: '12.500000',
      unlock_at: answer.body.unlock_at,
    },
  });
  expect(await staking()).toMatchObject({ total_value_locked: '12.500000', stakers: 1 });
});

test('what is locked is not given back, and never more than is staked', async () => {
  await stake({ agent: 'A1/2' });
  const early = await unstake('A1/2', '10');
  expect([early.status, early.body.error?.code]).toEqual([409, 'stake_locked']);
  platform.advance(LOCK_MS);
  const tooMuch = await unstake('A1/2', '10.000001');
  expect([tooMuch.status, tooMuch.body.error?.code]).toEqual([402, 'insufficient_funds']);
  expect((await unstake('A1/2', '4')).body.staked).toBe('6.000000');
  expect(await lastEvent('TokensUnstaked')).toMatchObject({ data: { amount: '4.000000' } });
  expect((await unstake('A1/2', '6')).body.staked).toBe('0.000000');
  await expectBooksClosed(platform);
});

test('a further stake never shortens the lock', async () => {
  const long = (await stake({ agent: 'A2/1', lockMs: 3 * LOCK_MS })).body.unlock_at;
  expect((await stake({ agent: 'A2/1', lockMs: 1 })).body.unlock_at).toBe(long);
  const longer = (await stake({ agent: 'A2/1', lockMs: 4 * LOCK_MS })).body.unlock_at;
  expect(Date.parse(String(longer))).toBeGreaterThan(Date.parse(String(long)));
});

test('the fault unlock_early breaks the lock, and the event shows it', async () => {
  await stake({ agent: 'A2/2' });
  A.faults.add({ kind: 'unlock_early', count: 1, sender: platform.id('A2/2') });
  expect((await unstake('A2/2', '1')).status).toBe(201);
  const event = await lastEvent('TokensUnstaked');
  expect(Date.parse(String(event?.data.unlock_at))).toBeGreaterThan(
    Date.parse(event?.committed_at ?? ''),
  );
  expect((await unstake('A2/2', '1')).status).toBe(409);
  const { body } = await callTeg(A, 'GET', '/oracle/faults?limit=1000', {
    token: platform.tokens.oracle,
  });
  expect((body.faults as { kind: string }[]).map(({ kind }) => kind)).toEqual(['unlock_early']);
});

test.each([
  [{ agent: 'A1/1', amount: '100000' }, 402, 'insufficient_funds'],
  [{ agent: 'A1/1', amount: '0' }, 400, 'malformed_amount'],
  [{ agent: 'A1/1', lockMs: 0 }, 400, 'malformed_request'],
  [{ agent: 'A1/1', tokenOf: 'A1/2' }, 403, 'forbidden'],
  [{ agent: 'A1/nobody' }, 404, 'unknown_agent'],
])('to stake %j is refused with %i %s', async (call, status, code) => {
  const answer = await stake(call);
  expect([answer.status, answer.body.error?.code]).toEqual([status, code]);
});

test('a revoked agent neither stakes nor takes back', async () => {
  const change = (verb: string) =>
    callTeg(A, 'POST', `/teg/agents/${platform.id('A1/1')}/${verb}`, {
      token: platform.tokens.admin,
    });
  await change('revoke');
  expect((await stake({ agent: 'A1/1' })).body.error?.code).toBe('agent_revoked');
  expect((await unstake('A1/1', '1')).body.error?.code).toBe('agent_revoked');
  await change('restore');
  expect((await stake({ agent: 'A1/1' })).status).toBe(201);
});

describe('voting power', () => {
  const MAX_LOCK_MS = 1_000;
  const cases: readonly (readonly [Stake, number, bigint])[] = [
    [{ staked: 1_000n, unlockAtMs: 1_000 }, 0, 1_000n],
    [{ staked: 1_000n, unlockAtMs: 5_000 }, 0, 1_000n],
    [{ staked: 1_000n, unlockAtMs: 1_000 }, 750, 250n],
    [{ staked: 3n, unlockAtMs: 500 }, 0, 1n],
    [{ staked: 1_000n, unlockAtMs: 1_000 }, 1_000, 0n],
    [{ staked: 1_000n, unlockAtMs: 1_000 }, 9_999, 0n],
  ];
  test.each(cases)('of %o at %i ms is %i', (of, atMs, power) => {
    expect(votingPowerOf(of, atMs, MAX_LOCK_MS)).toBe(power);
  });

  test('is told for the agents of one registry, and falls while the lock runs out', async () => {
    const path = `/teg/voting-power?registry=${platform.id('B1/1').split(':')[0]}`;
    const powers = async () =>
      (await callTeg(platform.tegs.B, 'GET', path)).body.voting_power as {
        agent_id: string;
        voting_power: string;
      }[];
    await changeStake(platform, 'stake', { agent: 'B1/1', amount: '8', lockMs: 10 * LOCK_MS });
    platform.advance(5 * LOCK_MS);
    const [half] = await powers();
    expect(half?.agent_id).toBe(platform.id('B1/1'));
    // Half a lock is left, less what real time has passed.
    expect(Number(half?.voting_power)).toBeLessThanOrEqual(4);
    expect(Number(half?.voting_power)).toBeGreaterThan(3);
    platform.advance(5 * LOCK_MS);
    expect((await powers())[0]?.voting_power).toBe('0.000000');
    expect((await readStake(platform, 'B1/1')).staked).toBe('8.000000');
  });

  test('of a registry of another frame is not known here', async () => {
    const registry = platform.id('B1/1').split(':')[0];
    const answer = await callTeg(A, 'GET', `/teg/voting-power?registry=${registry}`);
    expect([answer.status, answer.body.error?.code]).toEqual([400, 'wrong_topology']);
  });
});

test('the books close with stakes in them', async () => {
  await expectBooksClosed(platform);
});
