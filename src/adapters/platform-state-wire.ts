// The platform's business state on the wire (platform contract). A state, status or phase that the
// contract does not name makes the answer unusable: to leave it out would show a wrong sum.
import { z } from 'zod';
import { parseAmount } from '../domain/amount.js';
import {
  A2A_STATES,
  DISPUTE_PHASES,
  PEER_STATUSES,
  PROPOSAL_STATUSES,
} from '../domain/platform-state.js';

export const amount = z.string().transform((text, context) => {
  const baseUnits = parseAmount(text);
  if (baseUnits !== undefined) return baseUnits;
  const message = `${JSON.stringify(text.slice(0, 60))} is no amount of AVT`;
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

export const instant = z.iso.datetime().transform((text) => Date.parse(text));
const count = z.int().min(0);

export const stakingSchema = z.object({
  total_value_locked: amount,
  stakers: count,
  voting_power: amount,
});

export const a2aSchema = z.object({
  states: z
    .array(z.object({ state: z.enum(A2A_STATES), tokens: count, amount }))
    .refine((states) => names(states, 'state').size === A2A_STATES.length, 'must have every state'),
  escrowed: amount,
});

export const peersSchema = z.object({
  peers: z.array(
    z.object({
      registry: z.string(),
      status: z.enum(PEER_STATUSES),
    }),
  ),
});

export const governanceSchema = z.object({
  proposals: z
    .array(z.object({ status: z.enum(PROPOSAL_STATUSES), proposals: count }))
    .refine(
      (proposals) => names(proposals, 'status').size === PROPOSAL_STATUSES.length,
      'must have every status',
    ),
  turnout: z.object({ cast: count, total: count, ratio: z.number().min(0).max(1).nullable() }),
});

export const disputesSchema = z.object({
  disputes: z
    .array(z.object({ phase: z.enum(DISPUTE_PHASES), disputes: count }))
    .refine(
      (disputes) => names(disputes, 'phase').size === DISPUTE_PHASES.length,
      'must have every phase',
    ),
});

const eventCount = z
  .object({ events: count, newest_committed_at: instant.nullable() })
  .transform(({ events, newest_committed_at }) => ({
    events,
    newestAtMs: newest_committed_at ?? undefined,
  }));

export const exchangeSchema = z.object({
  frame: z.string(),
  peers: z.array(
    z.object({ frame: z.string(), emitted: eventCount, sent: eventCount, received: eventCount }),
  ),
});

function names<Key extends string>(
  rows: readonly Readonly<Record<Key, string>>[],
  key: Key,
): ReadonlySet<string> {
  return new Set(rows.map((row) => row[key]));
}
