// Registrations and stamps as the fields of a test's hash keep them.
import { z } from 'zod';
import { BACKENDS } from '../domain/backend.js';
import { STAMP_NAMES, type Stamp } from '../domain/stamp.js';
import type { CanaryTest } from '../domain/test.js';

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

/** Reads a registration that we wrote; throws on any other text. */
export function readRegistration(text: string): CanaryTest {
  return testSchema.parse(JSON.parse(text));
}

/** Reads a stamp that we wrote; throws on any other text. */
export function readStamp(text: string): Stamp {
  return stampSchema.parse(JSON.parse(text));
}

/** The stamps of every frame in a test's hash. */
export function stampsIn(fields: Readonly<Record<string, string>>): readonly Stamp[] {
  return Object.entries(fields)
    .filter(([field]) => FRAME_STAMP_FIELD.test(field))
    .map(([, text]) => readStamp(text));
}

export function writeTime(ms: number): string {
  return new Date(ms).toISOString();
}

export function readTime(text: string | null | undefined): number | undefined {
  return text === null || text === undefined ? undefined : Date.parse(text);
}
