// The command line on a real platform of one frame: TEG, EventStore, registry and traffic.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runSandboxCli } from '../../src/cli.js';
import { startEventStore } from '../../src/event-store/event-store.js';
import { callJson } from '../../src/registry/json-call.js';
import { startRegistry } from '../../src/registry/registry.js';
import type { RunningService } from '../../src/service/context.js';
import { deriveTokens } from '../../src/service/tokens.js';
import { startTeg } from '../../src/teg/teg.js';
import { parseTopology, type Topology, tegUrl } from '../../src/topology.js';
import { startTraffic } from '../../src/traffic/traffic.js';
import { createTestPlatform, type TestPlatform } from '../service/test-platform.js';

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const directory = mkdtempSync(join(tmpdir(), 'sandbox-cli-'));

afterAll(() => rmSync(directory, { recursive: true }));

function configFile(name: string, content: string): string {
  const file = join(directory, name);
  writeFileSync(file, content);
  return file;
}

async function run(config: string, ...argv: readonly string[]): Promise<Run> {
  let out = '';
  let err = '';
  const code = await runSandboxCli(argv, {
    write: (text) => {
      out += text;
    },
    warn: (text) => {
      err += text;
    },
    environment: { SANDBOX_CONFIG: config },
  });
  return { code, out, err };
}

const jsonOf = ({ out }: Run) => JSON.parse(out);

describe('without a platform', () => {
  const seed = 'a secret of its own';
  const postgresUrl = 'postgres://someone:hidden@127.0.0.1:1/postgres';
  const config = configFile('away.json', JSON.stringify({ secretSeed: seed, postgresUrl }));

  test('tokens are those that the services derive', async () => {
    const tokens = deriveTokens(seed);
    const canaries = ['A1', 'A2', 'B1'].flatMap((id) => [`${id}:canary-1`, `${id}:canary-2`]);
    expect(jsonOf(await run(config, 'tokens', '--json'))).toEqual(
      Object.fromEntries(canaries.map((id) => [id, tokens.agent(id)])),
    );
    const all = jsonOf(await run(config, 'tokens', '--json', '--users', '--roles'));
    expect(all).toMatchObject({
      'B1:user-06': tokens.agent('B1:user-06'),
      control: tokens.control,
      oracle: tokens.oracle,
    });
  });

  test('services are all of the topology, with how to start each', async () => {
    const services = jsonOf(await run(config, 'services', '--json'));
    expect(
      services.map((service: { name: string; url: string }) => [service.name, service.url]),
    ).toEqual([
      ['teg:A', 'http://127.0.0.1:27100'],
      ['event-store:A', 'http://127.0.0.1:27101'],
      ['registry:A1', 'http://127.0.0.1:27102'],
      ['registry:A2', 'http://127.0.0.1:27103'],
      ['teg:B', 'http://127.0.0.1:27120'],
      ['event-store:B', 'http://127.0.0.1:27121'],
      ['registry:B1', 'http://127.0.0.1:27122'],
      ['traffic', 'http://127.0.0.1:27190'],
    ]);
    expect(services[0].args).toEqual(['--import', 'tsx', 'sandbox/src/main.ts', 'teg:A']);
  });

  test('the topology is shown with its defaults and without its secrets', async () => {
    const shown = await run(config, 'topology', '--json');
    expect(jsonOf(shown)).toMatchObject({ portBase: 27_100, feeBasisPoints: 10 });
    expect(shown.out).not.toContain(seed);
    expect(shown.out).not.toContain('hidden');
  });

  const refusals: readonly (readonly [readonly string[], number, RegExp])[] = [
    [['fault', 'add', 'nothing'], 2, /kind "nothing"/],
    [['fault', 'add', 'slow', '--count', 'many'], 2, /--count "many"/],
    [['fault', 'add', 'slow', '--service', 'bank'], 2, /--service/],
    [['fault', 'add'], 2, /missing required argument 'kind'/],
    [['fault', 'mend'], 2, /unknown command 'mend'/],
    [['leak', 'create', 'A1:user-01', '-1'], 2, /-1/],
    [['leak', 'create', 'A1:user-01', '0.0000001'], 2, /amount "0.0000001"/],
    [['leak', 'create', 'treasury/A', '1'], 2, /account "treasury\/A".*--frame/],
    [['leak', 'move', 'A1:user-01', '1'], 2, /missing required argument/],
    [['leak', 'forge', 'C'], 2, /frame "C".*A, B/],
    [['leak', 'erase', 'A', '--sequence', '0'], 2, /--sequence "0"/],
    [['traffic', 'rate', 'fast'], 2, /rate "fast"/],
    [['traffic', 'rate', '10001'], 2, /rate "10001"/],
  ];
  test.each(refusals)('%j is a wrong command line', async (argv, code, message) => {
    const refused = await run(config, ...argv);
    expect(refused).toMatchObject({ code, out: '', err: expect.stringMatching(message) });
  });

  test('a configuration that is not usable is named with file, place and value', async () => {
    const broken = configFile('broken.json', JSON.stringify({ portBase: 'high' }));
    const refused = await run(broken, 'services');
    expect(refused).toMatchObject({ code: 3, out: '' });
    expect(refused.err).toContain(`${broken}: portBase:`);
    expect(refused.err).toContain('"high"');
    expect(await run(join(directory, 'none.json'), 'services')).toMatchObject({ code: 3 });
  });

  test('help needs no configuration', async () => {
    const helped = await run(join(directory, 'none.json'), 'fault', 'add', '--help');
    expect(helped).toMatchObject({ code: 0, err: '' });
    expect(helped.out).toContain('cut_broadcast (event-store)');
  });

  test('services that are away are named, one by one', async () => {
    // Nothing listens on the port that 1024 stands for, nor near it.
    const away = configFile('nobody.json', JSON.stringify({ portBase: 1024 }));
    const refused = await run(away, 'fault', 'list');
    expect(refused.code).toBe(4);
    expect(refused.err.trim().split('\n').length).toBe(7);
    expect(refused.err).toMatch(/^registry:B1: no answer from/m);
  });
});

describe('on a platform', () => {
  let platform: TestPlatform;
  let topology: Topology;
  let config: string;
  let frame: string;
  let running: RunningService[];

  beforeAll(async () => {
    platform = await createTestPlatform({ pipe: 'direct' });
    topology = parseTopology({
      ...platform.topology,
      traffic: { transfersPerSecond: 0, registryActionsPerSecond: 0, economyActionsPerSecond: 0 },
    });
    frame = platform.frameIds[0] ?? '';
    config = configFile('platform.json', JSON.stringify(topology));
    const context = { ...platform.context, topology };
    running = [await startEventStore(context, frame), await startTeg(context, frame)];
    running.push(await startRegistry(context, `${frame}R`), await startTraffic(context));
  });

  afterAll(async () => {
    for (const service of [...(running ?? [])].reverse()) await service.close();
    await platform?.remove();
  });

  const user = (number: number) => `${frame}R:user-0${number}`;

  /** A transfer between two users at the real door. */
  async function pay(): Promise<{ readonly status: number; readonly transferId: string }> {
    const answer = await callJson({
      method: 'POST',
      url: `${tegUrl(topology, frame)}/teg/transfer`,
      token: deriveTokens(topology.secretSeed).agent(user(1)),
      headers: { 'idempotency-key': crypto.randomUUID() },
      body: { sender: user(1), receiver: user(2), amount: '0.01', memo: 'tea' },
      timeoutMs: 5_000,
    });
    if (answer.kind === 'no_answer') throw new Error(answer.message);
    const { transfer_id: transferId = '' } = answer.body as { transfer_id?: string };
    return { status: answer.status, transferId };
  }

  test('a fault is added, bites, is listed and removed', async () => {
    const added = jsonOf(await run(config, 'fault', 'add', 'refuse_transfer', '--json'));
    expect(added.faults).toMatchObject([
      { service: `teg:${frame}`, kind: 'refuse_transfer', hits: 0 },
    ]);
    expect(await pay()).toMatchObject({ status: 422 });
    const listed = await run(config, 'fault', 'list');
    expect(listed).toMatchObject({ code: 0, err: '' });
    expect(listed.out).toMatch(/^teg:\S+ +\S+ {2}refuse_transfer.* hits=1/m);
    const { id } = added.faults[0];
    expect(await run(config, 'fault', 'remove', id)).toMatchObject({ code: 0 });
    expect(await pay()).toMatchObject({ status: 201 });
    expect(await run(config, 'fault', 'remove', id)).toMatchObject({
      code: 1,
      err: `no active fault "${id}"\n`,
    });
  });

  test('clear ends the faults of all services', async () => {
    await run(config, 'fault', 'add', 'unavailable', '--service', 'registry');
    await run(config, 'fault', 'add', 'drop_event', '--at', 'after_store', '--probability', '0.1');
    await run(config, 'fault', 'add', 'drop_event', '--event-type', 'TokensIssued');
    const before = jsonOf(await run(config, 'fault', 'list', '--json'));
    expect(before.faults.map((fault: { service: string }) => fault.service)).toEqual([
      `teg:${frame}`,
      `event-store:${frame}`,
      `registry:${frame}R`,
    ]);
    expect(await run(config, 'fault', 'clear')).toMatchObject({ code: 0 });
    expect(jsonOf(await run(config, 'fault', 'list', '--json'))).toEqual({ faults: [] });
  });

  test('what a service refuses is told with its words', async () => {
    const refused = await run(config, 'leak', 'destroy', user(1), '999999999');
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toMatch(/^teg:\S+: \d+ insufficient_funds /);
  });

  test('leaks change balances', async () => {
    const balance = async (number: number) => {
      const url = `${tegUrl(topology, frame)}/teg/agents/${user(number)}/balance`;
      const answer = await callJson({ url, timeoutMs: 5_000 });
      const { available } = (answer as { body: { available: string } }).body;
      return Number(available.replace('.', ''));
    };
    const before = [await balance(3), await balance(4)];
    expect(await run(config, 'leak', 'create', user(3), '5')).toMatchObject({ code: 0 });
    expect(await run(config, 'leak', 'destroy', user(4), '1')).toMatchObject({ code: 0 });
    expect(await run(config, 'leak', 'move', user(3), user(4), '2')).toMatchObject({
      code: 0,
      out: `teg:${frame}: move 2 AVT, ${user(3)} to ${user(4)}\n`,
    });
    const after = [await balance(3), await balance(4)];
    expect(after.map((value, index) => value - (before[index] ?? 0))).toEqual([
      3_000_000, 1_000_000,
    ]);
  });

  test('leaks in a log strike, and all leaks are listed', async () => {
    await run(config, 'leak', 'offset', user(3), user(4), '0.5');
    const missing = await run(config, 'leak', 'erase', frame, '--sequence', '999999999');
    expect(missing).toMatchObject({ code: 1, out: '' });
    expect(missing.err).toMatch(/^event-store:\S+: 404 unknown_event .*999999999/);
    const { leaks } = jsonOf(await run(config, 'leak', 'list', '--json'));
    expect(leaks.at(-1)).toMatchObject({
      ...{ service: `teg:${frame}`, kind: 'offset', frame, amount: '0.500000' },
      accounts: [user(3), user(4)],
    });
    const listed = await run(config, 'leak', 'list', '--frame', frame);
    expect(listed.out).toMatch(/^teg:\S+ +offset +after \d+ +0\.500000 /m);
  });

  test('the oracle tells of a transfer', async () => {
    const { transferId } = await pay();
    const told = jsonOf(await run(config, 'oracle', 'transfer', transferId));
    expect(JSON.stringify(told[`teg:${frame}`])).toContain(transferId);
    expect(await run(config, 'oracle', 'transfer', 'nobody')).toMatchObject({ code: 1 });
  });

  test('the oracles count the business again', async () => {
    const told = jsonOf(await run(config, 'oracle', 'business'));
    expect(told[`teg:${frame}`].fees_collected).toHaveLength(2);
    expect(told[`registry:${frame}R`].disputes).toHaveLength(5);
  });

  test('nothing stranded is released', async () => {
    expect(jsonOf(await run(config, 'release', '--json'))).toEqual({
      [`teg:${frame}`]: { released: 0 },
    });
  });

  test('the rate of the traffic is changed', async () => {
    expect(await run(config, 'traffic', 'rate', '0.5')).toMatchObject({
      code: 0,
      out: '0.5 transfers per second\n',
    });
  });
});
