// A registry on real PostgreSQL, over HTTP: governance, disputes, health, metrics, OpenAPI.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../service/test-platform.js';
import {
  createRegistryClient,
  createRegistryPlatform,
  type RegistryClient,
  type RegistryPlatform,
} from './registry-platform.js';

let platform: RegistryPlatform;
let client: RegistryClient;
let user: (number: number) => { readonly id: string; readonly token: string };

beforeAll(async () => {
  platform = await createRegistryPlatform();
  const { first } = platform.ids;
  await platform.startTeg();
  await platform.startRegistry(first);
  client = createRegistryClient(platform.topology, first);
  user = (number) => {
    const id = `${first}:user-0${number}`;
    return { id, token: platform.tokens.agent(id) };
  };
});

afterAll(async () => {
  await platform?.remove();
});

const PROPOSALS = '/api/v1/governance/proposals';

interface Proposal {
  readonly proposal_id: string;
  readonly status: string;
}

async function propose(fields: Readonly<Record<string, unknown>> = {}): Promise<Proposal> {
  const { id, token } = user(1);
  const body = { proposer: id, title: 'Lower the fee', ...fields };
  const answer = await client.post(PROPOSALS, token, body);
  expect(answer).toMatchObject({ status: 201, body: { status: 'open', votes: [] } });
  return (answer as { body: Proposal }).body;
}

const vote = (proposalId: string, number: number, choice: string) =>
  client.post(`${PROPOSALS}/${proposalId}/votes`, user(number).token, {
    voter: user(number).id,
    choice,
  });

const close = (proposalId: string) =>
  client.post(`${PROPOSALS}/${proposalId}/close`, platform.tokens.admin);

async function list(status: string): Promise<readonly Proposal[]> {
  const answer = await client.get(`${PROPOSALS}?status=${status}`);
  return (answer as { body: { proposals: readonly Proposal[] } }).body.proposals;
}

/** Asserts an answer in the contract's error form. */
function refused(answer: unknown, status: number, code: string): void {
  expect(answer).toMatchObject({ status, body: { error: { code } } });
}

describe('governance', () => {
  test('users vote with their weight, and the deciding vote closes the proposal', async () => {
    const { proposal_id: id } = await propose();
    expect(await vote(id, 1, 'against')).toMatchObject({ status: 201, body: { status: 'open' } });
    refused(await close(id), 409, 'illegal_transition');
    refused(await vote(id, 1, 'for'), 409, 'already_voted');
    expect(await vote(id, 3, 'for')).toMatchObject({
      status: 201,
      body: { status: 'open', tally: { for: 3, against: 1, abstain: 0, total: 6 } },
    });
    expect(await vote(id, 2, 'for')).toMatchObject({ status: 201, body: { status: 'passed' } });
    refused(await close(id), 409, 'illegal_transition');
    const votes = [
      { voter: user(1).id, choice: 'against', weight: 1 },
      { voter: user(2).id, choice: 'for', weight: 2 },
      { voter: user(3).id, choice: 'for', weight: 3 },
    ];
    expect(await client.get(`${PROPOSALS}/${id}`)).toMatchObject({ body: { votes } });
  });

  test('without a quorum a proposal expires by itself', async () => {
    const { proposal_id: id } = await propose({ duration_ms: 100 });
    await vote(id, 1, 'for');
    const expired = await eventually(async () => {
      return (await list('expired')).find((proposal) => proposal.proposal_id === id);
    });
    expect(expired).toMatchObject({ status: 'expired', closed_at: expect.any(String) });
    refused(await vote(id, 2, 'for'), 409, 'illegal_transition');
  });

  test('two votes of one agent at the same time count once', async () => {
    const { proposal_id: id } = await propose();
    const answers = await Promise.all([vote(id, 1, 'for'), vote(id, 1, 'against')]);
    const statuses = answers.map((answer) => (answer.kind === 'answer' ? answer.status : 0));
    expect(statuses.sort()).toEqual([201, 409]);
  });

  test('is shown by status, and * is all', async () => {
    await propose();
    const decided = await propose();
    await vote(decided.proposal_id, 3, 'against');
    await vote(decided.proposal_id, 2, 'against');
    const open = await list('open');
    expect(new Set(open.map((proposal) => proposal.status))).toEqual(new Set(['open']));
    const all = await list('*');
    expect(all.length).toBeGreaterThan(open.length);
    expect(all).toContainEqual(
      expect.objectContaining({ proposal_id: decided.proposal_id, status: 'rejected' }),
    );
    refused(await client.get(`${PROPOSALS}?status=lost`), 400, 'malformed_request');
  });

  test('another registry of the frame does not see it', async () => {
    const { proposal_id: id } = await propose();
    await platform.startRegistry(platform.ids.second);
    const second = createRegistryClient(platform.topology, platform.ids.second);
    refused(await second.get(`${PROPOSALS}/${id}`), 404, 'unknown_proposal');
    expect(await second.get(PROPOSALS)).toMatchObject({ body: { proposals: [] } });
  });
});

describe('who may act', () => {
  const cases: readonly (readonly [string, () => Promise<unknown>, number, string])[] = [
    [
      'nobody without a token',
      () => client.post(PROPOSALS, undefined, { proposer: user(1).id, title: 'x' }),
      401,
      'unauthenticated',
    ],
    [
      'no agent for another',
      () => client.post(PROPOSALS, user(2).token, { proposer: user(1).id, title: 'x' }),
      403,
      'forbidden',
    ],
    [
      'no unknown agent',
      () => client.post(PROPOSALS, user(1).token, { proposer: 'X1:user-01', title: 'x' }),
      404,
      'unknown_agent',
    ],
    [
      'no canary without a say',
      async () => {
        const canary = `${platform.ids.first}:canary-1`;
        const { proposal_id: id } = await propose();
        return client.post(`${PROPOSALS}/${id}/votes`, platform.tokens.agent(canary), {
          voter: canary,
          choice: 'for',
        });
      },
      403,
      'forbidden',
    ],
    [
      'only the admin closes',
      async () => client.post(`${PROPOSALS}/${(await propose()).proposal_id}/close`, user(1).token),
      403,
      'forbidden',
    ],
  ];
  test.each(cases)('%s', async (_name, act, status, code) => {
    refused(await act(), status, code);
  });
});

describe('disputes', () => {
  const open = async () => {
    const body = { claimant: user(1).id, respondent: user(2).id, reason: 'never arrived' };
    const answer = await client.post('/api/v1/disputes', user(1).token, body);
    expect(answer).toMatchObject({ status: 201, body: { phase: 'opened', steps: [] } });
    return (answer as { body: { dispute_id: string } }).body.dispute_id;
  };
  const move = (id: string, transition: string, by?: number) =>
    by === undefined
      ? client.post(`/api/v1/disputes/${id}/${transition}`, platform.tokens.admin)
      : client.post(`/api/v1/disputes/${id}/${transition}`, user(by).token, {
          by: user(by).id,
          note: 'see the receipt',
        });

  test('go through their phases, and every step is kept', async () => {
    const id = await open();
    refused(await move(id, 'resolve'), 409, 'illegal_transition');
    expect(await move(id, 'evidence', 1)).toMatchObject({ body: { phase: 'evidence' } });
    expect(await move(id, 'evidence', 2)).toMatchObject({ body: { phase: 'evidence' } });
    expect(await move(id, 'voting')).toMatchObject({ body: { phase: 'voting' } });
    refused(await move(id, 'evidence', 1), 409, 'illegal_transition');
    const resolved = await move(id, 'resolve');
    expect(resolved).toMatchObject({ status: 200, body: { phase: 'resolved' } });
    const { steps } = (resolved as { body: { steps: readonly unknown[] } }).body;
    expect(steps).toMatchObject([
      { transition: 'evidence', from: 'opened', to: 'evidence', by: user(1).id },
      { transition: 'evidence', from: 'evidence', to: 'evidence', by: user(2).id },
      { transition: 'voting', from: 'evidence', to: 'voting', by: 'admin' },
      { transition: 'resolve', from: 'voting', to: 'resolved', by: 'admin' },
    ]);
    refused(await move(id, 'dismiss'), 409, 'illegal_transition');
  });

  test('take evidence from their parties only, and only the admin dismisses', async () => {
    const id = await open();
    refused(await move(id, 'evidence', 3), 403, 'forbidden');
    refused(await move(id, 'dismiss', 1), 403, 'forbidden');
    refused(await move(id, 'forget'), 400, 'malformed_request');
    expect(await move(id, 'dismiss')).toMatchObject({ body: { phase: 'dismissed' } });
    expect(await client.get('/api/v1/disputes?phase=dismissed')).toMatchObject({
      body: { disputes: expect.arrayContaining([expect.objectContaining({ dispute_id: id })]) },
    });
  });
});

describe('the service', () => {
  test('says who it is', async () => {
    const { first } = platform.ids;
    expect(await client.get('/healthz')).toMatchObject({
      body: { status: 'ok', service: 'registry', registry: first, now: expect.any(String) },
    });
  });

  test('describes its routes', async () => {
    const { body } = (await client.get('/openapi.json')) as { body: { paths: object } };
    expect(Object.keys(body.paths)).toEqual(
      expect.arrayContaining([PROPOSALS, '/api/v1/disputes', '/api/v1/federation/peers']),
    );
    expect(Object.keys(body.paths)).not.toContain('/api/v1/opa/decisions');
  });

  test('has the http_* and ironhand_* families, and no opa_*', async () => {
    await client.get('/healthz');
    const text = await (await fetch(`${client.url}/metrics`)).text();
    const families = [...text.matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1]);
    expect(families).toEqual(
      expect.arrayContaining([
        'http_requests_total',
        'http_request_duration_seconds',
        'http_request_size_bytes',
        'http_response_size_bytes',
        'ironhand_enrolled_agents',
        'ironhand_revoked_agents',
        'ironhand_spire_agent_entries',
        'ironhand_orphan_entries',
        'ironhand_missing_entries',
      ]),
    );
    expect(text).not.toContain('opa_');
    expect(text).toMatch(/http_requests_total\{method="GET",route="\/healthz",status="200"\}/);
  });
});

describe('faults', () => {
  const add = (body: object) => client.post('/control/faults', platform.tokens.control, body);
  const clear = () => client.remove('/control/faults', platform.tokens.control);

  test('unavailable strikes the API and health, until it is cleared', async () => {
    expect(await add({ kind: 'unavailable' })).toMatchObject({ status: 201 });
    refused(await client.get(PROPOSALS), 503, 'unavailable');
    refused(await client.get('/healthz'), 503, 'unavailable');
    expect(await client.metric('ironhand_enrolled_agents')).toBe(4);
    await clear();
    expect(await client.get(PROPOSALS)).toMatchObject({ status: 200 });
  });

  test('slow answers all the same', async () => {
    expect(await add({ kind: 'slow', params: { delay_ms: 20 } })).toMatchObject({ status: 201 });
    expect(await client.get(PROPOSALS)).toMatchObject({ status: 200 });
    await clear();
  });

  test('that struck are told by the oracle, to its token alone', async () => {
    await add({ kind: 'slow', count: 1, params: { delay_ms: 1 } });
    await client.get(PROPOSALS);
    const ask = async (token: string) =>
      fetch(`${client.url}/oracle/faults?limit=1000`, {
        headers: { authorization: `Bearer ${token}` },
      });
    const told = (await (await ask(platform.tokens.oracle)).json()) as { faults: object[] };
    expect(told.faults.at(-1)).toMatchObject({ kind: 'slow', fault_id: expect.any(String) });
    expect((await ask(platform.tokens.control)).status).toBe(403);
  });

  test('of the TEG are refused here', async () => {
    refused(await add({ kind: 'omit_event' }), 400, 'malformed_request');
  });
});
