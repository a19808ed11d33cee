// Audits of a sandbox that spoils its own log, settles what it refunds, or never credits: each is
// found with its class and its place, and a credit that never comes is overdue, no violation.
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StoredFinding } from '../../src/domain/supply-finding.js';
import { until } from '../support/until.js';
import { auditWithLeaks } from './audit-campaigns.js';
import { MISSING_LIMIT_MS } from './audit-parts.js';
import { type AuditWorld, openAuditWorld } from './audit-world.js';

let world: AuditWorld;

beforeAll(async () => {
  world = await openAuditWorld();
  await world.audit();
});

afterAll(() => world.close());

/** What stands unexplained, explained from then on. */
async function newFindings(): Promise<readonly StoredFinding[]> {
  const standing = await world.store.findings({ standing: true, limit: 100 });
  const found = standing.filter((one) => one.acknowledged === undefined);
  const ids = found.map(({ id }) => id);
  await world.store.acknowledge(ids, { by: 'test', atMs: 0, reason: 'planted' });
  return found;
}

/** Pays once inside a frame, and spoils the newest event of its log with an amount. */
async function spoilNewest(kind: 'erase' | 'forge'): Promise<number> {
  const [frame] = world.sandbox.frames;
  const transferId = await world.pay('intra', frame, frame);
  await until(async () => {
    const url = `${frame.eventStoreUrl}/api/v1/events?transfer_id=${transferId}`;
    const { events } = (await (await fetch(url)).json()) as { events: readonly unknown[] };
    expect(events).toHaveLength(2);
  });
  const door = `${frame.eventStoreUrl}/control/leaks`;
  return Number((await world.call('control', door, { kind })).sequence);
}

test('an event that is altered inside the store breaks the chain, and the books', async () => {
  const [frame] = world.sandbox.frames;
  const sequence = await spoilNewest('forge');
  expect((await world.audit()).outcome).toBe('violated');
  const found = await newFindings();
  expect(found).toHaveLength(2);
  expect(found).toContainEqual(
    expect.objectContaining({
      kind: 'broken_chain',
      class: 'log_damaged',
      frame: frame.id,
      subject: `sequence ${sequence}`,
    }),
  );
  expect(found).toContainEqual(
    expect.objectContaining({ kind: 'ledger_difference', class: 'accounts_shifted' }),
  );
});

test('an event that is erased inside the store leaves a gap, and then is missing', async () => {
  const sequence = await spoilNewest('erase');
  expect((await world.audit({ cutWaitMs: 200 })).outcome).toBe('violated');
  await pause(MISSING_LIMIT_MS + 100);
  await world.audit();
  const found = await newFindings();
  expect(found.map(({ kind }) => kind).sort()).toEqual(['event_missing', 'sequence_gap']);
  const gap = found.find(({ kind }) => kind === 'sequence_gap');
  expect(gap?.subject).toBe(`sequence ${sequence + 1}`);
});

test('created here and destroyed there, in two frames at once, is two findings', async () => {
  const [a, b] = world.sandbox.frames;
  const leak = (kind: string, registry: string) => ({
    kind,
    account: `${registry}:canary-1`,
    amount: '0.000001',
  });
  await world.call('control', `${a.tegUrl}/control/leaks`, leak('create', a.registry));
  await world.call('control', `${b.tegUrl}/control/leaks`, leak('destroy', b.registry));
  const { total } = await world.audit();
  const found = await newFindings();
  expect(found.map(({ class: defect, frame }) => [frame, defect]).sort()).toEqual(
    [
      [a.id, 'ledger_above_events'],
      [b.id, 'ledger_below_events'],
    ].sort(),
  );
  // Over all frames nothing is amiss, which is why each frame is proven by itself.
  expect(total?.delta).toBe('0');
});

test('refunded and settled both', async () => {
  const [a, b] = world.sandbox.frames;
  // One of the two frames keeps its fault, which must strike nobody else.
  const scope = { backend: 'async', memo_prefix: 'audited', count: 1 };
  const fault = { kind: 'refund_and_settle', ...scope };
  for (const { tegUrl } of [a, b]) await world.call('control', `${tegUrl}/control/faults`, fault);
  const transferId = await world.pay('async', a, b);
  await until(async () => {
    await world.audit();
    const standing = await world.store.findings({ standing: true, limit: 100 });
    expect(standing).toContainEqual(
      expect.objectContaining({ kind: 'settled_and_refunded', transferIds: [transferId] }),
    );
  });
  expect(await newFindings()).toMatchObject([{ class: 'match_broken', frame: a.id }]);
});

test('a credit that never comes is overdue, with its transfer, and no violation', async () => {
  const [a, b] = world.sandbox.frames;
  const fault = { kind: 'never_credit', backend: '2pc', count: 1 };
  await world.call('control', `${b.tegUrl}/control/faults`, fault);
  const transferId = await world.pay('2pc', a, b);
  const openLimits = { intra: 60_000, async: 60_000, '2pc': 500 };
  await until(async () => {
    const { matching, outcome } = await world.audit({ openLimits });
    expect(outcome).toBe('ok');
    expect(matching?.overdue).toMatchObject([{ transferId, backend: '2pc', amount: '1000000' }]);
  });
});

test('leaks at random moments under traffic are found', { timeout: 120_000 }, async () => {
  // Of the day, so that the kinds take turns and a failure can be repeated.
  const seed = Math.floor(Date.now() / 86_400_000);
  const { violations } = await auditWithLeaks(world, 2, seed);
  expect(violations, `seed ${seed}`).toEqual([]);
});
