// Votes that weigh by veToken, and how much is going on in a registry: against a real TEG, and
// against the oracle's own count.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callJson } from '../../src/registry/json-call.js';
import { tegUrl } from '../../src/topology.js';
import { eventually } from '../service/test-platform.js';
import {
  createRegistryClient,
  createRegistryPlatform,
  type RegistryClient,
  type RegistryPlatform,
} from './registry-platform.js';

const PROPOSALS = '/api/v1/governance/proposals';
const HOUR_MS = 3_600_000;

let platform: RegistryPlatform;
let client: RegistryClient;
let teg: { close(): Promise<void> };

beforeAll(async () => {
  platform = await createRegistryPlatform();
  teg = await platform.startTeg();
  await platform.startRegistry(platform.ids.first);
  client = createRegistryClient(platform.topology, platform.ids.first);
});
afterAll(() => platform.remove());

const idOf = (number: number) => `${platform.ids.first}:user-0${number}`;
const tokenOf = (number: number) => platform.tokens.agent(idOf(number));

async function stake(number: number, amount: string): Promise<void> {
  const [frame] = platform.topology.frames;
  const answer = await callJson({
    ...{ method: 'POST', url: `${tegUrl(platform.topology, frame?.id ?? '')}/teg/stake` },
    ...{ token: tokenOf(number), timeoutMs: 10_000 },
    body: { account: idOf(number), amount, lock_ms: HOUR_MS },
  });
  expect(answer).toMatchObject({ status: 201 });
}

interface Proposal {
  readonly proposal_id: string;
  readonly status: string;
  readonly weighed_by: string;
  readonly tally: { readonly total: number };
}

async function propose(fields: Readonly<Record<string, unknown>> = {}) {
  const body = { proposer: idOf(1), title: 'Lower the fee', ...fields };
  return (await client.post(PROPOSALS, tokenOf(1), body)) as { status: number; body: Proposal };
}

const vote = async (id: string, number: number, choice: string) =>
  (
    (await client.post(`${PROPOSALS}/${id}/votes`, tokenOf(number), {
      ...{ voter: idOf(number), choice },
    })) as { body: Proposal }
  ).body;

test('where nobody has staked, votes weigh by enrolment', async () => {
  const { body } = await propose();
  expect(body).toMatchObject({ weighed_by: 'enrolment', tally: { total: 6 } });
});

test('whoever has staked most decides, however little enrolment gave', async () => {
  await stake(1, '30');
  await stake(2, '10');
  const { body } = await propose();
  expect(body.weighed_by).toBe('ve');
  // An hour's lock of an hour at most: all but what has passed since, in thousandths of a veToken.
  expect(body.tally.total).toBeLessThanOrEqual(40_000);
  expect(body.tally.total).toBeGreaterThan(39_000);
  expect((await vote(body.proposal_id, 2, 'against')).status).toBe('open');
  expect((await vote(body.proposal_id, 1, 'for')).status).toBe('passed');
});

test('who has nothing staked has no vote then', async () => {
  const { body } = await propose();
  const answer = await client.post(`${PROPOSALS}/${body.proposal_id}/votes`, tokenOf(3), {
    ...{ voter: idOf(3), choice: 'for' },
  });
  expect(answer).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } });
});

test('the summaries count every status and phase, and the oracle counts the same', async () => {
  const short = (await propose({ duration_ms: 100 })).body.proposal_id;
  await eventually(async () => {
    const answer = await client.get(`${PROPOSALS}/${short}`);
    return (answer as { body: Proposal }).body.status === 'expired' || undefined;
  });
  const dispute = (await client.post('/api/v1/disputes', tokenOf(1), {
    ...{ claimant: idOf(1), respondent: idOf(2), reason: 'the goods never came' },
  })) as { body: { dispute_id: string } };
  await client.post(`/api/v1/disputes/${dispute.body.dispute_id}/dismiss`, platform.tokens.admin);
  await client.post('/api/v1/disputes', tokenOf(2), {
    ...{ claimant: idOf(2), respondent: idOf(1), reason: 'nor did mine' },
  });
  const governance = (await client.get('/api/v1/governance/summary')) as { body: Governance };
  const disputes = (await client.get('/api/v1/disputes/summary')) as { body: Disputes };
  expect(governance.body.proposals).toEqual([
    { status: 'open', proposals: 2 },
    { status: 'passed', proposals: 1 },
    { status: 'rejected', proposals: 0 },
    { status: 'expired', proposals: 1 },
  ]);
  // Two were decided: in one all weight was cast, in the other none.
  const { cast, total, ratio } = governance.body.turnout;
  expect(cast).toBeGreaterThan(39_000);
  expect(total).toBeLessThanOrEqual(2 * cast);
  expect(ratio).toBeCloseTo(cast / total, 4);
  expect(disputes.body.disputes).toEqual([
    { phase: 'opened', disputes: 1 },
    { phase: 'evidence', disputes: 0 },
    { phase: 'voting', disputes: 0 },
    { phase: 'resolved', disputes: 0 },
    { phase: 'dismissed', disputes: 1 },
  ]);
  const told = await callJson({
    ...{ url: `${client.url}/oracle/business`, token: platform.tokens.oracle, timeoutMs: 10_000 },
  });
  expect(told).toMatchObject({
    body: {
      proposals: governance.body.proposals,
      turnout: governance.body.turnout,
      disputes: disputes.body.disputes,
    },
  });
});

interface Governance {
  readonly proposals: unknown;
  readonly turnout: { readonly cast: number; readonly total: number; readonly ratio: number };
}

interface Disputes {
  readonly disputes: unknown;
}

test('while the TEG is away nothing is proposed', async () => {
  await teg.close();
  expect(await propose()).toMatchObject({ status: 503, body: { error: { code: 'unavailable' } } });
});
