// A2A tokens: every drawn step and every one that is not, where the AVT lies in each state, and
// the oracle's account of business numbers.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { A2aState } from '../../src/names.js';
import { A2A_ENDS, A2A_STEPS, type A2aStep, refuseStep } from '../../src/teg/a2a-rules.js';
import { type A2aAction, type A2aCall, stepA2a, tokenIdOf } from './a2a-client.js';
import { expectBooksClosed } from './books.js';
import { changeStake } from './stake-client.js';
import { availableIn, callTeg, eventually, sendTransfer, untilQuiet } from './teg-client.js';
import { startTegPlatform, type TegPlatform, type TestTeg } from './teg-platform.js';

let platform: TegPlatform;
let A: TestTeg;
beforeAll(async () => {
  platform = await startTegPlatform({ topology: { sweepIntervalMs: 50 } });
  A = platform.tegs.A;
});
afterAll(() => platform.remove());

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

let lastNumber = 0;
const newToken = (call: Partial<A2aCall> = {}): A2aCall => {
  lastNumber += 1;
  return { number: lastNumber, issuer: 'A1/1', holder: 'A2/1', lifetimeMs: DAY_MS, ...call };
};
const take = (action: A2aAction, token: A2aCall, as?: string) =>
  stepA2a(platform, action, token, as);
const stateOf = async ({ number }: A2aCall) =>
  (await callTeg(A, 'GET', `/teg/a2a-tokens/${tokenIdOf(number)}`)).body.state;
const untilState = (token: A2aCall, state: A2aState) =>
  eventually(async () => (await stateOf(token)) === state, `token ${token.number} is ${state}`);

describe('the drawing', () => {
  const legal: Readonly<Record<A2aStep, readonly A2aState[]>> = {
    accept: ['offered'],
    redeem: ['accepted'],
    cancel: ['offered'],
    expire: ['offered', 'accepted'],
  };
  const states: readonly A2aState[] = ['offered', 'accepted', 'redeemed', 'cancelled', 'expired'];
  const cases = A2A_STEPS.flatMap((step) => states.map((state) => [step, state] as const));

  test.each(cases)('%s from %s', (step, state) => {
    const atMs = step === 'expire' ? 10 : 0;
    const mayPass = refuseStep({ state, expiresAtMs: 10 }, step, atMs) === undefined;
    expect(mayPass).toBe(legal[step].includes(state));
  });

  test('has three ends', () => {
    expect(A2A_ENDS).toEqual(['redeemed', 'cancelled', 'expired']);
  });

  test.each([
    ['accept', 10, false],
    ['redeem', 10, false],
    ['cancel', 10, true],
    ['expire', 9, false],
  ] as const)('%s at %i ms of a token that ends at 10: %s', (step, atMs, mayPass) => {
    const state = step === 'redeem' ? 'accepted' : 'offered';
    expect(refuseStep({ state, expiresAtMs: 10 }, step, atMs) === undefined).toBe(mayPass);
  });
});

/** What issuer and holder have gained after these steps, in base units. */
async function check(steps: readonly A2aAction[], ends: A2aState, gains: readonly bigint[]) {
  const token = newToken(ends === 'expired' ? { lifetimeMs: MINUTE_MS } : {});
  const balances = () =>
    Promise.all([token.issuer, token.holder].map((agent) => availableIn(platform, agent)));
  const before = await balances();
  for (const step of steps) expect((await take(step, token)).status).toBeLessThan(300);
  if (ends === 'expired') platform.advance(MINUTE_MS);
  await untilState(token, ends);
  const after = await balances();
  expect(after.map((balance, index) => balance - (before[index] ?? 0n))).toEqual(gains);
  await untilQuiet(platform);
  const events = A.published.filter(({ data }) => data.token_id === tokenIdOf(token.number));
  return events.map(({ event_type: type, data }) => [type, data.from_state, data.to_state]);
}

describe('a life', () => {
  const ESCROWED = ['A2ATokenEscrowed', undefined, undefined];
  const released = (from: string, to: string) => ['A2ATokenReleased', from, to];

  test.each([
    [['offer'], 'offered', [-5_000_000n, 0n], [ESCROWED]],
    [['offer', 'accept'], 'accepted', [-5_000_000n, 0n], [ESCROWED]],
    [
      ['offer', 'accept', 'redeem'],
      'redeemed',
      [-5_000_000n, 5_000_000n],
      [ESCROWED, released('accepted', 'redeemed')],
    ],
    [['offer', 'cancel'], 'cancelled', [0n, 0n], [ESCROWED, released('offered', 'cancelled')]],
  ] as const)('%j ends %s', async (steps, ends, gains, events) => {
    expect(await check(steps, ends, gains)).toEqual(events);
  });

  test.each([
    [['offer'], 'offered'],
    [['offer', 'accept'], 'accepted'],
  ] as const)('%j and its end comes', async (steps, from) => {
    const events = await check(steps, 'expired', [0n, 0n]);
    expect(events).toEqual([ESCROWED, released(from, 'expired')]);
  });
});

test('offered twice under one id it is escrowed once; other content is refused', async () => {
  const token = newToken();
  expect((await take('offer', token)).status).toBe(201);
  const before = await availableIn(platform, 'A1/1');
  expect((await take('offer', token)).status).toBe(200);
  const other = await take('offer', { ...token, amount: '6' });
  expect([other.status, other.body.error?.code]).toEqual([409, 'already_exists']);
  expect(await availableIn(platform, 'A1/1')).toBe(before);
});

test.each([
  ['accept', 'A1/1', 403, 'forbidden'],
  ['cancel', 'A2/1', 403, 'forbidden'],
  ['redeem', 'A2/1', 409, 'illegal_transition'],
] as const)(
  '%s by %s of an offered token is refused with %i %s',
  async (step, as, status, code) => {
    const token = newToken();
    await take('offer', token);
    const answer = await take(step, token, as);
    expect([answer.status, answer.body.error?.code]).toEqual([status, code]);
  },
);

test.each([
  [{ amount: '100000' }, 402, 'insufficient_funds'],
  [{ holder: 'B1/1' }, 404, 'unknown_agent'],
  [{ holder: 'A1/1' }, 400, 'malformed_request'],
  [{ amount: '0' }, 400, 'malformed_amount'],
])('to offer %j is refused with %i %s', async (call, status, code) => {
  const answer = await take('offer', newToken(call));
  expect([answer.status, answer.body.error?.code]).toEqual([status, code]);
});

test('illegal_a2a_step lets a step pass that is not drawn, and the event shows it', async () => {
  const token = newToken();
  await take('offer', token);
  A.faults.add({ kind: 'illegal_a2a_step', count: 1 });
  expect((await take('redeem', token)).body.state).toBe('redeemed');
  await untilQuiet(platform);
  const event = A.published.filter(({ data }) => data.token_id === tokenIdOf(token.number)).at(-1);
  expect(event?.data).toMatchObject({ from_state: 'offered', to_state: 'redeemed' });
});

test('the summary counts every state, and the oracle agrees with it', async () => {
  await changeStake(platform, 'stake', { agent: 'A1/2', amount: '3' });
  const canary = { backend: 'intra', from: 'A1/1', to: 'A1/2', amount: '10', memo: 'canary-9' };
  await sendTransfer(platform, canary);
  await sendTransfer(platform, { ...canary, memo: 'coffee', amount: '20' });
  const { body: summary } = await callTeg(A, 'GET', '/teg/a2a-tokens/summary');
  const { body: told } = await callTeg(A, 'GET', '/oracle/business', {
    token: platform.tokens.oracle,
  });
  expect(told.a2a).toEqual(summary.states);
  expect(told.escrowed).toBe(summary.escrowed);
  const counts = summary.states as readonly { state: A2aState; tokens: number }[];
  expect(counts.every(({ tokens }) => tokens > 0)).toBe(true);
  expect(counts.reduce((sum, { tokens }) => sum + tokens, 0)).toBeGreaterThan(8);
  expect(told).toMatchObject({
    total_value_locked: '3.000000',
    fees_collected: [
      { traffic: 'canary', amount: '0.010000' },
      { traffic: 'user', amount: '0.020000' },
    ],
    transfers: [
      ...['user', 'canary'].map((traffic) => ({
        ...{ backend: 'intra', status: 'settled', traffic, transfers: 1 },
        amount: traffic === 'user' ? '20.000000' : '10.000000',
      })),
    ],
  });
  await expectBooksClosed(platform);
});
