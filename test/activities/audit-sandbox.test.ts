// Audits of the sandbox, over the wire and into PostgreSQL: without a leak all is proven, and every
// way in which the sandbox can leak is found by the next audit, with frame, class and transfer.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256Hex } from '../../src/adapters/sha256.js';
import { accountWeight } from '../../src/adapters/supply-platform.js';
import type { Context } from '../../src/admin/operation.js';
import { recountDocuments } from '../../src/admin/operations/recount-documents.js';
import type { StoredFinding } from '../../src/domain/supply-finding.js';
import { verifyChain } from '../../src/domain/supply-verification.js';
import { until } from '../support/until.js';
import { auditWithoutLeaks } from './audit-campaigns.js';
import { BUCKETS, MISSING_LIMIT_MS } from './audit-parts.js';
import { type AuditWorld, openAuditWorld } from './audit-world.js';

/** Of the day, so that no two days audit the same traffic and a failure can be repeated. */
const SEED = Math.floor(Date.now() / 86_400_000);

let world: AuditWorld;

beforeAll(async () => {
  world = await openAuditWorld();
});

afterAll(() => world.close());

/** What the next audits find, explained, so that the next case begins anew. */
async function newFindings(audits = 1): Promise<readonly StoredFinding[]> {
  for (let count = 0; count < audits; count += 1) {
    if (count > 0) await pause(MISSING_LIMIT_MS + 100);
    await world.audit();
  }
  const standing = await world.store.findings({ standing: true, limit: 100 });
  const found = standing.filter((one) => one.acknowledged === undefined);
  const ids = found.map(({ id }) => id);
  await world.store.acknowledge(ids, { by: 'test', atMs: 0, reason: 'planted' });
  return found;
}

/** What an audit certifies of a frame now. */
async function deltaOf(frame: string): Promise<bigint> {
  return until(async () => {
    const { frames } = await world.audit();
    const decision = frames.find((one) => one.frame === frame)?.decision;
    return BigInt(decision?.delta ?? `frame ${frame} is not decided`);
  });
}

function bucketOf(account: string): number {
  return Number(accountWeight(account) % BigInt(BUCKETS));
}

describe('without a leak', () => {
  test('every frame is proven at its own cut, all three voices agree', async () => {
    const [a, b] = world.sandbox.frames;
    for (const backend of ['async', '2pc'] as const) {
      await world.pay(backend, a, b);
      await world.pay(backend, b, a);
    }
    await until(async () => {
      const document = await world.audit();
      expect(document.outcome).toBe('ok');
      expect(document.frames.map(({ loneVoice, outcome }) => [outcome, loneVoice])).toEqual([
        ['ok', 'none'],
        ['ok', 'none'],
      ]);
      expect(document.total?.delta).toBe('0');
      expect(document.matching?.open).toBe(0);
    });
  });

  test('audits in the midst of transfers raise no alarm', { timeout: 120_000 }, async () => {
    const campaign = await auditWithoutLeaks(world, 10, SEED);
    expect(campaign).toEqual({ audits: 10, unknown: 0, violations: [] });
  });
});

describe('every leak is found', () => {
  test.each([
    ['create', 'ledger_above_events', '1'],
    ['destroy', 'ledger_below_events', '-1'],
  ])('%s', async (kind, defect, delta) => {
    const [frame] = world.sandbox.frames;
    const account = `${frame.registry}:canary-1`;
    const leak = { kind, account, amount: '0.000001' };
    const before = await deltaOf(frame.id);
    await world.call('control', `${frame.tegUrl}/control/leaks`, leak);
    expect(await newFindings()).toMatchObject([
      { kind: 'ledger_difference', class: defect, frame: frame.id, delta },
    ]);
    // The certificate counts in the same direction as the finding.
    expect((await deltaOf(frame.id)) - before).toBe(BigInt(delta));
  });

  test('a move between two accounts, though every sum stays', async () => {
    const [, frame] = world.sandbox.frames;
    const account = `${frame.registry}:canary-1`;
    const to = `${frame.registry}:canary-2`;
    const leak = { kind: 'move', account, to, amount: '0.000001' };
    await world.call('control', `${frame.tegUrl}/control/leaks`, leak);
    const buckets = [...new Set([bucketOf(account), bucketOf(to)])].sort();
    expect(await newFindings()).toMatchObject([
      { class: 'accounts_shifted', frame: frame.id, delta: '0', buckets },
    ]);
  });

  test('tokens on an account without a class', async () => {
    const [frame] = world.sandbox.frames;
    const leak = { kind: 'create', account: 'nobody', amount: '0.000001' };
    await world.call('control', `${frame.tegUrl}/control/leaks`, leak);
    expect(await newFindings()).toMatchObject([
      { kind: 'ledger_difference', class: 'ledger_above_events' },
      { kind: 'unclassed_account', subject: 'nobody' },
    ]);
  });

  test.each([
    ['settled_without_posting', 'B', 'ledger_difference', 'ledger_below_events', true],
    ['credit_twice', 'B', 'settled_twice', 'match_broken', true],
  ])('%s', async (kind, _at, finding, defect, isNamed) => {
    const [a, b] = world.sandbox.frames;
    await world.call('control', `${b.tegUrl}/control/faults`, { kind, backend: 'async', count: 1 });
    const transferId = await world.pay('async', a, b);
    await settledAt(b.eventStoreUrl, transferId);
    expect(await newFindings()).toMatchObject([
      { kind: finding, class: defect, frame: b.id, transferIds: isNamed ? [transferId] : [] },
    ]);
  });

  test('an event that was never written', async () => {
    const [a] = world.sandbox.frames;
    const fault = { kind: 'omit_event', event_type: 'TransactionFeeCollected', count: 1 };
    await world.call('control', `${a.tegUrl}/control/faults`, fault);
    await world.pay('intra', a, a);
    expect(await newFindings()).toMatchObject([
      { kind: 'ledger_difference', class: 'accounts_shifted', frame: a.id },
    ]);
  });

  test('an event with another amount: the transfer is named', async () => {
    const [a] = world.sandbox.frames;
    const fault = { kind: 'wrong_amount', event_type: 'TokensTransferred', count: 1 };
    await world.call('control', `${a.tegUrl}/control/faults`, fault);
    const transferId = await world.pay('intra', a, a);
    const [finding] = await newFindings();
    expect(finding).toMatchObject({ class: 'accounts_shifted', frame: a.id });
    expect(finding?.transferIds).toContain(transferId);
  });

  test('an event that the pipe lost: unknown at first, then missing, by its position', async () => {
    const [a] = world.sandbox.frames;
    const fault = { kind: 'drop_event', event_type: 'TokensIssued', count: 1 };
    await world.call('control', `${a.tegUrl}/control/faults`, fault);
    const account = `${a.registry}:canary-1`;
    const issued = await world.call('admin', `${a.tegUrl}/teg/issue`, {
      account,
      amount: '2.000000',
      reason: 'lost on purpose',
    });
    const first = await world.audit({ cutWaitMs: 200 });
    expect(first.outcome).toBe('unknown');
    expect(first.frames[0]?.reason).toContain(`position ${issued.position} has not come`);
    const found = await newFindings(2);
    expect(found).toMatchObject([
      { kind: 'event_missing', class: 'log_damaged', frame: a.id, delta: '2000000' },
    ]);
    expect(found[0]?.subject).toContain(String(issued.position));
  });

  test('the cut that was left waiting is decided by a certificate of its own', async () => {
    const certificates = await world.store.certificates({ limit: 100 });
    const late = certificates.flatMap(({ text }) => {
      const document = JSON.parse(text) as { decides?: string; frames: readonly object[] };
      return document.decides === undefined ? [] : [document];
    });
    expect(late).toHaveLength(1);
    expect(late[0]?.frames).toMatchObject([{ decision: { position: expect.any(Number) } }]);
  });

  test('the chain of all these certificates holds', async () => {
    const certificates = await world.store.certificates({ limit: 10_000 });
    const chain = verifyChain([...certificates].reverse(), sha256Hex);
    expect(chain.broken).toBeUndefined();
    expect(chain.documents).toHaveLength(certificates.length);
  });
});

describe('an audit that is killed', () => {
  test('at any moment loses no certificate, doubles none and breaks no chain', async () => {
    const { databaseUrl, sandbox, store } = world;
    const before = (await store.load()).previous.number;
    const kills = 6;
    for (let kill = 0; kill < kills; kill += 1) {
      const order = { auditId: `killed-${kill}`, databaseUrl, frames: sandbox.frames };
      // From before the first question until after the commit, by and by.
      await killedAfter(order, kill * 50);
      expect(await runToEnd(order)).toMatch(/stored \d+/);
    }
    const certificates = await store.certificates({ limit: 10_000 });
    const chain = verifyChain([...certificates].reverse(), sha256Hex);
    expect(chain.broken).toBeUndefined();
    const ids = chain.documents.slice(before).map(({ auditId }) => auditId);
    expect(ids).toEqual(Array.from({ length: kills }, (_, kill) => `killed-${kill}`));
  }, 240_000);
});

describe('what the events say again', () => {
  test('a full fold agrees with every certificate, and a false figure is named', async () => {
    const stored = [...(await world.store.certificates({ limit: 10_000 }))].reverse();
    const { documents } = verifyChain(stored, sha256Hex);
    const context: Context = {
      actor: { name: 'a job', face: 'cli', role: 'admin' },
      onProgress: () => undefined,
      signal: new AbortController().signal,
    };
    const frames = world.sandbox.frames.map(({ id }) => ({ id, registries: [] }));
    const parts = {
      config: { topology: { lanes: 1, frames }, audit: { buckets: BUCKETS } },
      platform: () => ({ supply: world.platform }),
    };
    const { broken, events } = await recountDocuments(parts, documents, context);
    expect(broken).toEqual([]);
    expect(events).toBeGreaterThan(100);
    const last = documents.at(-1);
    if (last === undefined) throw new Error('no certificate');
    const forged = {
      ...last,
      frames: last.frames.map((one) =>
        one.decision === undefined
          ? one
          : { ...one, decision: { ...one.decision, bucketDigest: 'forged' } },
      ),
    };
    const found = await recountDocuments(parts, [...documents.slice(0, -1), forged], context);
    expect(found.broken[0]?.number).toBe(last.number);
  });
});

type Order = { readonly auditId: string; readonly databaseUrl: string; readonly frames: unknown };

function startAudit(order: Order) {
  const args = ['--import', 'tsx', 'test/activities/audit-kill.ts', JSON.stringify(order)];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Kills the process so long after the audit has begun; it may have ended by then. */
async function killedAfter(order: Order, ms: number): Promise<void> {
  const child = startAudit(order);
  const exited = once(child, 'exit');
  await once(child.stdout, 'data');
  await pause(ms);
  child.kill('SIGKILL');
  await exited;
}

async function runToEnd(order: Order): Promise<string> {
  const child = startAudit(order);
  let said = '';
  child.stdout.on('data', (data: Buffer) => {
    said += data.toString();
  });
  await once(child, 'close');
  return said;
}

async function settledAt(eventStoreUrl: string, transferId: string): Promise<void> {
  await until(async () => {
    const answer = await fetch(`${eventStoreUrl}/api/v1/events?transfer_id=${transferId}`);
    const { events } = (await answer.json()) as { events: readonly { event_type: string }[] };
    const types = events.map(({ event_type }) => event_type);
    expect(types).toContain('CrossFrameTransferSettled');
  });
}
