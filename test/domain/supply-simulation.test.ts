// The auditor in seeded simulation, through its ports: thousands of audits under traffic without
// one false alarm, and every planted leak found with frame, class, buckets and transfer.
// PROVE_AUDITS is the number of audits, PROVE_SEED repeats a run.
import { describe, expect, test } from 'vitest';
import { createSupplyAuditor } from '../../src/activities/supply-auditor.js';
import type { Certificate, CertificateDocument } from '../../src/domain/supply-certificate.js';
import { isNoDifference } from '../../src/domain/supply-comparison.js';
import { createMemorySupply, type MemorySupply } from '../support/memory-supply.js';
import { type Expected, LEAKS } from './supply-simulation/leaks.js';
import {
  anAgent,
  asSupplyPlatform,
  BUCKETS,
  commit,
  createSimulated,
  deliver,
  FRAMES,
  live,
  REFUND_AFTER_MS,
  type Simulated,
  startTransfer,
} from './supply-simulation/platform.js';

const RUNS = Number(process.env.PROVE_RUNS ?? 1_000);
const AUDITS = Number(process.env.PROVE_AUDITS ?? Math.floor(RUNS / 10));
/** Every finding stays acknowledged for ever, so that each audit has more to name. */
const LEAKS_PLANTED = Math.min(AUDITS, 1_000);
const SEED = Number(process.env.PROVE_SEED ?? Date.now() % 2 ** 31);
const INTERVAL_MS = 60_000;
const MISSING_LIMIT_MS = 30_000;
const OPEN_LIMIT_MS = REFUND_AFTER_MS + 60_000;

interface Audited {
  readonly simulated: Simulated;
  readonly store: MemorySupply;
  /** Frames whose log answers nothing. */
  readonly away: Set<string>;
  /** Runs one audit, as the schedule would: a minute of traffic before it. */
  audit(name: string): Promise<Certificate>;
}

function audited(seed: number, partEventsMax = 100_000): Audited {
  const simulated = createSimulated(seed);
  const store = createMemorySupply();
  const away = new Set<string>();
  const platform = asSupplyPlatform(simulated);
  const auditor = createSupplyAuditor({
    clock: { nowMs: () => simulated.nowMs },
    platform: {
      ...platform,
      page: async (frame, after, limit) =>
        away.has(frame) ? { kind: 'away', reason: 'planted' } : platform.page(frame, after, limit),
    },
    store,
    settings: {
      frames: FRAMES,
      bucketCount: BUCKETS,
      intervalMs: INTERVAL_MS,
      cutWaitMs: 10_000,
      missingLimitMs: MISSING_LIMIT_MS,
      partEventsMax,
      openLimits: { intra: OPEN_LIMIT_MS, async: OPEN_LIMIT_MS, '2pc': OPEN_LIMIT_MS },
    },
    hashOf: (text) => String(text.length),
    wait: async (ms) => {
      simulated.nowMs += ms;
      live(simulated);
    },
    onProgress: () => undefined,
  });
  return {
    simulated,
    store,
    away,
    audit: (auditId) => auditor.audit({ auditId, slotMs: undefined }),
  };
}

/** A minute in a few moments of traffic. */
function passTime(simulated: Simulated): void {
  for (let moment = 0; moment < 8; moment += 1) live(simulated);
  simulated.nowMs += INTERVAL_MS;
}

/** Frames that are certified to be right at a cut where ledger and events differ. */
function okWithDelta({ frames }: CertificateDocument): readonly string[] {
  return frames.flatMap(({ decision, frame, outcome }) =>
    outcome === 'ok' && (decision?.delta ?? '0') !== '0' ? [`${frame} ${decision?.delta}`] : [],
  );
}

describe(`simulation of the auditor, seed ${SEED}, ${AUDITS} audits`, () => {
  test('no false alarm', { timeout: 60_000 + AUDITS * 50 }, async () => {
    process.stdout.write(`simulation of the auditor: PROVE_SEED=${SEED} PROVE_AUDITS=${AUDITS}\n`);
    const { audit, away, simulated, store } = audited(SEED);
    const outcomes = new Map<string, number>();
    for (let count = 0; count < AUDITS; count += 1) {
      away.clear();
      for (const frame of FRAMES) if (simulated.random() < 0.1) away.add(frame);
      const { document } = await audit(`audit-${count}`);
      outcomes.set(document.outcome, (outcomes.get(document.outcome) ?? 0) + 1);
      const overdue = document.matching?.overdue ?? [];
      expect({ findings: document.findings, overdue }).toEqual({ findings: [], overdue: [] });
      expect(okWithDelta(document)).toEqual([]);
      // Back to back now and then, else a minute later.
      if (simulated.random() < 0.7) passTime(simulated);
    }
    expect(await store.findings({ standing: false, limit: 10 })).toEqual([]);
    expect(outcomes.get('ok') ?? 0).toBeGreaterThan(AUDITS / 2);
    expect(outcomes.has('violated')).toBe(false);
  });

  test('cuts of one audit that are reached by several later ones are certified each', async () => {
    const { audit, away, simulated, store } = audited(SEED + 5);
    await audit('before');
    passTime(simulated);
    for (const frame of FRAMES) away.add(frame);
    expect((await audit('nothing-read')).document.outcome).toBe('unknown');
    for (const frame of FRAMES) {
      away.delete(frame);
      deliver(simulated, frame, 1_000);
      await audit(`${frame}-is-back`);
    }
    const certificates = await store.certificates({ limit: 100 });
    const documents = certificates.map(({ text }) => JSON.parse(text) as CertificateDocument);
    const late = documents.filter(({ decides }) => decides === 'nothing-read');
    expect(late.map(({ frames }) => frames.map(({ frame }) => frame))).toEqual(
      [...FRAMES].reverse().map((frame) => [frame]),
    );
    expect(late.map(({ outcome }) => outcome)).toEqual(FRAMES.map(() => 'ok'));
    expect(new Set(late.map(({ auditId }) => auditId)).size).toBe(FRAMES.length);
  });

  test('every leak is found once, and rightly', {
    timeout: 60_000 + LEAKS_PLANTED * 100,
  }, async () => {
    const { audit, simulated, store } = audited(SEED + 1);
    await audit('first');
    for (let count = 0; count < LEAKS_PLANTED; count += 1) {
      passTime(simulated);
      const leak = LEAKS[Math.floor(simulated.random() * LEAKS.length)];
      const expected = leak?.plant(simulated);
      if (leak === undefined || expected === undefined) continue;
      const before = (await store.findings({ standing: false, limit: 10_000 })).length;
      await auditUntilDecided(audit, simulated, `leak-${count}`);
      const all = await store.findings({ standing: false, limit: 10_000 });
      const found = all.slice(0, all.length - before);
      expect(found.map(factsOf(expected)), leak.name).toEqual([expected]);
      await store.acknowledge(
        found.map(({ id }) => id),
        { by: 'simulation', atMs: simulated.nowMs, reason: leak.name },
      );
    }
    const last = (await auditUntilDecided(audit, simulated, 'explained')).document;
    expect([last.outcome, last.findings, last.standing]).toEqual(['ok', [], []]);
    expect(last.acknowledged.length).toBeGreaterThan(0);
  });

  test('a long log is read in parts, which find what one reading finds', async () => {
    const { audit, simulated, store } = audited(SEED + 4, 50);
    for (let minute = 0; minute < 20; minute += 1) passTime(simulated);
    const leak = LEAKS.find(({ name }) => name === 'created')?.plant(simulated);
    for (const frame of FRAMES) deliver(simulated, frame, 1_000);
    const { document } = await audit('long');
    const certificates = await store.certificates({ limit: 1_000 });
    const documents = certificates.map(({ text }) => JSON.parse(text) as CertificateDocument);
    const parts = documents.slice(1);
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.every(({ auditId }) => /^long\/part-\d+$/.test(auditId))).toBe(true);
    expect(parts.map(({ outcome }) => outcome)).not.toContain('ok');
    expect(document).toMatchObject({ auditId: 'long', outcome: 'violated' });
    expect(documents.flatMap(({ findings }) => findings)).toMatchObject([
      { frame: leak?.frame, class: leak?.class },
    ]);
    expect(document.frames.every(({ decision }) => decision !== undefined)).toBe(true);
    const { books } = await store.load();
    expect(books.map(({ pending }) => pending)).toEqual([[], []]);
  });

  test('an event that comes after it was given up closes its finding', async () => {
    const { audit, simulated, store } = audited(SEED + 3);
    await audit('first');
    const own = simulated.frames.A;
    for (const frame of FRAMES) deliver(simulated, frame, 1_000);
    const account = anAgent(simulated, 'A');
    commit(simulated, 'A', [{ kind: 'issued', account, amountBaseUnits: 9n }]);
    const held = own.pipe.splice(0);
    const { document } = await auditUntilDecided(audit, simulated, 'missing');
    expect(document.outcome).toBe('violated');
    const [missing, ...others] = await store.findings({ standing: true, limit: 10 });
    expect([missing?.kind, missing?.delta, others]).toEqual(['event_missing', '9', []]);
    own.pipe.unshift(...held);
    let after = (await auditUntilDecided(audit, simulated, 'late')).document;
    // Where the event comes between cut and second cut, the cut was compared without it.
    if (after.closed.length === 0) {
      expect(after.outcome).toBe('violated');
      after = (await auditUntilDecided(audit, simulated, 'later')).document;
    }
    expect(after).toMatchObject({ closed: [missing?.id], findings: [], outcome: 'ok' });
    expect(okWithDelta(after)).toEqual([]);
    const books = (await store.load()).books.map(({ conclusive }) => conclusive.difference);
    expect(books.every(isNoDifference)).toBe(true);
  });

  test('a credit that never comes is overdue, and no violation', async () => {
    const { audit, simulated } = audited(SEED + 2);
    await audit('first');
    const { transferId } = startTransfer(simulated, 'async');
    simulated.stuck.add(transferId);
    simulated.nowMs += OPEN_LIMIT_MS + 1;
    const { document } = await auditUntilDecided(audit, simulated, 'late');
    expect(document.matching?.overdue.map((one) => one.transferId)).toContain(transferId);
    expect(document.outcome).toBe('ok');
  });
});

/** Audits until one is conclusive for all: a missing event needs more than one. */
async function auditUntilDecided(
  audit: Audited['audit'],
  simulated: Simulated,
  name: string,
): Promise<Certificate> {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    for (const frame of FRAMES) deliver(simulated, frame, 1_000);
    const certificate = await audit(`${name}-${attempt}`);
    const { frames, matching } = certificate.document;
    const isDecided = frames.every(({ decision }) => decision !== undefined);
    if (isDecided && matching?.reason === '') return certificate;
    passTime(simulated);
  }
  throw new Error(`${name} was not decided in five audits`);
}

function factsOf(expected: Expected) {
  return (found: Awaited<ReturnType<MemorySupply['findings']>>[number]): Expected => ({
    frame: found.frame as Expected['frame'],
    kind: found.kind,
    class: found.class,
    buckets: expected.buckets === undefined ? undefined : found.buckets,
    // A leak between accounts that also paid each other may name their transfers besides.
    transferId: found.transferIds.find((id) => id === expected.transferId),
  });
}
