// Canary tests as workflows: started once for ever, signalled while they live, and a Temporal that
// is away has a name.
import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createTemporalTestWorkflows } from '../../src/adapters/temporal-test-workflows.js';
import { TemporalUnavailableError } from '../../src/adapters/temporal-unavailable-error.js';
import { testWorkflowId } from '../../src/names.js';
import { freePortRow } from '../support/free-ports.js';
import { testOf } from '../support/samples.js';

const SIGNAL = { stamp: undefined, findings: [], firedAtMs: undefined };

let connection: Connection;
let client: Client;

beforeAll(async () => {
  connection = await Connection.connect({ address: inject('temporalAddress') });
  client = new Client({ connection });
});
afterAll(() => connection.close());

describe('a test', () => {
  test('is started once, even after it has ended, and hears signals until then', async () => {
    const workflows = createTemporalTestWorkflows(client);
    const one = testOf('A1.1-B1.1-async', randomUUID());
    expect(await workflows.signal(one.testId, SIGNAL)).toBe('closed');
    expect(await workflows.start(one)).toBe('started');
    expect(await workflows.start(one)).toBe('already_started');
    expect(await workflows.signal(one.testId, SIGNAL)).toBe('delivered');
    await client.workflow.getHandle(testWorkflowId(one.testId)).terminate('the case is over');
    expect(await workflows.signal(one.testId, SIGNAL)).toBe('closed');
    expect(await workflows.start(one)).toBe('already_started');
  });

  test('that Temporal cannot be told of, because it is away', async () => {
    const port = await freePortRow(1);
    const away = Connection.lazy({ address: `127.0.0.1:${port}`, connectTimeout: '1 second' });
    const workflows = createTemporalTestWorkflows(new Client({ connection: away }));
    const one = testOf('A1.1-B1.1-async', randomUUID());
    const workflowId = testWorkflowId(one.testId);
    try {
      await away.withDeadline(Date.now() + 3_000, async () => {
        for (const [operation, call] of [
          ['start', () => workflows.start(one)],
          ['signal', () => workflows.signal(one.testId, SIGNAL)],
        ] as const) {
          const error: unknown = await call().catch((failure: unknown) => failure);
          expect(error).toBeInstanceOf(TemporalUnavailableError);
          expect(error).toMatchObject({ operation, workflowId, cause: expect.any(Error) });
        }
      });
    } finally {
      await away.close();
    }
  });
});
