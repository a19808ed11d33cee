// What an oracle says of the leaks that an auditor must find: one shape for TEGs and EventStores.
import { z } from 'zod';
import { LEAK_KINDS, LEAKING_FAULTS, LOG_LEAK_KINDS } from '../names.js';

export const leakRecord = z.object({
  leak_id: z.int().describe('The strike of GET /oracle/faults'),
  kind: z.enum([...LEAK_KINDS, ...LOG_LEAK_KINDS, ...LEAKING_FAULTS]),
  frame: z.string(),
  at: z.string(),
  accounts: z.array(z.string()).describe('Whose balance, or whose account of it, is wrong'),
  amount: z.string().nullable().describe('By how much: AVT, exactly six places'),
  transfer_id: z.string().nullable(),
  first_position: z
    .int()
    .nullable()
    .describe('What follows this outbox position can show the leak, nothing before it does'),
  last_position: z.int().nullable().describe('The last event that has to do with it'),
});

export type LeakRecord = z.output<typeof leakRecord>;

export const leaksAnswer = z.object({ leaks: z.array(leakRecord) });

export const LEAKS_SUMMARY = 'Every leak that an auditor must find; page on with after=<leak_id>';
