// Everything about one test as JSON: its way from the fire to the close, findings, corrections.
import { z } from 'zod';
import { formatAmount } from '../../domain/amount.js';
import { BACKENDS } from '../../domain/backend.js';
import { type FrameStamp, requirementOf } from '../../domain/contract.js';
import { CORRECTION_KINDS, type Correction } from '../../domain/correction.js';
import { formatEventId } from '../../domain/event.js';
import { FINDING_KINDS, type Finding } from '../../domain/finding.js';
import { requiredStamps } from '../../domain/requirement.js';
import { STAMP_NAMES, type Stamp, type StampName } from '../../domain/stamp.js';
import { testWorkflowId } from '../../names.js';
import type { StoredTest, WholeResult } from '../../ports.js';
import { resultSchema, resultView } from './result-view.js';
import { timeSchema, utc, utcIfKnown } from './time.js';

const stampSchema = z.strictObject({
  stamp: z.enum(STAMP_NAMES),
  frame: z.string(),
  required: z.boolean(),
  eventId: z.string(),
  sourceFrame: z.string(),
  /** By the origin's clock, uncorrected. */
  committedAt: timeSchema,
  /** By the clock of the frame's EventStore. */
  storedAt: timeSchema,
  seenAt: timeSchema,
  committedAfterMs: z.number().optional(),
  seenAfterMs: z.number().optional(),
});

export const testSchema = z.strictObject({
  testId: z.string(),
  workflowId: z.string(),
  state: z.enum(['registered', 'running', 'decided', 'closed']),
  sender: z.string().optional(),
  receiver: z.string().optional(),
  backend: z.enum(BACKENDS).optional(),
  fee: z.string().optional(),
  firedAt: timeSchema.optional(),
  acceptedAt: timeSchema.optional(),
  acceptedAfterMs: z.number().optional(),
  softDeadlineAt: timeSchema.optional(),
  finalDeadlineAt: timeSchema.optional(),
  stamps: z.array(stampSchema),
  /** What a healthy platform raises for such a test; empty for a path that is no more. */
  expected: z.array(
    z.strictObject({ stamp: z.enum(STAMP_NAMES), frame: z.string(), required: z.boolean() }),
  ),
  result: resultSchema.optional(),
  findings: z.array(
    z.strictObject({ kind: z.enum(FINDING_KINDS), subject: z.string(), evidence: z.string() }),
  ),
  corrections: z.array(z.strictObject({ kind: z.enum(CORRECTION_KINDS), evidence: z.string() })),
});

export type TestView = z.infer<typeof testSchema>;
export type StampView = z.infer<typeof stampSchema>;

export interface TestFacts {
  readonly testId: string;
  /** `undefined` once the shared store has forgotten the test. */
  readonly test: StoredTest | undefined;
  /** By the configuration, where it still has the path of the test. */
  readonly expected: readonly FrameStamp[];
  /** `undefined` while there is no verdict. */
  readonly result: WholeResult | undefined;
  /** As the shared store has them. */
  readonly stamps: readonly Stamp[];
  readonly findings: readonly Finding[];
  readonly corrections: readonly Correction[];
}

export function testView(facts: TestFacts): TestView {
  const { test, result } = facts;
  const firedAtMs = test?.firedAtMs ?? result?.firedAtMs;
  const backend = test?.path.backend ?? result?.backend;
  const after = (ms: number | undefined) =>
    ms === undefined || firedAtMs === undefined ? undefined : ms - firedAtMs;
  const afterFire = (ms: number | undefined) =>
    ms === undefined || firedAtMs === undefined ? undefined : utc(firedAtMs + ms);
  return {
    testId: facts.testId,
    workflowId: testWorkflowId(facts.testId),
    state: stateOf(facts),
    sender: test?.path.sender,
    receiver: test?.path.receiver,
    backend,
    fee: test === undefined ? undefined : formatAmount(BigInt(test.fee)),
    firedAt: utcIfKnown(firedAtMs),
    acceptedAt: utcIfKnown(test?.acceptedAtMs),
    acceptedAfterMs: after(test?.acceptedAtMs),
    softDeadlineAt: afterFire(test?.deadlines.softMs),
    finalDeadlineAt: afterFire(test?.deadlines.finalMs),
    expected: facts.expected.map((one) => ({ ...one, required: isRequired(one.stamp, backend) })),
    stamps: stampsOf(facts).map((one) => stampView(one, backend, after)),
    result: result === undefined ? undefined : resultView(result),
    findings: facts.findings.map(({ kind, subject, evidence }) => ({ kind, subject, evidence })),
    corrections: facts.corrections.map(({ kind, evidence }) => ({ kind, evidence })),
  };
}

function stateOf({ test, result }: TestFacts): TestView['state'] {
  if (result !== undefined) return result.closedAtMs === undefined ? 'decided' : 'closed';
  return test?.firedAtMs === undefined ? 'registered' : 'running';
}

/** The live stamps, and those of the row that the shared store no longer holds, by time seen. */
function stampsOf({ stamps, result }: TestFacts): readonly Stamp[] {
  const isLive = (kept: Stamp) =>
    stamps.some((live) => live.name === kept.name && live.frame === kept.frame);
  const kept = (result?.stamps ?? []).filter((one) => !isLive(one));
  return [...stamps, ...kept].sort((one, other) => one.seenAtMs - other.seenAtMs);
}

function stampView(
  stamp: Stamp,
  backend: TestView['backend'],
  after: (ms: number) => number | undefined,
): StampView {
  return {
    stamp: stamp.name,
    frame: stamp.frame,
    required: isRequired(stamp.name, backend),
    eventId: formatEventId(stamp.eventId),
    sourceFrame: stamp.sourceFrame,
    committedAt: utc(stamp.originCommittedAtMs),
    storedAt: utc(stamp.storedAtMs),
    seenAt: utc(stamp.seenAtMs),
    committedAfterMs: after(stamp.originCommittedAtMs),
    seenAfterMs: after(stamp.seenAtMs),
  };
}

function isRequired(name: StampName, backend: TestView['backend']): boolean {
  return backend !== undefined && requiredStamps(requirementOf(backend)).includes(name);
}
