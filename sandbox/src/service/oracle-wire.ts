// What an oracle says of the faults that struck, wherever they struck.
import { z } from 'zod';

export const struckFault = z.object({
  strike_id: z.int(),
  at: z.string(),
  kind: z.string().describe("A fault's kind, or leak"),
  fault_id: z.string().nullable(),
  transfer_id: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()),
});

export type StruckFault = z.output<typeof struckFault>;

export const struckFaultsQuery = z.object({
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});

export const struckFaultsAnswer = z.object({ faults: z.array(struckFault) });

export const STRUCK_FAULTS_SUMMARY = 'Every fault that struck; page on with after=<last strike_id>';
