// Background traffic against the real platform: two frames, three registries, PostgreSQL.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callJson } from '../../src/registry/json-call.js';
import type { RunningService } from '../../src/service/context.js';
import { startTeg } from '../../src/teg/teg.js';
import { startTraffic } from '../../src/traffic/traffic.js';
import { createRegistryPlatform, type RegistryPlatform } from '../registry/registry-platform.js';
import { eventually } from '../service/test-platform.js';

let platform: RegistryPlatform;
let traffic: RunningService;
let tegs: RunningService[];

beforeAll(async () => {
  platform = await createRegistryPlatform({ opaEnabled: true });
  const { context, topology, ids } = platform;
  const rates = {
    transfersPerSecond: 10,
    registryActionsPerSecond: 20,
    economyActionsPerSecond: 20,
  };
  traffic = await startTraffic({ ...context, topology: { ...topology, traffic: rates } });
  // Traffic was there first: everything that it needs is away.
  await counted('transfer_(intra|async|2pc)', 'no_answer', 1);
  tegs = await Promise.all(topology.frames.map(({ id }) => startTeg(context, id)));
  for (const id of Object.values(ids)) await platform.startRegistry(id);
});

afterAll(async () => {
  await traffic?.close();
  await Promise.all((tegs ?? []).map((teg) => teg.close()));
  await platform?.remove();
});

async function count(action: string, result: string): Promise<number> {
  const text = await (await fetch(`${traffic.url}/metrics`)).text();
  const sample = new RegExp(
    `^traffic_requests_total\\{action="(?:${action})",result="${result}"\\} (?<value>\\d+)$`,
    'gm',
  );
  return [...text.matchAll(sample)].reduce((sum, match) => sum + Number(match.groups?.value), 0);
}

/** Waits until an action has had that result so often. */
const counted = (action: string, result: string, times: number) =>
  eventually(async () => ((await count(action, result)) >= times ? true : undefined), 60_000);

const control = (body: object, token = platform.tokens.control) =>
  callJson({
    ...{ method: 'POST', url: `${traffic.url}/control/traffic`, token, body },
    timeoutMs: 5_000,
  });

describe('users', () => {
  test.each(['transfer_intra', 'transfer_async', 'transfer_2pc'])('pay by %s', async (action) => {
    await counted(action, 'ok', 3);
  });

  test.each([
    ['propose', 'ok'],
    ['vote', 'ok'],
    ['open_dispute', 'ok'],
    ['move_dispute', 'ok'],
    ['opa_check', 'ok'],
    ['enrol_guest', 'ok'],
    ['fund_guest', 'ok'],
    ['revoke_guest', 'ok'],
    ['pay_while_revoked', 'refused'],
    ['restore_guest', 'ok'],
    ['stake', 'ok'],
    ['offer_a2a', 'ok'],
    ['accept_a2a', 'ok'],
    ['redeem_a2a', 'ok'],
    ['cancel_a2a', 'ok'],
  ])('%s, and are answered %s', async (action, result) => {
    await counted(action, result, 1);
  });

  test('are never refused what they may do, and never paid while revoked', async () => {
    expect(await count('pay_while_revoked', 'ok')).toBe(0);
    // A vote may be refused: the proposal can end between the look and the vote.
    expect(
      await count('propose|open_dispute|move_dispute|enrol_guest|stake|offer_a2a', 'refused'),
    ).toBe(0);
    expect(await count('transfer_(intra|async|2pc)', 'refused')).toBe(0);
  });
});

describe('the rate', () => {
  test('needs the control token', async () => {
    expect(await control({ transfers_per_second: 1 }, platform.tokens.peer)).toMatchObject({
      status: 403,
    });
  });

  test('of transfers is changed while it runs; the other stays', async () => {
    expect(await control({ transfers_per_second: 0 })).toMatchObject({
      status: 200,
      body: {
        transfers_per_second: 0,
        registry_actions_per_second: 20,
        economy_actions_per_second: 20,
      },
    });
    const actions = 'transfer_(intra|async|2pc)';
    const sums = async () =>
      (await count(actions, 'ok')) +
      (await count(actions, 'unavailable')) +
      (await count(actions, 'no_answer'));
    // What was under way ends; from then on the figure stands while registry actions go on.
    let before = -1;
    await eventually(async () => {
      const now = await sums();
      const isStill = now === before;
      before = now;
      if (isStill) return true;
      const looks = await count('vote', 'ok');
      await counted('vote', 'ok', looks + 1);
      return undefined;
    });
    await control({ transfers_per_second: 10 });
    await counted('transfer_intra', 'ok', (await count('transfer_intra', 'ok')) + 1);
  });

  test.each([
    { transfers_per_second: -1 },
    { transfers_per_second: 'ten' },
    { transfers_per_hour: 1 },
  ])('%j is refused', async (body) => {
    expect(await control(body)).toMatchObject({
      status: 400,
      body: { error: { code: 'malformed_request' } },
    });
  });
});
