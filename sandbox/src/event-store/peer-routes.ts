// The doors for other services: broadcasts of other frames, and the outbox without Kafka.
import { z } from 'zod';
import { type DirectPipe, ingestBody } from '../pipe/direct-pipe.js';
import { type EventPipe, PipeError, type PipeRecord } from '../pipe/event-pipe.js';
import { requireToken } from '../service/auth.js';
import { HttpError, unavailable } from '../service/http-error.js';
import type { HttpService } from '../service/http-server.js';
import type { Tokens } from '../service/tokens.js';
import { withSignal } from '../service/with-signal.js';
import { acceptedAnswer } from './wire.js';

export interface PeerDeps {
  readonly frameId: string;
  readonly peerFrames: readonly string[];
  readonly tokens: Tokens;
  readonly pipe: EventPipe | DirectPipe;
}

const security = [{ bearer: [] }];
const MAX_EVENTS = 500;
const PUBLISH_LIMIT_MS = 5_000;

const broadcastBody = z.strictObject({
  from: z.string(),
  events: z.array(z.looseObject({ transfer_id: z.string().nullable().optional() })).max(MAX_EVENTS),
});

export function addPeerRoutes(service: HttpService, deps: PeerDeps): void {
  const onRequest = requireToken('peer', deps.tokens);
  // Foreign copies enter by the frame's own pipe: the log has one door.
  service.post(
    '/api/v1/broadcast',
    {
      onRequest,
      schema: {
        ...{ summary: 'Foreign events of another frame', security, body: broadcastBody },
        response: { 200: acceptedAnswer },
      },
    },
    async (request) => {
      const { from, events } = request.body;
      if (!deps.peerFrames.includes(from)) {
        throw new HttpError(400, 'malformed_request', `from "${from}": no other frame`);
      }
      const records = foreignRecords(from, events);
      await withSignal({ limitMs: PUBLISH_LIMIT_MS }, (signal) =>
        orUnavailable(deps.pipe.publish(deps.frameId, records, { signal })),
      );
      return { accepted: events.length };
    },
  );
  const { pipe } = deps;
  if (!('receive' in pipe)) return;
  service.post(
    '/api/v1/ingest',
    {
      onRequest,
      schema: {
        ...{ summary: 'The pipe without Kafka', security, body: ingestBody },
        response: { 200: acceptedAnswer },
      },
    },
    async (request) => {
      const records = request.body.records.map(({ key, value, foreign_from: foreignFrom }) => ({
        key,
        value,
        ...(foreignFrom !== undefined && { foreignFrom }),
      }));
      await orUnavailable(pipe.receive(deps.frameId, records));
      return { accepted: records.length };
    },
  );
}

type BroadcastEvents = z.output<typeof broadcastBody>['events'];

function foreignRecords(from: string, events: BroadcastEvents): readonly PipeRecord[] {
  return events.map((event) => ({
    key: event.transfer_id ?? '',
    value: JSON.stringify(event),
    foreignFrom: from,
  }));
}

async function orUnavailable(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    throw error instanceof PipeError ? unavailable('the event pipe is away', error) : error;
  }
}
