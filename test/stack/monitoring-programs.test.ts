// A program of the monitoring that cannot be had is named with its reason and the one thing to do,
// and the rest of the monitoring is planned without it.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseTopology } from '../../sandbox/src/topology.js';
import { stackDirectory } from '../../stack/directories.js';
import { planMonitoring } from '../../stack/monitoring/monitoring.js';
import { MONITORING_PROGRAMS, provideMonitoring } from '../../stack/monitoring/programs.js';
import { portTable } from '../../stack/ports.js';
import { temporaryDirectory, writeProgram } from './support.js';

test('what is there is planned, what is missing is told', async () => {
  const root = temporaryDirectory();
  // No apt-get, nothing cached: only what stands on this PATH is there.
  for (const name of ['prometheus', 'node_exporter']) {
    writeProgram(join(root, 'bin', name), `echo '${name}, version 2.45.0'`);
  }
  const said: string[] = [];
  const environment = { PATH: join(root, 'bin'), CANARY_STACK_CACHE: join(root, 'cache') };
  const programs = await provideMonitoring({ environment, report: (text) => said.push(text) });
  expect(Object.keys(programs)).toEqual(['prometheus', 'node-exporter']);
  const missing = MONITORING_PROGRAMS.filter((name) => programs[name] === undefined);
  for (const name of missing) {
    expect(said.join('\n')).toMatch(
      new RegExp(`^${name} cannot be had: there is no program apt-get here. What to do: put `, 'm'),
    );
  }
  expect(said.join('\n')).toContain('Without it alerts are evaluated and reach nobody;');

  const { watching, prometheus, addresses } = await planMonitoring({
    programs,
    topology: parseTopology({}),
    ports: portTable(27_000),
    directory: stackDirectory(root),
    environment: {},
    urls: { postgres: 'postgres://postgres@127.0.0.1:27000/postgres', redis: 'redis://127.0.0.1' },
  });
  expect(watching.map(({ name }) => name)).toEqual(['mails', 'node-exporter']);
  expect(prometheus?.name).toBe('prometheus');
  expect(addresses).toMatchObject({
    mails: 'http://127.0.0.1:27036',
    prometheus: 'http://127.0.0.1:27030',
  });
});

test('another build of Alertmanager is missing, not started with a hole in it', async () => {
  const root = temporaryDirectory();
  const cache = join(root, 'cache');
  const program = join(cache, 'prometheus-alertmanager-0.25.0-1+b4', 'usr', 'bin');
  writeProgram(join(program, 'prometheus-alertmanager'), 'exit 1');
  const said: string[] = [];
  const environment = { PATH: root, CANARY_STACK_CACHE: cache };
  const programs = await provideMonitoring({ environment, report: (text) => said.push(text) });
  expect(programs.alertmanager).toBeUndefined();
  expect(said.join('\n')).toMatch(/^alertmanager cannot be had: .* it is another build/m);
});
