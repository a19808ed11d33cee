// What goes away in the middle of an audit: PostgreSQL, a TEG, an EventStore. Nothing is stored by
// halves, nothing is violated by guess, and what was left open is decided when all is back.
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openPostgres, type Postgres } from '../../src/adapters/postgres-connection.js';
import { createPostgresSupply } from '../../src/adapters/postgres-supply.js';
import { sha256Hex } from '../../src/adapters/sha256.js';
import { StoreUnavailableError } from '../../src/adapters/store-unavailable-error.js';
import type { CertificateDocument } from '../../src/domain/supply-certificate.js';
import { verifyChain } from '../../src/domain/supply-verification.js';
import type { SupplyPlatform, SupplyStore } from '../../src/ports.js';
import { openTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { auditorOf, platformOf, settingsOf } from './audit-parts.js';
import { type AuditWorld, openAuditWorld } from './audit-world.js';

let world: AuditWorld;
let ways: Record<'postgres' | 'teg' | 'eventStore', TcpProxy>;
let postgres: Postgres;
let store: SupplyStore;
let platform: SupplyPlatform;

beforeAll(async () => {
  world = await openAuditWorld();
  const [a, b] = world.sandbox.frames;
  const through = async (url: string, proxy: TcpProxy) => {
    const proxied = new URL(url);
    proxied.port = String(proxy.port);
    return proxied.href;
  };
  ways = {
    postgres: await proxyOf(world.databaseUrl),
    teg: await proxyOf(a.tegUrl),
    eventStore: await proxyOf(a.eventStoreUrl),
  };
  postgres = openPostgres({
    url: await through(world.databaseUrl, ways.postgres),
    connectionsMax: 2,
    connectTimeoutMs: 2_000,
    statementTimeoutMs: 5_000,
    logger: pino({ level: 'silent' }),
  });
  store = createPostgresSupply(postgres);
  const proxied = {
    ...a,
    tegUrl: await through(a.tegUrl, ways.teg),
    eventStoreUrl: await through(a.eventStoreUrl, ways.eventStore),
  };
  platform = platformOf({ frames: [proxied, b] });
  await world.audit();
});

afterEach(() => {
  for (const way of Object.values(ways)) way.restore();
});

afterAll(async () => {
  await postgres.close();
  await Promise.all(Object.values(ways).map((way) => way.close()));
  await world.close();
});

function proxyOf(url: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(url);
  return openTcpProxy({ host: hostname, port: Number(port) });
}

/** An audit in which something happens when the first page of frame A is asked for. */
async function auditWith(auditId: string, onFirstPage: () => void): Promise<CertificateDocument> {
  const [a] = world.sandbox.frames;
  let isFirst = true;
  const disturbed: SupplyPlatform = {
    ...platform,
    async page(frame, after, limit) {
      if (isFirst && frame === a.id) {
        isFirst = false;
        onFirstPage();
      }
      return platform.page(frame, after, limit);
    },
  };
  const settings = { ...settingsOf(world.sandbox), cutWaitMs: 1_000 };
  const auditor = auditorOf(store, disturbed, settings);
  return (await auditor.audit({ auditId, slotMs: undefined })).document;
}

async function documents(): Promise<readonly CertificateDocument[]> {
  const stored = await world.store.certificates({ limit: 10_000 });
  const chain = verifyChain([...stored].reverse(), sha256Hex);
  expect(chain.broken).toBeUndefined();
  return chain.documents;
}

describe('away in the middle of an audit', () => {
  test.each(['cut', 'stall'] as const)(
    'PostgreSQL (%s): nothing is stored, and the next attempt is the same audit',
    async (mode) => {
      const [a] = world.sandbox.frames;
      await world.pay('intra', a, a);
      const before = await documents();
      const booksBefore = (await world.store.load()).books;
      const auditId = `postgres-${mode}`;
      const attempt = auditWith(auditId, () => ways.postgres[mode]());
      await expect(attempt).rejects.toBeInstanceOf(StoreUnavailableError);
      expect(await documents()).toEqual(before);
      expect((await world.store.load()).books).toEqual(booksBefore);
      ways.postgres.restore();
      const document = await auditWith(auditId, () => undefined);
      expect(document).toMatchObject({ auditId, outcome: 'ok', findings: [] });
      expect((await documents()).map((one) => one.auditId)).toEqual([
        ...before.map((one) => one.auditId),
        auditId,
      ]);
    },
  );

  test('an EventStore: unknown and why, decided by a certificate of its own later', async () => {
    const [a, b] = world.sandbox.frames;
    await world.pay('intra', a, a);
    const during = await auditWith('store-away', () => ways.eventStore.cut());
    expect(during).toMatchObject({ outcome: 'unknown', findings: [] });
    expect(during.frames).toMatchObject([
      { frame: a.id, outcome: 'unknown', reason: expect.stringContaining('/api/v1/events') },
      { frame: b.id, outcome: 'ok' },
    ]);
    ways.eventStore.restore();
    expect((await auditWith('store-back', () => undefined)).outcome).toBe('ok');
    const [late, last] = (await documents()).slice(-2);
    expect(late).toMatchObject({
      auditId: expect.stringMatching(/^store-away\/late-\d+$/),
      decides: 'store-away',
      outcome: 'ok',
      frames: [{ frame: a.id, outcome: 'ok' }],
    });
    expect(last?.auditId).toBe('store-back');
  });

  test('a TEG between its two cuts and the log: its cut is decided all the same', async () => {
    const [a] = world.sandbox.frames;
    const during = await auditWith('teg-gone', () => ways.teg.cut());
    expect(during).toMatchObject({ outcome: 'ok', findings: [] });
    const after = await auditWith('teg-away', () => undefined);
    expect(after).toMatchObject({ outcome: 'unknown', findings: [] });
    expect(after.frames).toMatchObject([
      { frame: a.id, outcome: 'unknown', reason: expect.stringContaining('supply-snapshot') },
      { outcome: 'ok' },
    ]);
  });
});
