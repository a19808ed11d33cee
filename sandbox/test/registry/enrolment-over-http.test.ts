// Enrolment over HTTP with the real TEG beside it: away and back, revoked agents, orphans.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callJson } from '../../src/registry/json-call.js';
import type { RunningService } from '../../src/service/context.js';
import { eventually } from '../service/test-platform.js';
import {
  createRegistryClient,
  createRegistryPlatform,
  type RegistryClient,
  type RegistryPlatform,
} from './registry-platform.js';

let platform: RegistryPlatform;
let client: RegistryClient;
let registryId: string;

/** A platform of four agents for one group of cases. */
function usePlatform(): void {
  beforeAll(async () => {
    platform = await createRegistryPlatform();
    registryId = platform.ids.first;
    client = createRegistryClient(platform.topology, registryId);
  });
  afterAll(async () => {
    await platform?.remove();
  });
}

const GUEST_TOKEN = 'guest-1-pays-with-this';
const guestId = () => `${registryId}:guest-1`;
const admin = (path: string, body?: unknown) =>
  client.post(`/api/v1/${path}`, platform.tokens.admin, body);

const enrol = (agentId = guestId(), token = GUEST_TOKEN) =>
  admin('agents', {
    agent_id: agentId,
    token_sha256: createHash('sha256').update(token).digest('hex'),
  });

/** The gauges in one order: enrolled, revoked, entries, orphans, missing. */
async function gauges(): Promise<readonly number[]> {
  const names = [
    'ironhand_enrolled_agents',
    'ironhand_revoked_agents',
    'ironhand_spire_agent_entries',
    'ironhand_orphan_entries',
    'ironhand_missing_entries',
  ];
  const values = await Promise.all(names.map((name) => client.metric(name)));
  return values.map((value) => value ?? Number.NaN);
}

/** How the gauges differ from what they were at this call. */
async function watchGauges(): Promise<() => Promise<readonly number[]>> {
  const before = await gauges();
  return async () => (await gauges()).map((value, index) => value - (before[index] ?? 0));
}

const gaugesBecome = (expected: readonly number[]) =>
  eventually(async () => {
    const current = await gauges();
    return current.join() === expected.join() ? true : undefined;
  });

/** A payment at the TEG: its status and, where it is refused, the code. */
async function pay(teg: RunningService, sender: string, token: string): Promise<string> {
  const answer = await callJson({
    method: 'POST',
    url: `${teg.url}/teg/transfer`,
    token,
    headers: { 'idempotency-key': crypto.randomUUID() },
    body: { sender, receiver: `${registryId}:user-02`, amount: '0.01', memo: '' },
    timeoutMs: 5_000,
  });
  if (answer.kind === 'no_answer') return answer.message;
  const body = answer.body as { error?: { code: string } };
  return `${answer.status} ${body.error?.code ?? ''}`.trim();
}

describe('while the TEG is there', () => {
  usePlatform();
  let teg: RunningService;
  beforeAll(async () => {
    teg = await platform.startTeg();
    await platform.startRegistry(registryId);
    await gaugesBecome([4, 0, 4, 0, 0]);
  });

  test('a revoked agent cannot pay, and a restored one can again', async () => {
    const payer = `${registryId}:user-01`;
    const token = platform.tokens.agent(payer);
    const change = await watchGauges();
    expect(await pay(teg, payer, token)).toBe('201');
    const revoked = { status: 'revoked', spire_entry: null, teg: 'carried' };
    expect(await admin(`agents/${payer}/revoke`)).toMatchObject({ status: 200, body: revoked });
    expect(await pay(teg, payer, token)).toBe('403 agent_revoked');
    const proposal = { proposer: payer, title: 'Pay me' };
    expect(await client.post('/api/v1/governance/proposals', token, proposal)).toMatchObject({
      status: 403,
      body: { error: { code: 'agent_revoked' } },
    });
    expect(await change()).toEqual([-1, 1, -1, 0, 0]);
    expect(await admin(`agents/${payer}/restore`)).toMatchObject({
      status: 200,
      body: { status: 'enrolled', spire_entry: expect.stringContaining('/agent/user-01') },
    });
    expect(await pay(teg, payer, token)).toBe('201');
    expect(await change()).toEqual([0, 0, 0, 0, 0]);
  });

  test('an enrolled agent is known at the TEG with its token, and has a SPIRE entry', async () => {
    const change = await watchGauges();
    expect(await pay(teg, guestId(), GUEST_TOKEN)).toBe('404 unknown_agent');
    expect(await enrol()).toMatchObject({ status: 201, body: { status: 'enrolled' } });
    expect(await pay(teg, guestId(), GUEST_TOKEN)).toBe('402 insufficient_funds');
    expect(await change()).toEqual([1, 0, 1, 0, 0]);
  });

  const refusals: readonly (readonly [string, () => Promise<unknown>, number, string])[] = [
    ['revoking a stranger', () => admin('agents/nobody/revoke'), 404, 'unknown_agent'],
    [
      'restoring an enrolled agent',
      () => admin(`agents/${registryId}:user-01/restore`),
      409,
      'illegal_transition',
    ],
    ['enrolling one twice', () => enrol(`${registryId}:user-01`), 409, 'already_exists'],
    [
      'enrolling one of another registry',
      () => enrol(`${platform.ids.second}:guest-1`),
      400,
      'wrong_topology',
    ],
    [
      'enrolling without the admin token',
      () => client.post(`/api/v1/agents/${registryId}:user-01/revoke`, platform.tokens.peer),
      403,
      'forbidden',
    ],
  ];
  test.each(refusals)('%s is refused', async (_name, act, status, code) => {
    expect(await act()).toMatchObject({ status, body: { error: { code } } });
  });

  test('entries that were changed by hand are orphans and missing until reconciled', async () => {
    const user = `${registryId}:user-01`;
    const ghost = `${registryId}:ghost`;
    const token = platform.tokens.admin;
    const change = await watchGauges();
    await client.remove(`/api/v1/spire/entries/${user}`, token);
    await admin('spire/entries', { agent_id: ghost });
    expect(await change()).toEqual([0, 0, 0, 1, 1]);
    expect(await client.get('/api/v1/spire/entries')).toMatchObject({
      body: { orphans: [ghost], missing: [user] },
    });
    expect(await admin('spire/reconcile')).toMatchObject({
      body: { created: [user], removed: [ghost], retried: [] },
    });
    expect(await change()).toEqual([0, 0, 0, 0, 0]);
  });

  test('what the TEG refuses for good is shown, and a reconciliation tries it again', async () => {
    // The token belongs to another agent already, which the TEG does not allow.
    const taken = platform.tokens.agent(`${registryId}:user-01`);
    const change = await watchGauges();
    const agentId = `${registryId}:guest-2`;
    expect(await enrol(agentId, taken)).toMatchObject({
      status: 202,
      body: { teg: 'refused', teg_error: expect.stringContaining('already_exists') },
    });
    expect(await change()).toEqual([1, 0, 0, 0, 1]);
    expect(await admin('spire/reconcile')).toMatchObject({
      body: { created: [], retried: [agentId] },
    });
  });
});

describe('while the TEG has not come yet', () => {
  usePlatform();
  test('changes wait in the outbox, over a restart, and are carried in order', async () => {
    const registry = await platform.startRegistry(registryId);
    expect(await gauges()).toEqual([4, 0, 0, 0, 4]);
    expect(await enrol()).toMatchObject({
      status: 202,
      body: { status: 'enrolled', spire_entry: null, teg: 'pending' },
    });
    expect(await admin(`agents/${guestId()}/revoke`)).toMatchObject({ status: 202 });
    await registry.close();
    await platform.startRegistry(registryId);
    expect(await gauges()).toEqual([4, 1, 0, 0, 4]);
    const teg = await platform.startTeg();
    await gaugesBecome([4, 1, 4, 0, 0]);
    await eventually(async () => {
      const answer = await client.get(`/api/v1/agents/${guestId()}`);
      return (answer as { body: { teg: string } }).body.teg === 'carried' ? true : undefined;
    });
    expect(await pay(teg, guestId(), GUEST_TOKEN)).toBe('403 agent_revoked');
  });
});

describe('while the TEG is away', () => {
  usePlatform();
  test('a revocation leaves an orphan until the TEG is back', async () => {
    const teg = await platform.startTeg();
    await platform.startRegistry(registryId);
    await gaugesBecome([4, 0, 4, 0, 0]);
    await teg.close();
    expect(await admin(`agents/${registryId}:user-01/revoke`)).toMatchObject({ status: 202 });
    expect(await gauges()).toEqual([3, 1, 4, 1, 0]);
    await platform.startTeg();
    await gaugesBecome([3, 1, 3, 0, 0]);
  });
});
