// The reading of the auditor's page: zero or not, the equation, the chain, transit and findings.
import { describe, expect, test } from 'vitest';
import { invoke } from '../../src/admin/operation.js';
import { OPERATIONS } from '../../src/admin/operations.js';
import type { AuditorView } from '../../src/admin/views/auditor-view.js';
import type { CertificateDocument } from '../../src/domain/supply-certificate.js';
import { createMemorySupply, type MemorySupply } from '../support/memory-supply.js';
import {
  changeOf,
  DECIDED_AT_MS,
  findingOf,
  nextCertificate,
  recordOf,
} from '../support/supply-samples.js';
import { createListener, createWorld } from './world.js';

const MINUTE_MS = 60_000;

const FIGURES = { issued: '5000000', destroyed: '1', transitNet: '-2', circulating: '4999997' };
const DECISION = {
  position: 41,
  grade: 'snapshot',
  producer: 'teg-A',
  clockMs: DECIDED_AT_MS,
  events: FIGURES,
  ledgerCirculating: '4999996',
  delta: '-1',
  bucketDigest: 'd',
  lost: [],
} as const;

async function auditor(supply: MemorySupply): Promise<AuditorView> {
  const answer = await invoke(OPERATIONS.auditor, createWorld({ supply }), {}, createListener());
  if (answer.kind !== 'done') throw new Error(JSON.stringify(answer));
  return OPERATIONS.auditor.output.parse(answer.value);
}

/** Audits a minute apart, the oldest first. */
async function audited(
  outcomes: readonly CertificateDocument['outcome'][],
  over: Partial<CertificateDocument> = {},
): Promise<MemorySupply> {
  const supply = createMemorySupply();
  for (const [index, outcome] of outcomes.entries()) {
    const state = await supply.load();
    const decidedAtMs = DECIDED_AT_MS + index * MINUTE_MS;
    const certificate = nextCertificate(state, `audit-${index}`, outcome, { decidedAtMs, ...over });
    await supply.commit(changeOf(state, `audit-${index}`, { certificates: [certificate] }));
  }
  return supply;
}

describe('the state', () => {
  test('nothing is said before the first audit', async () => {
    const view = await auditor(createMemorySupply());
    expect(view).toMatchObject({ chain: [], chainHolds: true, standing: [] });
    expect([view.state, view.equation, view.before]).toEqual([undefined, undefined, undefined]);
  });

  test('since when it is so, and what was before', async () => {
    const view = await auditor(await audited(['ok', 'unknown', 'violated', 'violated']));
    const at = (index: number) => new Date(DECIDED_AT_MS + index * MINUTE_MS).toISOString();
    expect(view.state).toMatchObject({ outcome: 'violated', certificate: 4, since: at(2) });
    expect(view.before).toEqual({ number: 2, outcome: 'unknown', decidedAt: at(1) });
  });
});

describe('the equation', () => {
  test('has every digit of every frame and of the whole', async () => {
    const frames = [
      { frame: 'A', outcome: 'violated', reason: '', sequence: 9, decision: DECISION },
      { frame: 'B', outcome: 'unknown', reason: 'the cut was not reached', sequence: 3 },
    ] as const;
    const total = { ...FIGURES, ledgerCirculating: '4999996', delta: '-1' };
    const view = await auditor(await audited(['violated'], { frames, total }));
    const figures = {
      issued: '5.000000',
      destroyed: '0.000001',
      transitNet: '-0.000002',
      byEvents: '4.999997',
      circulating: '4.999996',
      delta: '-0.000001',
    };
    expect(view.equation?.frames).toEqual([
      {
        frame: 'A',
        outcome: 'violated',
        reason: '',
        grade: 'snapshot',
        position: 41,
        figures,
        lost: 0,
      },
      { frame: 'B', outcome: 'unknown', reason: 'the cut was not reached', lost: 0 },
    ]);
    expect(view.equation?.total).toEqual(figures);
    expect(view.chain[0]?.delta).toBe('-0.000001');
  });
});

describe('the chain', () => {
  test('shows an hour of certificates that follow from one more', async () => {
    const view = await auditor(await audited(Array.from({ length: 65 }, () => 'ok' as const)));
    expect(view.chain).toHaveLength(60);
    expect(view.chain[0]?.number).toBe(65);
    expect(view.chain[0]?.previousHash).toBe(view.chain[1]?.hash);
    expect(view.chainHolds).toBe(true);
  });

  test('names the first certificate that does not follow', async () => {
    const supply = await audited(['ok', 'ok', 'ok']);
    const bent: MemorySupply = {
      ...supply,
      certificates: async (query) =>
        (await supply.certificates(query)).map((one) =>
          one.number === 2 ? { ...one, text: one.text.replace('"ok"', '"OK"') } : one,
        ),
    };
    const view = await auditor(bent);
    expect(view.chainHolds).toBe(false);
    expect(view.broken?.number).toBe(2);
  });
});

describe('transit and findings', () => {
  test('what is open stands by direction and by transfer, the oldest first', async () => {
    const supply = createMemorySupply();
    const state = await supply.load();
    const records = [recordOf('t-open', true), recordOf('t-done', false)];
    await supply.commit(changeOf(state, 'audit', { records }));
    const { transit } = await auditor(supply);
    expect(transit.transfers.map(({ transferId }) => transferId)).toEqual(['t-open']);
    expect(transit.open).toBe(1);
    expect(transit.directions).toHaveLength(1);
    expect(transit.directions[0]?.amount).toBe(transit.amount);
    expect(transit.transfers[0]?.canary).toBe(true);
  });

  test('standing findings, and the last one that was closed', async () => {
    const supply = createMemorySupply();
    const found = [findingOf('F1-1', 1), findingOf('F1-2', 1)];
    await supply.commit(changeOf(await supply.load(), 'one', { found }));
    const closed = [{ id: 'F1-1', by: 2 }];
    await supply.commit(changeOf(await supply.load(), 'two', { closed }));
    await supply.acknowledge(['F1-2'], { by: 'someone', atMs: DECIDED_AT_MS, reason: 'known' });
    const view = await auditor(supply);
    expect(view.standing.map(({ id }) => id)).toEqual(['F1-2']);
    expect(view.standing[0]?.acknowledged).toMatchObject({ by: 'someone', reason: 'known' });
    expect(view.lastClosed).toMatchObject({ id: 'F1-1', closedBy: 2, delta: '-0.000012' });
  });
});
