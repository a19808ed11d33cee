// An operator's word about a failure as JSON.
import { z } from 'zod';
import type { Acknowledgement } from '../../domain/attention.js';
import { timeSchema, utc } from './time.js';

export const acknowledgementSchema = z.strictObject({
  by: z.string(),
  at: timeSchema,
  reason: z.string(),
});

export type AcknowledgementView = z.infer<typeof acknowledgementSchema>;

export function acknowledgementView(
  word: Acknowledgement | undefined,
): AcknowledgementView | undefined {
  return word === undefined ? undefined : { by: word.by, at: utc(word.atMs), reason: word.reason };
}
