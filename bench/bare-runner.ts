// Runs the bare workflow beside the reactor, on the same server, with a worker of the same
// settings.
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';

export interface BareRunner {
  /**
   * One workflow: started, signalled once its activity is through, and the milliseconds from the
   * signal to the result.
   */
  signalToResultMs(settleMs: number): Promise<number>;
  /** So many workflows with so many in flight; answers workflows per second. */
  perSecond(count: number, inFlight: number): Promise<number>;
  close(): Promise<void>;
}

const TASK_QUEUE = 'bench-bare';

export async function startBareRunner(address: string): Promise<BareRunner> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const connection = await NativeConnection.connect({ address });
  const client = new Client({ connection });
  const worker = await Worker.create({
    connection,
    taskQueue: TASK_QUEUE,
    workflowsPath: fileURLToPath(new URL('./bare-workflow.ts', import.meta.url)),
    activities: { nothing: async () => undefined },
    maxCachedWorkflows: 2_500,
    workflowThreadPoolSize: 1,
  });
  const running = worker.run();
  const start = () =>
    client.workflow.start('bareWorkflow', {
      taskQueue: TASK_QUEUE,
      workflowId: `bench-bare/${randomUUID()}`,
    });
  const once = async (settleMs: number): Promise<number> => {
    const handle = await start();
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    const signalledAt = performance.now();
    await handle.signal('stamp');
    await handle.result();
    return performance.now() - signalledAt;
  };
  return {
    signalToResultMs: once,
    perSecond: (count, inFlight) => ratePerSecond(count, inFlight, () => once(0)),
    async close() {
      worker.shutdown();
      await running;
      await connection.close();
    },
  };
}

/**
 * Runs `count` pieces of work with `inFlight` of them at a time; answers pieces per second. After a
 * failure nothing new begins, and it is thrown when all that is under way has ended.
 */
export async function ratePerSecond(
  count: number,
  inFlight: number,
  work: (index: number) => Promise<unknown>,
): Promise<number> {
  let next = 0;
  const failures: unknown[] = [];
  const startedAt = performance.now();
  const lane = async (): Promise<void> => {
    while (next < count && failures.length === 0) {
      next += 1;
      await work(next).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  if (failures.length > 0) throw failures[0];
  return count / ((performance.now() - startedAt) / 1_000);
}
