// The event pipe without Kafka: batches are posted to the EventStore's ingest door.
import { z } from 'zod';
import type { ServiceContext } from '../service/context.js';
import { deriveTokens } from '../service/tokens.js';
import { withSignal } from '../service/with-signal.js';
import { eventStoreUrl } from '../topology.js';
import { type EventPipe, type OnBatch, PipeError, type PipeRecord } from './event-pipe.js';
import { createPublisher } from './publish-for-ever.js';

/** The EventStore's route behind `POST /api/v1/ingest` hands its records to `receive`. */
export interface DirectPipe extends EventPipe {
  readonly kind: 'direct';
  /** Resolves when the frame's consumer in this process has stored the records. */
  receive(frameId: string, records: readonly PipeRecord[]): Promise<void>;
}

export const MAX_RECORDS_PER_POST = 500;

const POST_TIMEOUT_MS = 10_000;

/** The body of `POST /api/v1/ingest`. */
export const ingestBody = z.strictObject({
  records: z
    .array(
      z.strictObject({
        key: z.string(),
        value: z.string(),
        foreign_from: z.string().optional(),
      }),
    )
    .max(MAX_RECORDS_PER_POST),
});

export function createDirectPipe(
  context: Pick<ServiceContext, 'topology' | 'logger' | 'random'>,
): DirectPipe {
  const peerToken = deriveTokens(context.topology.secretSeed).peer;
  const consumers = new Map<string, OnBatch>();
  const publisher = createPublisher(context);
  const receive = (frameId: string, records: readonly PipeRecord[]) => {
    const onBatch = consumers.get(frameId);
    if (onBatch) return onBatch(records);
    throw new PipeError(`frame ${frameId}: no consumer here`);
  };
  const send = async (frameId: string, records: readonly PipeRecord[]) => {
    if (consumers.has(frameId)) return receive(frameId, records);
    await post(`${eventStoreUrl(context.topology, frameId)}/api/v1/ingest`, peerToken, records);
  };
  return {
    kind: 'direct',
    receive: async (frameId, records) => receive(frameId, records),
    publish: async (frameId, records, options) => {
      for (let start = 0; start < records.length; start += MAX_RECORDS_PER_POST) {
        const chunk = records.slice(start, start + MAX_RECORDS_PER_POST);
        await publisher.publish(frameId, () => send(frameId, chunk), options?.signal);
      }
    },
    consume: async (frameId, onBatch) => {
      consumers.set(frameId, onBatch);
      return {
        close: async () => {
          consumers.delete(frameId);
        },
      };
    },
    close: async () => publisher.close(),
  };
}

async function post(url: string, token: string, records: readonly PipeRecord[]): Promise<void> {
  const request = {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      records: records.map(({ key, value, foreignFrom }) => ({
        key,
        value,
        foreign_from: foreignFrom,
      })),
    }),
  };
  await withSignal({ limitMs: POST_TIMEOUT_MS }, async (signal) => {
    const answer = await fetch(url, { ...request, signal });
    const text = await answer.text();
    if (!answer.ok) throw new PipeError(`${url} answered ${answer.status}: ${text.slice(0, 200)}`);
  });
}
