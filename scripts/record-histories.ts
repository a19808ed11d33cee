// `npx tsx scripts/record-histories.ts`: brings up a stack with short deadlines, plays each row of
// the table on it and writes the histories of its workflows, scrubbed, for the replay tests.
import { execFileSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { deriveTokens } from '../sandbox/src/service/tokens.js';
import { tegUrl } from '../sandbox/src/topology.js';
import { formatAmount } from '../src/domain/amount.js';
import {
  auditWorkflowId,
  cycleWorkflowId,
  retentionWorkflowId,
  SCHEDULE_IDS,
  TASK_QUEUES,
  testWorkflowId,
  validatorWorkflowId,
  WORKFLOW_TYPES,
} from '../src/names.js';
import type { FaultOrder } from '../test/e2e/platform-doors.js';
import { type Reactor, startReactor } from '../test/e2e/reactor.js';
import { until } from '../test/support/until.js';
import { scrubHistory } from './scrub-history.js';

const DIRECTORY = fileURLToPath(new URL('../test/workflows/histories/', import.meta.url));

/** Long enough for the store and a worker to be away, short enough to be waited for. */
const PRODUCT = {
  cycle: { interval: '24h', spread: '1s', amount: '0.010000' },
  deadlines: {
    intra: { soft: '6s', final: '12s' },
    async: { soft: '8s', final: '60s' },
    '2pc': { soft: '6s', final: '30s' },
  },
  validators: { rotation: '4s' },
};

interface Recording {
  readonly path: string;
  readonly faults?: readonly FaultOrder[];
  /** Before the fire. */
  readonly prepare?: (reactor: Reactor) => Promise<void>;
  /** While the test runs. */
  readonly meanwhile?: (reactor: Reactor, testId: string, client: Client) => Promise<void>;
  /** How the stored row must look for the history to be the wanted one. */
  readonly outcome: string;
}

const teg = (frame: string, kind: string, scope = {}): FaultOrder => ({
  at: 'teg',
  frame,
  kind,
  scope,
});
const LOSE_ANSWER = teg('A', 'hang_transfer', {
  params: { when: 'after' },
  sender: 'A1:canary-1',
  count: 1,
});
const LOSE_SENT = teg('A', 'drop_event', { event_type: 'TokensTransferred', at: 'before_store' });

const RECORDINGS: Readonly<Record<string, Recording>> = {
  'passed-intra': { path: 'A1.1-A1.2-intra', outcome: 'passed' },
  'passed-async': { path: 'A1.1-B1.1-async', outcome: 'passed' },
  'passed-2pc': { path: 'A1.1-B1.1-2pc', outcome: 'passed' },
  'passed-late-signals': {
    path: 'A1.1-B1.1-async',
    // The answer is lost, so the workflow lives on and hears that a settled transfer is refunded.
    faults: [LOSE_ANSWER, teg('A', 'refund_and_settle', { backend: 'async' })],
    outcome: 'passed',
  },
  refunded: {
    path: 'A1.1-B1.1-async',
    faults: [teg('B', 'never_credit', { backend: 'async' })],
    outcome: 'failed',
  },
  rejected: {
    path: 'A1.1-A1.2-intra',
    faults: [teg('A', 'refuse_transfer', { backend: 'intra', sender: 'A1:canary-1' })],
    outcome: 'failed',
  },
  timeout: { path: 'A1.1-A1.2-intra', faults: [LOSE_SENT], outcome: 'failed' },
  'worker-killed': {
    path: 'A1.1-B1.1-2pc',
    faults: [LOSE_ANSWER],
    meanwhile: async (reactor, testId) => {
      await fired(reactor, testId);
      reactor.killWorker();
    },
    outcome: 'passed',
  },
  'postgres-away': {
    path: 'A1.1-A1.2-intra',
    faults: [LOSE_SENT],
    meanwhile: stopPostgres,
    outcome: 'inconclusive',
  },
  unpaid: { path: 'A1.2-A1.1-intra', prepare: emptyFloat, outcome: 'unpaid' },
};

await main();

async function main(): Promise<void> {
  await rm(DIRECTORY, { recursive: true, force: true });
  await mkdir(DIRECTORY, { recursive: true });
  const reactor = await startReactor({ registries: ['A1', 'B1'], product: PRODUCT });
  const address = reactor.stack.productEnvironment.TEMPORAL_ADDRESS ?? '';
  const connection = await Connection.connect({ address });
  const client = new Client({ connection });
  try {
    await recordValidator(client);
    await recordCycles(reactor, client);
    await recordRetention(client);
    await recordAudit(reactor, client);
    for (const [name, one] of Object.entries(RECORDINGS)) await record(reactor, client, name, one);
  } finally {
    await connection.close();
    await reactor.stop();
  }
  execFileSync('npx', ['biome', 'format', '--write', DIRECTORY], { stdio: 'inherit' });
}

async function record(
  reactor: Reactor,
  client: Client,
  name: string,
  { path, faults, prepare, meanwhile, outcome }: Recording,
): Promise<void> {
  await prepare?.(reactor);
  for (const order of faults ?? []) await reactor.fault(order);
  const cycleId = await reactor.begin([path]);
  const testId = `${cycleId}-${path}`;
  await meanwhile?.(reactor, testId, client);
  const workflow = client.workflow.getHandle(testWorkflowId(testId));
  await until(() => workflow.describe(), 30_000);
  await workflow.result();
  await reactor.clearFaults();
  await reactor.closed(cycleId);
  const [result] = await reactor.admin.results.resultsOfCycle(cycleId);
  if (result?.outcome !== outcome) {
    throw new Error(`${name} is ${result?.outcome} (${result?.reason}) instead of ${outcome}`);
  }
  await write(client, `canary-test.${name}`, testWorkflowId(testId));
}

/** Rotations follow each other every few seconds here: three of them make a small history. */
async function recordValidator(client: Client): Promise<void> {
  const workflowId = validatorWorkflowId('A', 'TokensTransferred');
  const handle = client.workflow.getHandle(workflowId);
  await until(async () => {
    const events = (await handle.fetchHistory()).events ?? [];
    const rotations = events.filter((one) => one.activityTaskCompletedEventAttributes).length;
    if (rotations < 3) throw new Error(`${rotations} rotations`);
  }, 60_000);
  await write(client, 'validator.rotations', workflowId);
}

async function recordCycles(reactor: Reactor, client: Client): Promise<void> {
  const paths = ['A1.1-A1.2-intra', 'A1.1-B1.1-2pc'];
  const { cycleId } = await reactor.cycle(paths);
  await client.workflow.getHandle(cycleWorkflowId(cycleId)).result();
  await write(client, 'canary-cycle.by-hand', cycleWorkflowId(cycleId));
  await client.schedule.getHandle(SCHEDULE_IDS.canaryCycle).trigger();
  const byHand = cycleWorkflowId(cycleId);
  const query = `WorkflowType = "${WORKFLOW_TYPES.canaryCycle}" AND ExecutionStatus = "Completed"`;
  const scheduled = await until(async () => {
    for await (const one of client.workflow.list({ query })) {
      if (one.workflowId !== byHand) return one.workflowId;
    }
    throw new Error('the scheduled cycle is not closed');
  }, 120_000);
  await write(client, 'canary-cycle.by-schedule', scheduled);
}

async function recordRetention(client: Client): Promise<void> {
  const workflowId = retentionWorkflowId('recorded');
  const { retention } = WORKFLOW_TYPES;
  await client.workflow.execute(retention, { workflowId, taskQueue: TASK_QUEUES.canary, args: [] });
  await write(client, 'retention.pruned', workflowId);
}

async function recordAudit({ admin }: Reactor, client: Client): Promise<void> {
  await admin.audits.start('recorded');
  await admin.audits.ended('recorded', AbortSignal.timeout(60_000));
  await write(client, 'supply-audit.by-hand', auditWorkflowId('recorded'));
}

async function write(client: Client, name: string, workflowId: string): Promise<void> {
  const history = await client.workflow.getHandle(workflowId).fetchHistory();
  const scrubbed = scrubHistory(JSON.parse(historyToJSON(history)));
  await writeFile(`${DIRECTORY}${name}.json`, `${JSON.stringify(scrubbed, null, 2)}\n`);
  process.stderr.write(`${name}: ${history.events?.length} events\n`);
}

async function fired(reactor: Reactor, testId: string): Promise<void> {
  await until(async () => {
    const stored = await reactor.admin.stamps.test(testId);
    if (stored?.firedAtMs === undefined) throw new Error(`${testId} is not fired`);
  }, 30_000);
}

/** PostgreSQL comes back when the record waits for it as a regular activity. */
async function stopPostgres(reactor: Reactor, testId: string, client: Client): Promise<void> {
  const workflow = client.workflow.getHandle(testWorkflowId(testId));
  await until(async () => {
    const stored = await reactor.admin.stamps.test(testId);
    if (stored?.transferId === undefined) throw new Error(`${testId} is not accepted`);
  }, 30_000);
  const postgres = reactor.stack.service('postgres');
  await postgres.stop();
  await until(async () => {
    const events = (await workflow.fetchHistory()).events ?? [];
    const waits = events.some(
      (one) => one.activityTaskScheduledEventAttributes?.activityType?.name === 'recordResult',
    );
    if (!waits) throw new Error('the record does not wait for PostgreSQL yet');
  }, 120_000);
  await postgres.start();
}

async function emptyFloat(reactor: Reactor): Promise<void> {
  const account = 'A1:canary-2';
  const { gateway } = reactor.admin.platform();
  const { availableBaseUnits } = await gateway.balance(account);
  const { topology } = reactor.stack;
  const answer = await fetch(`${tegUrl(topology, 'A')}/control/leaks`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${deriveTokens(topology.secretSeed).control}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ kind: 'destroy', account, amount: formatAmount(availableBaseUnits) }),
  });
  if (!answer.ok) throw new Error(`no leak: ${answer.status} ${await answer.text()}`);
}
