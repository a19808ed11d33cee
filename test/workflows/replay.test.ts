// Recorded histories of a running stack (the audit's is of the test server, its activity failing
// twice), replayed against today's workflows: whoever changes a workflow learns here whether what
// is open survives it.
import { readdirSync, readFileSync } from 'node:fs';
import { bundleWorkflowCode, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { beforeAll, describe, expect, test } from 'vitest';
import { bundleForTests, quietRuntime } from '../support/temporal.js';
import { eventsMaxOf } from './event-budget.js';

interface History {
  readonly events: readonly Readonly<Record<string, unknown>>[];
}

const DIRECTORY = new URL('./histories/', import.meta.url);
const histories = new Map(
  readdirSync(DIRECTORY)
    .filter((file) => file.endsWith('.json'))
    .map((file) => [
      file.replace('.json', ''),
      JSON.parse(readFileSync(new URL(file, DIRECTORY), 'utf8')) as History,
    ]),
);

/** What must be there, so that a lost recording is noticed. */
const RECORDED = [
  'canary-cycle.by-hand',
  'canary-cycle.by-schedule',
  'canary-test.passed-2pc',
  'canary-test.passed-async',
  'canary-test.passed-intra',
  'canary-test.passed-late-signals',
  'canary-test.postgres-away',
  'canary-test.refunded',
  'canary-test.rejected',
  'canary-test.timeout',
  'canary-test.unpaid',
  'canary-test.worker-killed',
  'retention.pruned',
  'supply-audit.by-hand',
  'validator.rotations',
];

let bundle: WorkflowBundleOption;

beforeAll(async () => {
  quietRuntime();
  bundle = await bundleForTests();
});

test('every way is recorded', () => {
  expect([...histories.keys()].sort()).toEqual(RECORDED);
});

describe.each(RECORDED)('%s', (name) => {
  test('is replayed by the workflows of today', async () => {
    expect(await replay(bundle, name)).toBeUndefined();
  });

  test('names no machine, process or directory', () => {
    const text = JSON.stringify(historyOf(name).events.map(decoded));
    expect(text.match(/"identity":"(?!worker")[^"]*"|\/(home|root|work|tmp|Users)\/[^"]*/g)).toBe(
      null,
    );
  });
});

describe('a changed workflow is noticed', () => {
  let changed: WorkflowBundleOption;

  beforeAll(async () => {
    const workflowsPath = new URL('./changed-workflows.ts', import.meta.url).pathname;
    changed = await bundleWorkflowCode({ workflowsPath });
  });

  test.each(RECORDED)('by %s', async (name) => {
    expect((await replay(changed, name))?.name).toBe('DeterminismViolationError');
  });
});

test.each(RECORDED.filter((name) => eventsMaxOf(historyOf(name).events) !== undefined))(
  '%s keeps within its history budget',
  (name) => {
    const { events } = historyOf(name);
    expect(events.length).toBeLessThanOrEqual(eventsMaxOf(events) ?? 0);
  },
);

function historyOf(name: string): History {
  const history = histories.get(name);
  if (history === undefined) throw new RangeError(`no history ${name} is recorded`);
  return history;
}

async function replay(workflowBundle: WorkflowBundleOption, name: string) {
  const replays = Worker.runReplayHistories({ workflowBundle }, [
    { workflowId: name, history: historyOf(name) },
  ]);
  for await (const { error } of replays) return error;
  throw new Error(`${name} was not replayed`);
}

/** Payloads are base64 of JSON: what they tell is looked at, too. */
function decoded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decoded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      key === 'data' && typeof one === 'string'
        ? Buffer.from(one, 'base64').toString('utf8')
        : decoded(one),
    ]),
  );
}
