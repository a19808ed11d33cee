// The monitoring's configuration: what a file may set, and where it is told that it is wrong.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { REFERENCE } from '../../monitoring/src/config.js';
import { committedMonitoringFiles } from '../../monitoring/src/emit.js';
import {
  loadMonitoringConfig,
  MonitoringConfigError,
  parseMonitoringConfig,
} from '../../monitoring/src/load-config.js';
import { temporaryDirectory } from '../stack/support.js';

const parse = (text: string) => parseMonitoringConfig(REFERENCE, 'monitoring.yaml', text);

describe('a file sets', () => {
  test.each<readonly [string, string, object]>([
    ['nothing', '', REFERENCE],
    [
      'a receiver, and the rest stays',
      'mail: {to: ops@example.org}',
      { ...REFERENCE, mail: { ...REFERENCE.mail, to: 'ops@example.org' } },
    ],
    [
      'a single frame in the place of two',
      'topology: {frames: [{id: A, registries: [A1]}]}',
      {
        ...REFERENCE,
        topology: { ...REFERENCE.topology, frames: [{ id: 'A', registries: ['A1'] }] },
      },
    ],
    [
      'times that a case can wait for',
      'times: {scale: 0.01, groupWaitSeconds: 0.1}',
      { ...REFERENCE, times: { ...REFERENCE.times, scale: 0.01, groupWaitSeconds: 0.1 } },
    ],
    [
      'what is scraped',
      'targets: [{job: teg, address: "teg.example.com:443", labels: {frame: A}}]',
      {
        ...REFERENCE,
        targets: [{ job: 'teg', address: 'teg.example.com:443', labels: { frame: 'A' } }],
      },
    ],
  ])('%s', (_name, text, expected) => expect(parse(text)).toEqual(expected));
});

describe('refused with file, line and place:', () => {
  test.each([
    ['a ratio above one', 'limits:\n  errorRatio: 5', 'line 2: limits.errorRatio', '5'],
    ['a time that is none', 'times:\n  repeatSeconds: 4h', 'line 2: times.repeatSeconds', '"4h"'],
    ['a receiver that is none', 'mail: {to: operator}', 'line 1: mail.to', '"operator"'],
    ['a mail server without a port', 'mail:\n  smarthost: smtp', 'mail.smarthost: must be host'],
    ['an unknown setting', 'mail:\n  too: a@example.com', 'line 2: mail: Unrecognized key: "too"'],
    ['a link with a slash at its end', 'links: {page: "https://x.org/"}', 'links.page: must not'],
    ['no frame', 'topology: {frames: []}', 'line 1: topology.frames'],
    [
      'a frame twice',
      'topology:\n  frames:\n  - {id: A, registries: [A1]}\n  - {id: A, registries: [A2]}',
      'line 3: topology.frames: frame A occurs twice',
    ],
    ['an unknown job', 'targets: [{job: tegg, address: "a:1"}]', 'line 1: targets.0.job'],
    [
      'limits in the wrong order',
      'limits:\n  connectionsHighRatio: 0.99',
      'line 2: limits.connectionsHighRatio: must be below connectionsCriticalRatio',
    ],
    [
      'windows in the wrong order',
      'slo:\n  burnRates:\n  - {severity: warning, longMinutes: 5, shortMinutes: 60, factor: 1}',
      'line 3: slo.burnRates.0.shortMinutes: must be below longMinutes',
    ],
    ['what is no YAML', 'mail: [', 'Flow sequence'],
    ['what is no mapping', '- mail', '(root): '],
  ])('%s', (_name, text, ...told) => {
    const problem = problemOf(() => parse(text));
    expect(problem).toContain('monitoring configuration monitoring.yaml is not usable');
    for (const one of told) expect(problem).toContain(one);
  });

  test('a file that is not there', () => {
    const environment = { CANARY_MONITORING_CONFIG: '/nonexistent/monitoring.yaml' };
    const problem = problemOf(() => loadMonitoringConfig(REFERENCE, environment));
    expect(problem).toMatch(/\/nonexistent\/monitoring.yaml is not usable:\n {2}cannot be read/);
  });

  test('a value in the source itself', () => {
    const wrong = { ...REFERENCE, limits: { ...REFERENCE.limits, errorRatio: 7 } };
    const problem = problemOf(() => loadMonitoringConfig(wrong, {}));
    expect(problem).toMatch(/monitoring\/src\/config.ts is not usable:\n {2}limits.errorRatio/);
  });
});

test('generation stops at a wrong value, before any file is written', () => {
  const file = join(temporaryDirectory(), 'monitoring.yaml');
  writeFileSync(file, 'limits: {errorRatio: 5}\n');
  const problem = problemOf(() => committedMonitoringFiles({ CANARY_MONITORING_CONFIG: file }));
  expect(problem).toContain(`${file} is not usable:\n  line 1: limits.errorRatio`);
});

function problemOf(load: () => unknown): string {
  try {
    load();
  } catch (error) {
    expect(error).toBeInstanceOf(MonitoringConfigError);
    return error instanceof Error ? error.message : '';
  }
  throw new Error('nothing was refused');
}
