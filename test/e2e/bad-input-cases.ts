// What others put in: refused commands, broken records on the real topic, forged memos on the real
// ledger. Counted and skipped, never a crash, never a stamp; and no secret of ours comes out.
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel, Partitioners, type Producer } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deriveTokens } from '../../sandbox/src/service/tokens.js';
import { registryIds, tegUrl, topicName, userAgentIds } from '../../sandbox/src/topology.js';
import { connectClient } from '../../src/adapters/temporal-connection.js';
import { runCli } from '../../src/admin/cli.js';
import { openDependencies } from '../../src/admin/compose.js';
import type { WholeResult } from '../../src/ports.js';
import { seriesNamed } from '../exporters/page.js';
import { until } from '../support/until.js';
import { transferEnvelope } from '../support/wire-events.js';
import type { Reactor } from './reactor.js';

let reactor: Reactor;
let producer: Producer;

/** The sum over all series of a family whose labels hold a text. */
async function counted(family: string, labels = ''): Promise<number> {
  const page = await (await fetch(reactor.stack.addresses.metrics ?? '')).text();
  const series = Object.entries(seriesNamed(page, family)).filter(([name]) =>
    name.includes(labels),
  );
  if (series.length === 0) throw new Error(`no series of ${family} with ${labels}`);
  return series.reduce((sum, [, value]) => sum + Number(value), 0);
}

/** Waits until a counter has grown by so much at least. */
async function grows(family: string, labels: string, from: number, by: number): Promise<void> {
  await until(async () => {
    const now = await counted(family, labels);
    if (now < from + by) throw new Error(`${family} is ${now}, was ${from}`);
  }, 60_000);
}

async function canary(line: string, env: NodeJS.ProcessEnv = {}) {
  const output = { text: '', write: (text: string) => (output.text += text) };
  const code = await runCli(line.split(' '), {
    stdout: output,
    stderr: output,
    env: { ...reactor.stack.productEnvironment, ...env },
    signal: new AbortController().signal,
    open: async (config) => openDependencies(config),
  });
  return { code, text: output.text };
}

const BROKEN_RECORDS: readonly (string | null)[] = [
  'canary- is no JSON',
  '{"event_type":"TokensTransferred","data":{"memo":"canary-1"}}',
  JSON.stringify({ ...transferEnvelope(), data: { memo: 'canary-1', amount: 0.01 } }),
  JSON.stringify({ ...transferEnvelope(), backend: '3pc' }),
  `{"event_type":"TokensTransferred","data":{"memo":"canary-${'x'.repeat(300_000)}`,
  `${'[['.repeat(20_000)}canary-`,
  '',
  null,
];

/** A transfer between users of A1 over the door of everybody, with a memo that is not theirs. */
async function forge(memo: string): Promise<string> {
  const { topology } = reactor.stack;
  const [sender = '', receiver = ''] = userAgentIds(topology, 'A1');
  const answer = await fetch(`${tegUrl(topology, 'A')}/teg/transfer`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${deriveTokens(topology.secretSeed).agent(sender)}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    body: JSON.stringify({ sender, receiver, amount: '0.010000', memo }),
  });
  const text = await answer.text();
  if (answer.status !== 201) throw new Error(`the TEG answered ${answer.status}: ${text}`);
  return (JSON.parse(text) as { readonly transfer_id: string }).transfer_id;
}

const PATH = 'A1.1-A1.2-intra';

async function resultOf(cycleId: string): Promise<WholeResult> {
  const { results } = reactor.admin;
  const [listed] = await results.resultsOfCycle(cycleId);
  const result = listed && (await results.result(listed.testId));
  if (result === undefined) throw new Error(`no result in cycle ${cycleId}`);
  return result;
}

/** Waits for the finding about the forged sender; answers what the test passed with. */
async function foundForged(testId: string): Promise<void> {
  await until(async () => {
    const kinds = (await reactor.admin.results.findings(testId)).map(({ kind }) => kind);
    if (!kinds.includes('wrong_sender')) throw new Error(`findings: ${kinds.join(', ')}`);
  }, 60_000);
}

/** Every text in a history, its payloads decoded. */
function readable(part: unknown): string {
  if (typeof part === 'string') return `${part}\n`;
  if (part instanceof Uint8Array) return `${Buffer.from(part).toString('utf8')}\n`;
  if (typeof part !== 'object' || part === null) return '';
  return Object.values(part).map(readable).join('');
}

/** Ends with all paths passing; frame A must be heard over Kafka. */
export function badInputCases(ground: () => Reactor): void {
  beforeAll(async () => {
    reactor = ground();
    const brokers = [...reactor.admin.config.stores.kafka];
    producer = new Kafka({ brokers, logLevel: logLevel.NOTHING }).producer({
      createPartitioner: Partitioners.DefaultPartitioner,
      allowAutoTopicCreation: false,
    });
    await producer.connect();
  });
  afterAll(() => producer?.disconnect());

  refusedCommands();
  brokenRecords();
  forgedMemos();
  secrecy();
}

function refusedCommands(): void {
  describe('a command that cannot be meant is refused, and nothing is fired', () => {
    test.each([
      ['fire A9.1-B1.1-async', {}, 2, '"A9.1-B1.1-async" is not a path of the matrix'],
      ['fire --sender A1:canary-1 --receiver B1:canary-1 --backend 3pc', {}, 2, '"3pc"'],
      ['fire --sender A1:nobody --receiver B1:canary-1 --backend 2pc', {}, 2, '"A1:nobody"'],
      ['fire A1.1-B1.1-async --timeout soon', {}, 2, '"soon"'],
      ['cycle --amount 5', {}, 2, '--amount'],
      ['cycle', { CANARY_CYCLE_SPREAD: 'wide' }, 3, '"wide"'],
    ] as const)('%s %o', async (line, env, code, text) => {
      const before = await reactor.admin.results.cycles(50);
      const answer = await canary(line, env);
      expect(answer).toMatchObject({ code, text: expect.stringContaining(text) });
      expect(await reactor.admin.results.cycles(50)).toEqual(before);
    });
  });
}

function brokenRecords(): void {
  describe('on the real topic', () => {
    test('broken records are counted, and the next cycle is clean', async () => {
      const before = await counted('canary_validator_malformed_total', 'frame="A"');
      for (const frame of ['A', 'B']) {
        const messages = BROKEN_RECORDS.map((value) => ({ value, partition: 0 }));
        await producer.send({ topic: topicName(frame), acks: -1, messages });
      }
      // The last two hold no mark of ours, so nobody parses them.
      await grows(
        'canary_validator_malformed_total',
        'frame="A"',
        before,
        BROKEN_RECORDS.length - 2,
      );
      expect(await reactor.cycle()).toMatchObject({ outcomes: { passed: 30 }, clean: true });
    });

    test('a foreign event that names no test of ours is counted, and is no test', async () => {
      const before = await counted('canary_validator_unregistered_total', 'frame="A"');
      const testId = `forged-${randomUUID()}`;
      const envelope = transferEnvelope({ producer: 'teg-x', source_frame: 'X' });
      const value = JSON.stringify({
        ...envelope,
        data: { ...envelope.data, memo: `canary-${testId}` },
      });
      const headers = { foreign_from: 'X' };
      const topic = topicName('A');
      await producer.send({ topic, acks: -1, messages: [{ value, partition: 0, headers }] });
      await grows('canary_validator_unregistered_total', 'frame="A"', before, 1);
      expect(await reactor.admin.stamps.test(testId)).toBeUndefined();
      expect(await reactor.admin.stamps.stamps(testId)).toEqual([]);
    });
  });
}

function forgedMemos(): void {
  describe('a forged memo on the real ledger', () => {
    test('of no test is counted and skipped', async () => {
      const before = await counted('canary_validator_unregistered_total', 'frame="A"');
      const testId = `nobody-${randomUUID()}`;
      await forge(`canary-${testId}`);
      await grows('canary_validator_unregistered_total', 'frame="A"', before, 1);
      expect(await reactor.admin.stamps.stamps(testId)).toEqual([]);
    });

    test('of a test on its way does not pass it, and is a finding', async () => {
      const scope = { backend: 'intra', sender: 'A1:canary-1' };
      await reactor.fault({ at: 'teg', frame: 'A', kind: 'unavailable', scope });
      const cycleId = await reactor.begin([PATH]);
      const testId = await until(async () => {
        const open = (await reactor.admin.stamps.openTests()).map((one) => one.testId);
        const own = open.find((one) => one.startsWith(cycleId));
        if (own === undefined) throw new Error(`open: ${open.join(', ')}`);
        return own;
      }, 60_000);
      const before = await counted('canary_findings_total', 'wrong_sender');
      const transferId = await forge(`canary-${testId}`);
      // Its fee comes last of its events; the validators have then had their time with all of them.
      await until(async () => {
        const events = await reactor.admin.platform().lookup.byMemo('A', `canary-${testId}`);
        expect(events.map(({ event }) => event.transferId)).toContain(transferId);
      }, 60_000);
      expect(await reactor.admin.stamps.stamps(testId)).toEqual([]);
      await reactor.clearFaults();
      const board = await reactor.closed(cycleId);
      await foundForged(testId);
      expect(board).toMatchObject({ outcomes: { passed: 1 }, clean: false });
      const result = await resultOf(cycleId);
      expect(result.transferId).not.toBe(transferId);
      await grows('canary_findings_total', 'wrong_sender', before, 1);
    });

    test('of a test that is closed changes no verdict, and is a finding', async () => {
      const { cycleId } = await reactor.cycle([PATH]);
      const before = await resultOf(cycleId);
      const transferId = await forge(`canary-${before.testId}`);
      await foundForged(before.testId);
      const after = await resultOf(cycleId);
      expect(after).toMatchObject({ outcome: 'passed', transferId: before.transferId });
      expect(after.stamps).toEqual(before.stamps);
      expect(JSON.stringify(after.stamps)).not.toContain(transferId);
    });
  });
}

function secrecy(): void {
  describe('a secret', () => {
    const secrets = () => {
      const { topology } = reactor.stack;
      const tokens = deriveTokens(topology.secretSeed);
      const agents = registryIds(topology).flatMap((id) => [`${id}:canary-1`, `${id}:canary-2`]);
      return [tokens.admin, tokens.peer, tokens.control, ...agents.map(tokens.agent)];
    };
    const found = (text: string) => secrets().filter((one) => text.includes(one));

    test('is where it is needed, so that a search can find it', () => {
      const file = reactor.admin.config.platform.agentTokensFile;
      expect(found(readFileSync(file, 'utf8'))).toHaveLength(6);
    });

    test('is in no log of any process', () => {
      const logs = join(reactor.stack.addressFile, '..', 'logs');
      const files = readdirSync(logs).filter((name) => /^(worker|exporter)/.test(name));
      expect(files).toEqual(expect.arrayContaining(['worker.log', 'exporter.log']));
      for (const file of files) expect(found(readFileSync(join(logs, file), 'utf8'))).toEqual([]);
    });

    test('is in no history', async () => {
      const client = await connectClient();
      try {
        let histories = 0;
        let withAgents = 0;
        for await (const { workflowId, runId } of client.workflow.list({ pageSize: 100 })) {
          const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
          const text = readable(history);
          expect(found(text)).toEqual([]);
          histories += 1;
          if (text.includes('"A1:canary-1"')) withAgents += 1;
        }
        expect(histories).toBeGreaterThan(40);
        // Their payloads are read, too.
        expect(withAgents).toBeGreaterThan(5);
      } finally {
        await client.connection.close();
      }
    });

    test.each(['config show', 'config show --json', 'doctor', 'status --json'])(
      'is not on the screen of %s',
      async (line) => {
        const { text } = await canary(line);
        expect(text).not.toBe('');
        expect(found(text)).toEqual([]);
      },
    );
  });
}
