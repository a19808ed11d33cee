// What the worker's /readyz asks: its stores, Temporal, its own task queues, Kafka, every frame's
// TEG and EventStore.
import type { NativeConnection, State } from '@temporalio/worker';
import { pingKafka } from '../adapters/kafka-ping.js';
import type { Stores } from '../adapters/open-stores.js';
import { pingPlatform } from '../adapters/platform-ping.js';
import type { Config } from '../config.js';
import { TASK_QUEUES } from '../names.js';
import type { Dependency } from './readiness.js';

/**
 * Kafka is asked wherever brokers are configured, whether or not a frame is heard over it: events
 * travel over it. `connection` answers `undefined` until Temporal was reached for the first time,
 * `stateOfQueue` until the worker of the queue is made.
 */
export function dependenciesOf(
  config: Config,
  stores: Stores,
  connection: () => NativeConnection | undefined,
  stateOfQueue: (taskQueue: string) => State | undefined,
): readonly Dependency[] {
  const { kafka } = config.stores;
  return [
    { name: 'postgres', ask: () => stores.results.ping() },
    { name: 'redis', ask: () => stores.stamps.ping() },
    { name: 'temporal', ask: () => askTemporal(connection()) },
    ...Object.values(TASK_QUEUES).map((taskQueue) => ({
      name: `queue/${taskQueue}`,
      ask: async () => assertPolled(stateOfQueue(taskQueue)),
    })),
    ...(kafka.length === 0 ? [] : [{ name: 'kafka', ask: () => pingKafka(kafka) }]),
    ...config.platform.frames.flatMap((frame) => [
      { name: `teg/${frame.id}`, ask: () => pingPlatform(frame.id, frame.teg) },
      { name: `event-store/${frame.id}`, ask: () => pingPlatform(frame.id, frame.eventStore) },
    ]),
  ];
}

async function askTemporal(connection: NativeConnection | undefined): Promise<void> {
  if (connection === undefined) throw new Error('not connected yet');
  await connection.workflowService.getSystemInfo({});
}

function assertPolled(state: State | undefined): void {
  if (state !== 'RUNNING') throw new Error(`its worker is ${state ?? 'not made yet'}`);
}
