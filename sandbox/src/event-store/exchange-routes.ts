// What this frame has sent to every other and received from it, for whoever watches for drift.
import { z } from 'zod';
import { type Clock, timeText } from '../service/clock.js';
import type { HttpService } from '../service/http-server.js';
import type { EventCount, ExchangeBook } from './exchange-book.js';

const eventCount = z.object({
  events: z.int(),
  newest_committed_at: z.string().nullable().describe("By its origin's clock"),
});

const exchangeAnswer = z.object({
  frame: z.string(),
  at: z.string(),
  peers: z.array(
    z.object({
      frame: z.string(),
      emitted: eventCount.describe('Own events of the broadcast types'),
      sent: eventCount.describe('Those that the peer has acknowledged'),
      received: eventCount.describe('Foreign events of the peer'),
    }),
  ),
});

export function addExchangeRoutes(
  service: HttpService,
  deps: { readonly frameId: string; readonly book: ExchangeBook; readonly clock: Clock },
): void {
  service.get(
    '/api/v1/federation/exchange',
    {
      schema: {
        summary: 'Events sent to and received from each other frame, in count and time',
        response: { 200: exchangeAnswer },
      },
    },
    async () => ({
      frame: deps.frameId,
      at: timeText(deps.clock.nowMs()),
      peers: (await deps.book.read()).map(({ peer, emitted, sent, received }) => ({
        frame: peer,
        emitted: answerOf(emitted),
        sent: answerOf(sent),
        received: answerOf(received),
      })),
    }),
  );
}

function answerOf({ events, newestMs }: EventCount): z.output<typeof eventCount> {
  return { events, newest_committed_at: newestMs === null ? null : timeText(newestMs) };
}
