// Registrations and stamps as the fields of a test's hash keep them.
import { z } from 'zod';
import { BACKENDS } from '../domain/backend.js';
import { STAMP_NAMES, type Stamp } from '../domain/stamp.js';
import type { CanaryTest } from '../domain/test.js';
import { UnreadableRecordError } from './store-unavailable-error.js';

const baseUnits = z.string().regex(/^\d+$/);

const testSchema: z.ZodType<CanaryTest> = z.object({
  testId: z.string(),
  cycleId: z.string(),
  path: z.object({
    id: z.string(),
    backend: z.enum(BACKENDS),
    sender: z.string(),
    receiver: z.string(),
    senderRegistry: z.string(),
    receiverRegistry: z.string(),
    senderFrame: z.string(),
    receiverFrame: z.string(),
  }),
  amount: baseUnits,
  fee: baseUnits,
  deadlines: z.object({ softMs: z.number(), finalMs: z.number() }),
  warmUp: z.boolean(),
  maintenance: z.boolean().optional(),
});

const stampSchema: z.ZodType<Stamp> = z.object({
  name: z.enum(STAMP_NAMES),
  frame: z.string(),
  eventId: z.object({ producer: z.string(), position: z.number() }),
  transferId: z.string(),
  sourceFrame: z.string(),
  originCommittedAtMs: z.number(),
  storedAtMs: z.number(),
  seenAtMs: z.number(),
});

const FRAME_STAMP_FIELD = /_seen_iso@/;

/** Reads a registration that we wrote; throws `UnreadableRecordError` on any other text. */
export function readRegistration(text: string): CanaryTest {
  return readAs(testSchema, 'registration', text);
}

/** Reads a stamp that we wrote; throws `UnreadableRecordError` on any other text. */
export function readStamp(text: string): Stamp {
  return readAs(stampSchema, 'stamp', text);
}

/** The texts of the stamps of every frame in a test's hash. */
export function stampTextsIn(fields: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(fields)
    .filter(([field]) => FRAME_STAMP_FIELD.test(field))
    .map(([, text]) => text);
}

/** Reads JSON of a form that we wrote; throws `UnreadableRecordError` on any other text. */
export function readAs<T>(schema: z.ZodType<T>, what: string, text: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new UnreadableRecordError('redis', what, text, cause);
  }
}

export function writeTime(ms: number): string {
  return new Date(ms).toISOString();
}

export function readTime(text: string | null | undefined): number | undefined {
  return text === null || text === undefined ? undefined : Date.parse(text);
}
