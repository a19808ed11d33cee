// The EventStore's answers as zod schemas, for OpenAPI. Events are sent as the log keeps them, to
// the letter, and are not built from these.
import { z } from 'zod';
import { envelopeSchema } from './envelope.js';

const storedEventAnswer = z.object({
  sequence: z.int(),
  stored_at: z.string(),
  foreign_from: z.string().nullable().describe('The frame that a foreign copy came from'),
  prev_hash: z.string(),
  hash: z.string(),
  ...envelopeSchema.shape,
});

const eventsAnswer = z.object({
  events: z.array(storedEventAnswer),
  through: z.int().optional().describe('Polls only: nothing of those types is missing up to here'),
  head: z.int().describe('The last sequence of the log'),
});

export const EVENTS_RESPONSE: { readonly 200: z.ZodType } = {
  200: eventsAnswer.describe('With Accept: application/x-ndjson an event a line, then the rest'),
};

export const headAnswer = z.object({ head: z.int(), hash: z.string(), at: z.string() });

const total = z.string().describe('AVT, exactly six places');

export const SUPPLY_SCHEMA = {
  summary: 'Supply totals folded from own events',
  response: {
    200: z.object({
      frame: z.string(),
      sequence: z.int(),
      producer: z.string().nullable(),
      position: z.int(),
      tokens_issued: total,
      tokens_destroyed: total,
      transit_net: total,
      tokens_circulating: total,
      delta: total,
      as_of: z.string(),
    }),
  },
};

/** How many events a peer's post has brought. */
export const acceptedAnswer = z.object({ accepted: z.int() });

/** What the stream sends, a JSON object per text message. */
export const STREAM_RESPONSE = {
  101: z
    .union([storedEventAnswer, z.object({ heartbeat: z.literal(true), head: z.int() })])
    .describe('A WebSocket; each text message is one of these'),
};
