// An alert becomes a mail: the real Alertmanager, unpacked and not installed, and the real sink.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  prepareAlertmanager,
  RelocationError,
  relocated,
} from '../../stack/monitoring/alertmanager-installation.js';
import { temporaryDirectory } from '../stack/support.js';
import { until } from '../support/until.js';
import { readJson, startPart } from './part.js';
import { programForCases } from './programs.js';

const provided = await programForCases('alertmanager');

/** Real programs on a machine that has much else to do. */
const PATIENCE_MS = 30_000;
const CASE_TIMEOUT_MS = 120_000;

interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

const TIMES = { groupWaitSeconds: 0.1, groupIntervalSeconds: 0.2, repeatSeconds: 60 };

const ALERT = {
  labels: { alertname: 'SupplyInvariantViolated', severity: 'critical', frame: 'A' },
  annotations: {
    summary: 'Supply of frame A is off by 3 AVT',
    description: 'The ledger has <3> AVT more than the events allow.',
    runbook_url: 'https://docs.example.com/runbook#supply-invariant-violated',
  },
};

describe.skipIf(provided === undefined)('the program', () => {
  test(
    'sends the alert and its end to whom the configuration names',
    async () => {
      if (provided === undefined) return;
      const cache = temporaryDirectory();
      const alertmanager = await prepareAlertmanager(provided, cache, '/nonexistent');
      const part = await startPart({
        programs: { alertmanager },
        config: { times: TIMES, mail: { to: 'operator@example.com' } },
      });
      const mails = () => readJson<readonly Mail[]>(`${part.url('mails')}/mails`);
      await post(part.url('alertmanager'), ALERT);
      const [firing] = await until(async () => nonEmpty(await mails()), PATIENCE_MS);
      expect(firing?.to).toEqual(['operator@example.com']);
      expect(firing?.subject).toBe('[FIRING:1] critical: SupplyInvariantViolated A');
      for (const text of Object.values(ALERT.annotations)) expect(firing?.text).toContain(text);
      expect(firing?.text).toContain('frame="A"');

      await post(part.url('alertmanager'), { ...ALERT, endsAt: new Date().toISOString() });
      const [resolved] = await until(
        async () => nonEmpty(withoutFiring(await mails())),
        PATIENCE_MS,
      );
      expect(resolved?.subject).toBe('[RESOLVED] critical: SupplyInvariantViolated A');
      expect(await readPage(part.url('mails'))).toContain('has &lt;3&gt; AVT more');
    },
    CASE_TIMEOUT_MS,
  );
});

async function post(url: string, alert: object): Promise<void> {
  const answer = await fetch(`${url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([alert]),
  });
  expect(answer.status, await answer.text()).toBe(200);
}

async function readPage(url: string): Promise<string> {
  return (await fetch(url)).text();
}

function withoutFiring(mails: readonly Mail[]): readonly Mail[] {
  return mails.filter(({ subject }) => !subject.startsWith('[FIRING'));
}

function nonEmpty<T>(list: readonly T[]): readonly T[] {
  if (list.length === 0) throw new Error('no mail has come');
  return list;
}

const DIRECTORY = '/usr/share/prometheus/alertmanager';

describe('the program is given another template directory', () => {
  const program = `abc${DIRECTORY}123${DIRECTORY}/ui/456`;

  test('of the same length, and nothing else changes', () => {
    const after = relocated(Buffer.from(program)).toString();
    expect(after).toHaveLength(program.length);
    expect(after).toBe(`abc.${'/'.repeat(DIRECTORY.length - 1)}123${DIRECTORY}/ui/456`);
  });

  test.each([
    ['names it nowhere', 'abc', 0],
    ['names only its page', `abc${DIRECTORY}/ui/`, 0],
    ['names it twice', `${DIRECTORY}1${DIRECTORY}2`, 2],
  ])('not where it %s', (_name, text, occurrences) => {
    expect(() => relocated(Buffer.from(text))).toThrow(RelocationError);
    expect(() => relocated(Buffer.from(text))).toThrow(`directory ${occurrences} times`);
  });

  test.each([
    ['it was found on the PATH', 'path', false],
    ['the templates are installed', 'cache', true],
  ] as const)('and is used as it is where %s', async (_name, origin, isInstalled) => {
    const root = temporaryDirectory();
    const path = join(root, 'bin', 'alertmanager');
    const templates = join(root, 'installed');
    for (const file of [path, ...(isInstalled ? [join(templates, 'default.tmpl')] : [])]) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, '');
    }
    const program = { kind: 'program', path, version: '0.25.0', origin } as const;
    expect(await prepareAlertmanager(program, root, templates)).toEqual({ program: path });
  });
});
