// The order in which docker-compose.temporal.yml starts its services, and the small scripts that
// stand in it: what can be run without docker is run here, on the real components.
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, inject, test } from 'vitest';
import { parseConfig } from '../../src/config.js';
import { SEARCH_ATTRIBUTES } from '../../src/names.js';
import { PROJECT_ROOT } from '../../stack/directories.js';
import { compose, content, readProjectFile, service, withDefaults } from './compose-file.js';
import { temporaryDirectory } from './support.js';

const run = promisify(execFile);
const names = Object.keys(compose.services);

/** Services that do their work and end. */
const ENDING = names.filter((name) => service(name).restart?.startsWith('on-failure'));

describe('the order', () => {
  test('has no circle', () => {
    for (const name of names) expect(neededBy(name), name).not.toContain(name);
  });

  test('waits for the end of what ends, and of nothing else', () => {
    expect(ENDING).not.toEqual([]);
    for (const name of names) {
      for (const [other, { condition }] of Object.entries(service(name).depends_on ?? {})) {
        const ends = condition === 'service_completed_successfully';
        expect(ends, `${name} waits for ${other}`).toBe(ENDING.includes(other));
      }
    }
  });

  // To `docker compose up --wait` a service that ends has failed, unless another waits for its end.
  test.each(ENDING)('has a service that stays and waits for the end of %s', (ending) => {
    const waiting = names.filter((name) => service(name).depends_on?.[ending] !== undefined);
    expect(waiting.filter((name) => !ENDING.includes(name))).not.toEqual([]);
  });

  test.each<readonly [string, readonly string[]]>([
    ['temporal', ['postgres', 'temporal-schema']],
    ['temporal-ui', ['temporal']],
    ['teg-a', ['postgres', 'kafka', 'sandbox']],
    ['worker', ['postgres', 'redis', 'temporal', 'temporal-namespace', 'agent-tokens']],
    ['exporter', ['worker']],
    ['web', ['worker']],
  ])('%s comes after %j', (name, others) => {
    expect(neededBy(name)).toEqual(expect.arrayContaining([...others]));
  });
});

describe('the scripts', () => {
  test('give a new namespace the search attributes, and may run again', async () => {
    const namespace = `compose-${process.pid}`;
    const temporal = inject('temporalPath');
    const env = {
      PATH: `${dirname(temporal)}:${process.env.PATH}`,
      TEMPORAL_ADDRESS: inject('temporalAddress'),
    };
    const script = scriptOf('temporal-namespace').replaceAll('-n default', `-n ${namespace}`);
    for (const _time of ['the first', 'the second']) await run('sh', ['-euc', script], { env });
    const list = ['operator', 'search-attribute', 'list', '-n', namespace, '-o', 'json'];
    const { stdout } = await run(temporal, list, { env });
    for (const name of Object.values(SEARCH_ATTRIBUTES)) expect(stdout).toContain(`"${name}"`);
  });

  test('give the worker a token of every canary agent', async () => {
    const directory = temporaryDirectory();
    const file = join(directory, 'sandbox.yaml');
    writeFileSync(file, content('sandbox'));
    const script = scriptOf('agent-tokens').replaceAll('/tokens/', `${directory}/`);
    const env = { PATH: process.env.PATH, SANDBOX_CONFIG: file };
    await run('sh', ['-euc', script], { env, cwd: PROJECT_ROOT });
    const { agentTokensFile, frames } = parseConfig('canary.yaml', content('canary'), {}).platform;
    const written = agentTokensFile.replace('/tokens/', `${directory}/`);
    const tokens = JSON.parse(readFileSync(written, 'utf8'));
    const agents = frames.flatMap((frame) => frame.registries.flatMap(({ agents }) => agents));
    expect(agents).toHaveLength(6);
    for (const agent of agents) expect(tokens[agent]).toMatch(/\S{16,}/);
  });
});

describe('the image', () => {
  test('needs no packages beside those of the root', () => {
    const { packages } = JSON.parse(readProjectFile('package-lock.json'));
    const nested = Object.keys(packages).filter((path) => path.startsWith('sandbox/node_modules'));
    expect(nested).toEqual([]);
  });

  test('has tsx, which runs its processes, at run time', () => {
    const { dependencies } = JSON.parse(readProjectFile('package.json'));
    expect(dependencies).toHaveProperty('tsx');
    expect(readProjectFile('Dockerfile')).toContain('ENTRYPOINT ["node", "--import", "tsx"]');
  });
});

/** All that a service waits for, directly or through others. */
function neededBy(name: string, seen: ReadonlySet<string> = new Set()): readonly string[] {
  if (seen.has(name)) return [];
  const others = Object.keys(service(name).depends_on ?? {});
  const further = others.flatMap((other) => neededBy(other, new Set([...seen, name])));
  return [...new Set([...others, ...further])];
}

function scriptOf(name: string): string {
  const { entrypoint, command } = service(name);
  expect(entrypoint).toEqual(['sh', '-euc']);
  expect(command).toHaveLength(1);
  return withDefaults(command?.[0] ?? '');
}
