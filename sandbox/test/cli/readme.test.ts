// sandbox/README.md says what the code does: its tables against those of the code.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { EXIT_CODES } from '../../src/cli/exit-codes.js';
import { listServices } from '../../src/cli/service-list.js';
import { runSandboxCli } from '../../src/cli.js';
import { FAULT_KINDS } from '../../src/names.js';
import { parseTopology } from '../../src/topology.js';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** The cells of every table row. */
const rows = README.split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

const SERVICE_TITLES: Readonly<Record<string, string>> = {
  teg: 'TEG',
  'event-store': 'EventStore',
  registry: 'registry',
};

test.each(Object.entries(FAULT_KINDS))('the fault %s has its row', (kind, { services, params }) => {
  const [row, ...others] = rows.filter(([first]) => first === `\`${kind}\``);
  expect(others).toEqual([]);
  // The faults of the event path strike at the EventStore only when they are told to.
  const [service = '', ...more]: readonly string[] = services;
  expect(row?.[1]).toContain(SERVICE_TITLES[service]);
  if (more.includes('event-store')) expect(row?.[2]).toContain('--at after_store');
  for (const name of Object.keys(params)) {
    if (name !== 'to') expect(row?.[2]).toContain(`--param ${name}=`);
  }
});

test.each(Object.values(EXIT_CODES))('the exit code $code has its row', ({ code, meaning }) => {
  const row = rows.find(([first]) => first === String(code));
  expect(row?.[1]?.replaceAll('`', '')).toBe(meaning);
});

test('the default ports are those of the reference set-up', () => {
  for (const { name, url } of listServices(parseTopology({}))) {
    const [service = ''] = name.split(':');
    const row = rows.find(([first]) => first?.startsWith(`\`${service}`));
    expect(row?.[2]).toContain(new URL(url).port);
  }
});

test('every command of the page is one', async () => {
  const commands = [...README.matchAll(/^npm run sandbox -- ([a-z]+(?: [a-z]+)?)/gm)];
  expect(commands.length).toBeGreaterThan(8);
  for (const [, command = ''] of commands) {
    let out = '';
    await runSandboxCli([...command.split(' '), '--help'], {
      write: (text) => {
        out += text;
      },
      warn: () => undefined,
      environment: {},
    });
    // For a command that it does not know, commander shows the help of the one above.
    expect(out).toMatch(new RegExp(`^Usage: sandbox ${command} `));
  }
});
