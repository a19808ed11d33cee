// The TEG's snapshot and the EventStore's projection on the wire. What the contract allows and yet
// cannot be, such as negative circulating tokens, is a problem that is told in words.
import { z } from 'zod';
import { parseAmount } from '../domain/amount.js';
import type { FrameId } from '../domain/frame.js';
import type { CutAnswer } from '../domain/supply-frame-audit.js';
import type { ProjectionAnswer } from '../domain/supply-voices.js';
import { parseJson } from './platform-http.js';
import { first } from './supply-event-wire.js';

const name = z.string().min(1).max(200);
const instant = z.iso.datetime().transform((text) => Date.parse(text));

/** A decimal string with at most six places, below zero or not. */
const signed = z.string().transform((text, context) => {
  const magnitude = parseAmount(text.replace(/^-/, ''));
  if (magnitude !== undefined) return text.startsWith('-') ? -magnitude : magnitude;
  const shown = JSON.stringify(text.slice(0, 60));
  context.addIssue({ code: 'custom', message: `${shown} is no amount of AVT` });
  return z.NEVER;
});

const whole = z
  .string()
  .regex(/^-?\d{1,80}$/, 'must be a decimal integer')
  .transform((text) => BigInt(text));

const snapshotSchema = z.object({
  frame: name,
  producer: name,
  position: z.int().min(0),
  clock: instant,
  totals: z.object({ circulating: signed, in_transit: signed, issuance: signed }),
  buckets: z.array(z.object({ bucket: z.int().min(0), sum: signed, weighted_sum: whole })),
  unclassed: z.array(name).max(10_000),
});

type Snapshot = z.output<typeof snapshotSchema>;

export function readSnapshot(text: string, frame: FrameId, bucketCount: number): CutAnswer {
  const parsed = snapshotSchema.safeParse(parseJson(text));
  if (!parsed.success) return unusable(`the supply snapshot: ${first(parsed.error)}`);
  const snapshot = parsed.data;
  const problem = nonsenseOf(snapshot, frame, bucketCount);
  if (problem !== undefined) return unusable(`the supply snapshot: ${problem}`);
  const { buckets, clock, position, producer, totals, unclassed } = snapshot;
  const inOrder = [...buckets].sort((one, other) => one.bucket - other.bucket);
  return {
    kind: 'cut',
    cut: {
      grade: 'snapshot',
      frame,
      producer,
      position,
      clockMs: clock,
      circulating: totals.circulating,
      inTransit: totals.in_transit,
      issuance: totals.issuance,
      buckets: inOrder.map(({ sum, weighted_sum }) => ({ sum, weightedSum: weighted_sum })),
      unclassed,
    },
  };
}

function nonsenseOf(snapshot: Snapshot, frame: FrameId, bucketCount: number): string | undefined {
  const { buckets, totals } = snapshot;
  if (snapshot.frame !== frame) return `it is of frame ${snapshot.frame}, asked was ${frame}`;
  if (totals.circulating < 0n) return `circulating is ${totals.circulating} base units`;
  const numbers = new Set(buckets.map(({ bucket }) => bucket));
  const isWhole = numbers.size === bucketCount && buckets.length === bucketCount;
  if (!isWhole || Math.max(...numbers) >= bucketCount) {
    return `it has ${buckets.length} buckets, asked were ${bucketCount}`;
  }
  const sum = buckets.reduce((total, one) => total + one.sum, 0n);
  if (sum === totals.circulating) return undefined;
  return `its buckets hold ${sum} base units, circulating is ${totals.circulating}`;
}

const projectionSchema = z.object({
  frame: name,
  sequence: z.int().min(0),
  producer: name.nullable(),
  position: z.int().min(0),
  tokens_issued: signed,
  tokens_destroyed: signed,
  transit_net: signed,
  tokens_circulating: signed,
  as_of: instant.nullable(),
});

export function readProjection(text: string, frame: FrameId): ProjectionAnswer {
  const parsed = projectionSchema.safeParse(parseJson(text));
  if (!parsed.success) return unusable(`the projection: ${first(parsed.error)}`);
  const found = parsed.data;
  if (found.frame !== frame) return unusable(`the projection is of frame ${found.frame}`);
  const { tokens_circulating: circulating } = found;
  if (circulating < 0n) return unusable(`the projection: circulating is ${circulating} base units`);
  return {
    kind: 'projection',
    projection: {
      producer: found.producer ?? undefined,
      position: found.position,
      sequence: found.sequence,
      issued: found.tokens_issued,
      destroyed: found.tokens_destroyed,
      transitNet: found.transit_net,
      circulating,
      asOfMs: found.as_of ?? 0,
    },
  };
}

function unusable(problem: string): { readonly kind: 'unusable'; readonly problem: string } {
  return { kind: 'unusable', problem };
}
