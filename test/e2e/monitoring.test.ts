// Real faults of the platform arrive as mails, firing and resolved, through real Prometheus and
// Alertmanager; how long each took is printed. Every time of the rules is scaled down.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ANNOTATIONS } from '../../monitoring/src/dashboards/annotations.js';
import type { AnnotationName } from '../../monitoring/src/dashboards/model.js';
import { checkCheatsheet, isFault } from '../../monitoring/src/live/check.js';
import { createPrometheus } from '../../monitoring/src/live/prometheus.js';
import { runCli } from '../../src/admin/cli.js';
import { openDependencies } from '../../src/admin/compose.js';
import type { CertificateDocument } from '../../src/domain/supply-certificate.js';
import type { ReceivedMail } from '../../stack/mails/mailbox.js';
import { until } from '../support/until.js';
import { type Reactor, startReactor } from './reactor.js';

const SHORT = {
  times: {
    scrapeSeconds: 3,
    // An evaluation costs half a second of one core.
    evaluationSeconds: 2,
    groupWaitSeconds: 1,
    groupIntervalSeconds: 1,
    resendSeconds: 4,
    scale: 0.02,
  },
  limits: { ledgerStaleSeconds: 5 },
};

const MAIL_MS_MAX = 120_000;
/** Every look fetches all mails, on the cores that the stack runs on. */
const LOOK_EVERY_MS = 250;

const directory = mkdtempSync(join(tmpdir(), 'canary-monitoring-'));
let reactor: Reactor;

beforeAll(async () => {
  const file = join(directory, 'monitoring.yaml');
  writeFileSync(file, JSON.stringify(SHORT));
  reactor = await startReactor({
    registries: ['A1', 'B1'],
    product: {
      cycle: { interval: '24h', spread: '1s', amount: '0.010000' },
      audit: { interval: '2s', cutWait: '10s' },
    },
    sandbox: { opaEnabled: true },
    withMonitoring: true,
    environment: { CANARY_MONITORING_CONFIG: file },
  });
  // The first clean cycle ends the warm-up, in which no canary pages.
  await reactor.cycle();
});

afterAll(async () => {
  await reactor.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function mails(): Promise<readonly ReceivedMail[]> {
  const answer = await fetch(`${reactor.stack.addresses.mails}/mails`);
  return (await answer.json()) as readonly ReceivedMail[];
}

/** The mail on an alert that came after a moment; throws while there is none. */
async function mailOn(
  alert: string,
  status: string,
  sinceMs: number,
  says = /./,
): Promise<ReceivedMail> {
  return until(
    async () => {
      const all = await mails();
      const found = all.find(
        ({ subject, text, receivedAt }) =>
          subject.startsWith(`[${status}`) &&
          subject.includes(alert) &&
          says.test(text) &&
          Date.parse(receivedAt) > sinceMs,
      );
      if (found !== undefined) return found;
      throw new Error(`no ${status} mail on ${alert}: ${all.map(({ subject }) => subject)}`);
    },
    MAIL_MS_MAX,
    LOOK_EVERY_MS,
  ).catch(async (error: unknown) => {
    throw new Error(`${error instanceof Error ? error.message : error}\n${await evidence(alert)}`);
  });
}

/** Where on its way the alert is, when its mail does not come. */
async function evidence(alert: string): Promise<string> {
  const { alertmanager, prometheus } = reactor.stack.addresses;
  const expression = encodeURIComponent(`ALERTS{alertname="${alert}"}`);
  const asked = [
    `${prometheus}/api/v1/query?query=${expression}`,
    `${prometheus}/api/v1/query?query=${encodeURIComponent('supply_audit_outcome == 1')}`,
    `${alertmanager}/api/v2/alerts?filter=${encodeURIComponent(`alertname="${alert}"`)}`,
  ];
  const answers = await Promise.all(asked.map(async (url) => (await fetch(url)).text()));
  const certificates = await reactor.admin.supply.certificates({ limit: 30 });
  const audits = certificates.map(({ text }) => {
    const { decidedAtMs, frames, number, outcome } = JSON.parse(text) as CertificateDocument;
    const parts = frames.map(({ frame, outcome: one, reason }) => `${frame} ${one} ${reason}`);
    return `${number} ${outcome} ${new Date(decidedAtMs).toISOString()} ${parts.join(', ')}`;
  });
  return [...answers, ...audits].join('\n');
}

async function activeTargets(): Promise<readonly { health: string; scrapeUrl: string }[]> {
  const answer = await fetch(`${reactor.stack.addresses.prometheus}/api/v1/targets`);
  const { data } = (await answer.json()) as {
    readonly data: { readonly activeTargets: readonly { health: string; scrapeUrl: string }[] };
  };
  return data.activeTargets;
}

interface Fault {
  readonly alert: string;
  readonly what: string;
  break(): Promise<unknown>;
  mend(): Promise<unknown>;
  /** What the mail must say, beside its alert. */
  readonly says: RegExp;
}

const REFUNDED_PATH = 'A1.1-B1.1-async';

const FAULTS: readonly Fault[] = [
  {
    alert: 'ServiceDown',
    what: 'a registry of the home frame ends',
    break: () => reactor.stack.service('registry-a1').stop(),
    mend: () => reactor.stack.service('registry-a1').start(),
    says: /registry of frame A at 127\.0\.0\.1:\d+ has not answered/,
  },
  {
    alert: 'FederationPeerDown',
    what: 'a registry of the other frame ends',
    break: () => reactor.stack.service('registry-b1').stop(),
    mend: () => reactor.stack.service('registry-b1').start(),
    says: /Registry B1 of frame B/,
  },
  {
    alert: 'SupplyLedgerStale',
    what: 'the broker ends, and no event reaches a store',
    break: () => reactor.stack.service('kafka').stop(),
    mend: () => reactor.stack.service('kafka').start(),
    says: /Frame A: the newest event was stored/,
  },
  {
    alert: 'CanaryTransferRefunded',
    what: 'the receiver’s TEG never credits',
    async break() {
      await reactor.fault({ at: 'teg', frame: 'B', kind: 'never_credit' });
      await reactor.fire(REFUNDED_PATH);
    },
    mend: () => reactor.clearFaults(),
    says: new RegExp(`${REFUNDED_PATH}: 1 tests were refunded`),
  },
  {
    alert: 'SupplyInvariantViolated',
    what: 'one unit is made without an event',
    break: () => reactor.leak('A', 'A1:user-01', '0.000001'),
    mend: acknowledge,
    says: /The supply audit of A is violated/,
  },
];

async function acknowledge(): Promise<void> {
  const [finding] = await reactor.admin.supply.findings({ standing: true, limit: 1 });
  if (finding === undefined) throw new Error('nothing stands that could be acknowledged');
  const code = await runCli(
    ['audit', 'acknowledge', String(finding.id), '--reason', 'made by a test'],
    {
      stdout: { write: () => undefined },
      stderr: { write: () => undefined },
      env: reactor.stack.productEnvironment,
      signal: new AbortController().signal,
      open: async (config) => openDependencies(config),
    },
  );
  expect(code).toBe(0);
}

describe('the way from a fault to a mail', () => {
  test('every target is up, and the watchdog’s mail has come', async () => {
    await mailOn('Watchdog', 'FIRING', 0);
    // At one scrape in three seconds a target may be late once; what is down stays down.
    const targets = await until(
      async () => {
        const all = await activeTargets();
        expect(all.filter(({ health }) => health !== 'up')).toEqual([]);
        return all;
      },
      MAIL_MS_MAX,
      LOOK_EVERY_MS,
    );
    expect(targets.length).toBeGreaterThan(10);
  });

  test('every query of the cheatsheet has series; that of OPA, too', async () => {
    const live = createPrometheus(reactor.stack.addresses.prometheus ?? '');
    await until(
      async () => {
        const all = await checkCheatsheet(live);
        const empty = all.filter(({ series }) => series === 0).map(({ query }) => query);
        // A healthy platform answers no 5xx.
        expect(empty.filter((query) => query !== '5xx rate per service')).toEqual([]);
        expect(all.filter(isFault)).toEqual([]);
        expect(all).toHaveLength(7);
      },
      MAIL_MS_MAX,
      LOOK_EVERY_MS,
    );
  });

  test.each(FAULTS)('$alert: $what', async (fault) => {
    const brokenMs = Date.now();
    await fault.break();
    const firing = await mailOn(fault.alert, 'FIRING', brokenMs, fault.says);
    expect(firing.text).toContain(`#${fault.alert.toLowerCase()}`);
    const mendedMs = Date.now();
    await fault.mend();
    const resolved = await mailOn(fault.alert, 'RESOLVED', mendedMs, fault.says);
    const seconds = (mail: ReceivedMail, fromMs: number) =>
      ((Date.parse(mail.receivedAt) - fromMs) / 1_000).toFixed(1);
    process.stdout.write(
      `${fault.alert}: mail ${seconds(firing, brokenMs)} s after the fault, ` +
        `resolved ${seconds(resolved, mendedMs)} s after the mend\n`,
    );
  });

  test('what was started anew is marked on the dashboards', async () => {
    // One that starts while another seems alive begins no warm-up: it must be seen to be gone.
    await reactor.stack.service('worker').stop();
    await until(
      async () => expect(await reactor.admin.workers.alive()).toEqual([]),
      MAIL_MS_MAX,
      LOOK_EVERY_MS,
    );
    await reactor.stack.service('worker').start();
    const live = createPrometheus(reactor.stack.addresses.prometheus ?? '');
    const marksOf = async (name: AnnotationName) => {
      const toSeconds = Math.floor(Date.now() / 1_000);
      const span = { fromSeconds: toSeconds - 900, toSeconds, stepSeconds: 15 };
      return live.range(ANNOTATIONS[name].expr, span);
    };
    await until(
      async () => {
        const registries = await marksOf('registryRestarts');
        const marked = registries.map(({ labels }) => labels.registry);
        expect(marked).toEqual(expect.arrayContaining(['A1', 'B1']));
        expect(await marksOf('workerRestarts')).not.toEqual([]);
        expect(await marksOf('warmUp')).not.toEqual([]);
      },
      MAIL_MS_MAX,
      LOOK_EVERY_MS,
    );
    // Nothing else was restarted.
    expect(await marksOf('eventStoreRestarts')).toEqual([]);
    expect(await marksOf('tegRestarts')).toEqual([]);
  });
});
