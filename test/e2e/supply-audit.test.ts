// The auditor on the whole stack: certificates by the schedule under traffic, the command line, a
// leak with its findings and its acknowledgement, and a worker that is killed again and again.
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../../src/admin/cli.js';
import { openDependencies } from '../../src/admin/compose.js';
import type { CertificateDocument } from '../../src/domain/supply-certificate.js';
import { SCHEDULE_IDS } from '../../src/names.js';
import { until } from '../support/until.js';
import { ALL_USERS, type Reactor, startReactor } from './reactor.js';

let reactor: Reactor;

beforeAll(async () => {
  reactor = await startReactor({
    registries: ['A1', 'B1'],
    sandbox: ALL_USERS,
    product: {
      cycle: { interval: '24h', spread: '1s', amount: '0.010000' },
      audit: { interval: '2s', cutWait: '10s' },
    },
  });
});

afterAll(() => reactor.stop());

async function run(line: readonly string[]) {
  let stdout = '';
  const code = await runCli([...line, '--json'], {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: () => undefined },
    env: reactor.stack.productEnvironment,
    signal: new AbortController().signal,
    open: async (config) => openDependencies(config),
  });
  return { code, answer: JSON.parse(stdout) };
}

async function documents(): Promise<readonly CertificateDocument[]> {
  const stored = await reactor.admin.supply.certificates({ limit: 1_000 });
  return stored.map(({ text }) => JSON.parse(text) as CertificateDocument).reverse();
}

async function untilCertificates(count: number): Promise<readonly CertificateDocument[]> {
  return until(async () => {
    const all = await documents();
    if (all.length < count) throw new Error(`${all.length} of ${count} certificates`);
    return all;
  }, 120_000);
}

describe('the auditor on the whole stack', () => {
  test('certifies by the schedule, under traffic and a cycle of canaries', async () => {
    const schedule = SCHEDULE_IDS.supplyAudit;
    await reactor.cycle();
    const all = await untilCertificates(3);
    expect(all.map(({ findings }) => findings)).toEqual(all.map(() => []));
    expect(all.filter(({ outcome }) => outcome === 'violated')).toEqual([]);
    expect(
      all.some(({ outcome }) => outcome === 'ok'),
      schedule,
    ).toBe(true);
    expect(all.every(({ auditId }) => /^\d{8}T\d{6}Z/.test(auditId))).toBe(true);
  });

  test('by hand, from the first event too, to the last unit', async () => {
    const { answer, code } = await run(['audit', '--full']);
    expect(answer).toMatchObject({ certificate: { outcome: 'ok' }, full: { agrees: true } });
    expect(code).toBe(0);
    expect(answer.full.events).toBeGreaterThan(0);
  });

  test('a leak is found, stands until it is explained, and is never erased', async () => {
    const [frame] = reactor.stack.topology.frames;
    if (frame === undefined) throw new Error('the platform has no frame');
    await reactor.leak(frame.id, 'A1:user-01', '0.000001');
    const found = await run(['audit']);
    expect(found.code).toBe(1);
    const standing = await reactor.admin.supply.findings({ standing: true, limit: 10 });
    expect(standing).toMatchObject([
      { class: 'ledger_above_events', delta: '1', frame: frame.id, acknowledged: undefined },
    ]);
    const explained = await run(['audit', 'acknowledge', '--all', '--reason', 'planted']);
    expect(explained).toMatchObject({ code: 0, answer: { acknowledged: [standing[0]?.id] } });
    const after = await run(['audit']);
    expect(after).toMatchObject({
      code: 0,
      answer: { certificate: { outcome: 'ok', acknowledged: [standing[0]?.id] } },
    });
    const history = await run(['audit', 'history', '--outcome', 'violated']);
    expect(history.answer.certificates.length).toBeGreaterThan(0);
  });

  test('a worker killed again and again loses no certificate and doubles none', async () => {
    const before = (await documents()).length;
    for (let kill = 0; kill < 3; kill += 1) {
      await pause(700 * kill);
      // Its supervisor takes a moment to start it again.
      await until(() => reactor.killWorker(), 60_000);
    }
    const all = await untilCertificates(before + 3);
    expect(all.map(({ number }) => number)).toEqual(all.map((_, index) => index + 1));
    const { answer, code } = await run(['audit', 'verify']);
    expect(answer).toMatchObject({ holds: true });
    expect(code).toBe(0);
  });
});
