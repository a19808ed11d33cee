// The business metrics against the sandbox's own account: whatever happened there, the page says
// the same as the oracle, frame by frame, and what is away is not shown.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { SandboxFrame } from '../support/sandbox-service.js';
import { until } from '../support/until.js';
import { openProtocolWorld, type ProtocolWorld, pay, payAsCanary } from './protocol-world.js';

const businessSchema = z.object({
  transfers: z.array(
    z.object({
      ...{ backend: z.string(), status: z.string(), traffic: z.string() },
      ...{ transfers: z.number(), amount: z.string() },
    }),
  ),
  fees_collected: z.array(z.object({ traffic: z.string(), amount: z.string() })),
  total_value_locked: z.string(),
  escrowed: z.string(),
  a2a: z.array(z.object({ state: z.string(), tokens: z.number(), amount: z.string() })),
});

const registrySchema = z.object({
  proposals: z.array(z.object({ status: z.string(), proposals: z.number() })),
  turnout: z.object({ cast: z.number(), total: z.number(), ratio: z.number().nullable() }),
  disputes: z.array(z.object({ phase: z.string(), disputes: z.number() })),
});

type Series = ReadonlyMap<string, string>;

let world: ProtocolWorld;
let a: SandboxFrame;
let b: SandboxFrame;

beforeAll(async () => {
  world = await openProtocolWorld();
  [a, b] = world.frames;
  await payments();
  await economy();
  await governance();
});

afterAll(() => world.close());

async function payments(): Promise<void> {
  const memo = 'rent';
  await pay(world, { backend: 'intra', from: a, to: a, amount: '3.000001', memo });
  await pay(world, { backend: 'async', from: a, to: b, amount: '5.5', memo });
  await pay(world, { backend: '2pc', from: b, to: a, amount: '7.25', memo });
  await payAsCanary(world, { backend: 'intra', from: a, to: a, amount: '0.01' }, '10000');
  await payAsCanary(world, { backend: 'async', from: a, to: b, amount: '0.02' }, '20000');
  await payAsCanary(world, { backend: '2pc', from: a, to: b, amount: '0.04' }, '40000');
  await payAsCanary(world, { backend: '2pc', from: b, to: a, amount: '0.08' }, '80000');
  await world.post('admin', `${a.tegUrl}/teg/destroy`, {
    ...{ account: `${a.registry}:user-03`, amount: '1.5', reason: 'burnt' },
  });
}

async function economy(): Promise<void> {
  const [staker, holder] = [`${a.registry}:user-01`, `${a.registry}:user-02`];
  const stake = { account: staker, amount: '40', lock_ms: 3_600_000 };
  await world.post(`agent:${staker}`, `${a.tegUrl}/teg/stake`, stake);
  for (const amount of ['2', '3']) {
    const offer = { issuer: staker, holder, amount, lifetime_ms: 3_600_000 };
    const tokens = `${a.tegUrl}/teg/a2a-tokens`;
    await world.post(`agent:${staker}`, tokens, { ...offer, token_id: randomUUID() });
  }
  const last = await world.ask('admin', `${a.tegUrl}/teg/a2a-tokens?limit=1`);
  const [{ token_id: id } = { token_id: '' }] = z
    .object({ tokens: z.array(z.object({ token_id: z.string() })) })
    .parse(last).tokens;
  await world.post(`agent:${holder}`, `${a.tegUrl}/teg/a2a-tokens/${id}/accept`, {});
}

async function governance(): Promise<void> {
  const [proposer, other] = [`${a.registry}:user-01`, `${a.registry}:user-02`];
  const proposals = `${a.registryUrl}/api/v1/governance/proposals`;
  for (const title of ['decided', 'open']) {
    const proposal = await world.post('admin', proposals, { proposer, title });
    if (title === 'open') continue;
    const vote = { voter: proposer, choice: 'for' };
    await world.post('admin', `${proposals}/${proposal.proposal_id}/votes`, vote);
  }
  const dispute = { claimant: proposer, respondent: other, reason: 'late' };
  const disputes = `${a.registryUrl}/api/v1/disputes`;
  await world.post('admin', disputes, dispute);
  const moved = await world.post('admin', disputes, dispute);
  await world.post('admin', `${disputes}/${moved.dispute_id}/dismiss`, {});
}

async function businessOf(frame: SandboxFrame) {
  return businessSchema.parse(await world.ask('oracle', `${frame.tegUrl}/oracle/business`));
}

/** The series of one family with those labels, as the oracle's rows give them. */
function check(page: Series, name: string, labels: Record<string, string>, value: string): void {
  const text = Object.entries(labels).map(([label, one]) => `${label}="${one}"`);
  expect([name, labels, page.get(`${name}{${text.join(',')}}`)]).toEqual([name, labels, value]);
}

function sumOf(page: Series, name: string, fits: RegExp = /./): bigint {
  return [...page]
    .filter(([series]) => series.startsWith(`${name}{`) && fits.test(series))
    .reduce((sum, [, value]) => sum + microsOf(value), 0n);
}

/** The page's decimal text as base units, without a float on the way. */
function microsOf(text: string): bigint {
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
  const micros = BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
  return text.startsWith('-') ? -micros : micros;
}

describe('the page says what the oracle says', () => {
  test('transfers and fees, by whose they are', async () => {
    await until(async () => {
      const page = await world.page();
      for (const frame of world.frames) {
        const { fees_collected: fees, transfers } = await businessOf(frame);
        expect(transfers).not.toEqual([]);
        for (const { backend, status: result, traffic, transfers: count } of transfers) {
          expect(result).toBe('settled');
          const labels = { frame: frame.id, backend, result, traffic };
          check(page, 'protocol_transfers_total', labels, String(count));
        }
        for (const { amount, traffic } of fees) {
          const shown = page.get(
            `protocol_fees_collected_avt_total{frame="${frame.id}",traffic="${traffic}"}`,
          );
          expect(Number(shown)).toBeCloseTo(Number(amount), 9);
        }
      }
    });
  });

  test('the end of the log, and its canaries are our own to the last unit', async () => {
    await until(async () => {
      const page = await world.page();
      for (const frame of world.frames) {
        const { fees_collected: fees, transfers } = await businessOf(frame);
        for (const { amount, backend, traffic, transfers: count } of transfers) {
          const labels = { frame: frame.id, backend, traffic };
          check(page, 'protocol_recent_transfers', labels, String(count));
          check(page, 'protocol_recent_volume_avt', labels, amount);
        }
        for (const { amount, traffic } of fees) {
          const own = new RegExp(`frame="${frame.id}".*traffic="${traffic}"`);
          expect(sumOf(page, 'protocol_recent_fees_avt', own)).toBe(microsOf(amount));
        }
        unexplained(page, frame, ['0', '0.000000', '0.000000']);
      }
      check(page, 'protocol_recent_staked_avt', { frame: a.id }, '40.000000');
    });
  });

  test('stakes and A2A tokens', async () => {
    const page = await world.page();
    for (const frame of world.frames) {
      const business = await businessOf(frame);
      const labels = { frame: frame.id };
      check(page, 'protocol_staking_total_value_locked_avt', labels, business.total_value_locked);
      check(page, 'protocol_a2a_escrowed_avt', labels, business.escrowed);
      for (const { amount, state, tokens } of business.a2a) {
        check(page, 'protocol_a2a_tokens', { ...labels, state }, String(tokens));
        check(page, 'protocol_a2a_amount_avt', { ...labels, state }, amount);
      }
    }
    check(page, 'protocol_staking_stakers', { frame: a.id }, '1');
    check(page, 'protocol_a2a_tokens', { frame: a.id, state: 'accepted' }, '1');
  });

  test('proposals, turnout and disputes', async () => {
    const page = await world.page();
    for (const { registry, registryUrl } of world.frames) {
      const account = registrySchema.parse(
        await world.ask('oracle', `${registryUrl}/oracle/business`),
      );
      for (const { proposals, status } of account.proposals) {
        check(page, 'protocol_governance_proposals', { registry, status }, String(proposals));
      }
      for (const { disputes, phase } of account.disputes) {
        check(page, 'protocol_disputes', { registry, phase }, String(disputes));
      }
      const { cast, ratio, total } = account.turnout;
      const shown = ratio === null ? 'NaN' : String(ratio);
      check(page, 'protocol_governance_turnout_ratio', { registry }, shown);
      check(page, 'protocol_governance_turnout_cast_weight', { registry }, String(cast));
      check(page, 'protocol_governance_turnout_total_weight', { registry }, String(total));
    }
    const decided = { registry: a.registry, status: 'passed' };
    check(page, 'protocol_governance_proposals', decided, '1');
    check(page, 'protocol_disputes', { registry: a.registry, phase: 'dismissed' }, '1');
  });

  test('the supply, by events and by ledger, and its sums over all frames', async () => {
    await until(async () => {
      const page = await world.page();
      for (const frame of [a.id, b.id, 'all']) {
        for (const source of ['events', 'ledger']) {
          check(page, 'protocol_supply_delta_avt', { frame, source }, '0.000000');
        }
        const voices = ['events', 'ledger'].map((source) =>
          page.get(`protocol_supply_circulating_avt{frame="${frame}",source="${source}"}`),
        );
        expect(voices[0]).toBe(voices[1]);
        const issued = microsOf(page.get(`protocol_supply_issued_avt{frame="${frame}"}`) ?? '');
        expect(issued).toBeGreaterThan(0n);
      }
      check(page, 'protocol_supply_destroyed_avt', { frame: 'all' }, '1.500000');
      check(page, 'protocol_supply_in_transit_avt', { frame: 'all', source: 'ledger' }, '0.000000');
      // A sent 5.5 + 0.02 + 0.04 to B, and B sent 7.25 + 0.08 to A.
      check(page, 'protocol_supply_in_transit_avt', { frame: a.id, source: 'events' }, '-1.770000');
      check(page, 'protocol_supply_in_transit_avt', { frame: b.id, source: 'ledger' }, '1.770000');
    });
  });

  test('peers, and no drift between the frames', async () => {
    await until(async () => {
      const page = await world.page();
      for (const [own, peer] of [
        [a, b],
        [b, a],
      ] as const) {
        const place = { registry: own.registry, peer: peer.registry };
        check(page, 'protocol_federation_peer_status', { ...place, status: 'up' }, '1');
        check(page, 'protocol_federation_peer_status', { ...place, status: 'down' }, '0');
        const pair = { frame: own.id, peer: peer.id };
        check(page, 'protocol_federation_drift_events', pair, '0');
        check(page, 'protocol_federation_drift_seconds', pair, '0');
      }
      // A initiated two and settled two of B's and its own; each is broadcast once.
      const pair = { frame: a.id, peer: b.id };
      check(page, 'protocol_federation_emitted_events', pair, '4');
      check(page, 'protocol_federation_received_events', pair, '4');
    });
  });
});

describe('what must not be shows', () => {
  test('a transfer that only says it is a canary’s', async () => {
    const memo = `canary-${randomUUID()}`;
    await pay(world, { backend: 'intra', from: b, to: b, amount: '1', memo });
    await until(async () => unexplained(await world.page(), b, ['1', '1.000000', '0.001000']));
  });

  test('a test of ours that the platform calls a user’s', async () => {
    const [before] = [await world.page()];
    const memo = `no canary ${randomUUID()}`;
    const transferId = await pay(world, { backend: 'intra', from: a, to: a, amount: '2', memo });
    await world.recordOwn({ testId: randomUUID(), transferId, amount: '2000000' });
    unexplained(before, a, ['0', '0.000000', '0.000000']);
    await until(async () => unexplained(await world.page(), a, ['-1', '-2.000000', '-0.002000']));
  });

  test('events that the other frame never had', async () => {
    await world.post('control', `${a.eventStoreUrl}/control/faults`, {
      ...{ kind: 'cut_broadcast', count: 1 },
    });
    await pay(world, { backend: 'async', from: a, to: b, amount: '1', memo: 'cut' });
    await until(async () => {
      const drift = { frame: a.id, peer: b.id };
      check(await world.page(), 'protocol_federation_drift_events', drift, '1');
    });
  });
});

describe('what is away is not shown, and the rest is', () => {
  test.each([
    ['tegUrl', 'protocol_economy', 'protocol_staking_total_value_locked_avt'],
    ['tegUrl', 'protocol_transfers', 'protocol_transfers_total'],
    ['tegUrl', 'protocol_snapshot', 'protocol_supply_in_transit_avt'],
    ['eventStoreUrl', 'protocol_projection', 'protocol_supply_issued_avt'],
    ['eventStoreUrl', 'protocol_recent', 'protocol_recent_transfers'],
    ['eventStoreUrl', 'protocol_federation', 'protocol_federation_drift_events'],
  ] as const)('%s of one frame: %s', async (door, source, family) => {
    const page = await world.page({ [door]: a });
    const shown = [...page.keys()].filter((series) => series.startsWith(`${family}{`));
    const isLedger = (series: string) => /source="ledger"/.test(series);
    const fits = source === 'protocol_snapshot' ? shown.filter(isLedger) : shown;
    const frames = fits.filter((series) => series.includes(`frame="${a.id}"`));
    expect(frames).toEqual([]);
    expect(fits.filter((series) => series.includes('frame="all"'))).toEqual([]);
    if (source !== 'protocol_federation') expect(fits).not.toEqual([]);
    const name = source === 'protocol_federation' ? source : `${source}/${a.id}`;
    check(page, 'canary_exporter_source_up', { source: name }, '0');
  });

  test('a registry', async () => {
    const page = await world.page({ registryUrl: b });
    check(page, 'canary_exporter_source_up', { source: `protocol_registry/${b.registry}` }, '0');
    const disputes = [...page.keys()].filter((series) => series.startsWith('protocol_disputes{'));
    expect(disputes.filter((series) => series.includes(b.registry))).toEqual([]);
    expect(disputes).toHaveLength(5);
  });
});

function unexplained(page: Series, { id }: SandboxFrame, values: readonly string[]): void {
  ['transfers', 'volume_avt', 'fees_avt'].forEach((what, index) => {
    const name = `protocol_canary_unexplained_${what}`;
    check(page, name, { frame: id }, values[index] ?? '');
  });
}
