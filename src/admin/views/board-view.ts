// The canary page as JSON, in one answer: the matrix, the strip of cycles, and every live number.
import { z } from 'zod';
import { formatAmount } from '../../domain/amount.js';
import { BACKENDS } from '../../domain/backend.js';
import type { Path } from '../../domain/path.js';
import { quantile } from '../../domain/quantile.js';
import { FAILURE_SIGNALS, OUTCOMES, PHASES } from '../../domain/verdict.js';
import type { OpenTest, PathTotals, PathVerdict, StoredCycle } from '../../ports.js';
import type { AgentFloat } from '../admin-dependencies.js';
import { validatorSchema } from '../operations/validator-health.js';
import { timeSchema, utc, utcIfKnown } from './time.js';

const count = z.int().min(0);
const latencyMs = z.number().optional();

const verdictSchema = z.strictObject({
  testId: z.string(),
  outcome: z.enum(OUTCOMES),
  failureSignal: z.enum(FAILURE_SIGNALS).optional(),
  phase: z.enum(PHASES).optional(),
  /** Absent for one that passed whole. */
  reason: z.string().optional(),
  late: z.boolean(),
  degraded: z.boolean(),
  unknown: z.boolean(),
  findings: count,
  warmUp: z.boolean(),
  maintenance: z.boolean(),
  decidedAt: timeSchema,
});

export const boardPathSchema = z.strictObject({
  pathId: z.string(),
  backend: z.enum(BACKENDS),
  sender: z.string(),
  receiver: z.string(),
  senderRegistry: z.string(),
  receiverRegistry: z.string(),
  senderFrame: z.string(),
  receiverFrame: z.string(),
  /** The newest verdicts, the newest first. */
  last: z.array(verdictSchema),
  open: count,
  overdue: count,
  /** Over the last 24 hours; `of` leaves out what is not held against the path. */
  passed: count,
  of: count,
  p50Ms: latencyMs,
  p95Ms: latencyMs,
  /** Over the newest verdicts. */
  committedP50Ms: latencyMs,
  committedP95Ms: latencyMs,
  observerShareP50Ms: latencyMs,
  /** The first verdict after the last pass; absent while the path passes. */
  unpassedSince: timeSchema.optional(),
});

const agentSchema = z.strictObject({
  agent: z.string(),
  registry: z.string(),
  /** AVT; absent where the platform did not tell. */
  available: z.string().optional(),
  held: z.string().optional(),
  active: z.boolean().optional(),
  /** What its own tests cost in fees, AVT. */
  feesPerDay: z.string(),
});

const boardCycleSchema = z.strictObject({
  cycleId: z.string(),
  slot: timeSchema.optional(),
  startedAt: timeSchema,
  closedAt: timeSchema.optional(),
  planned: count,
  /** All below is absent until the cycle is closed. */
  clean: z.boolean().optional(),
  warmUp: z.boolean().optional(),
  outcomes: z.record(z.enum(OUTCOMES), count).optional(),
  failureSignals: z.array(z.enum(FAILURE_SIGNALS)).optional(),
  late: count.optional(),
  degraded: count.optional(),
  unknown: count.optional(),
  findings: count.optional(),
  lost: count.optional(),
});

export const boardSchema = z.strictObject({
  at: timeSchema,
  /** Stores that are away, with what they said; what only they know is left out. */
  away: z.array(z.strictObject({ store: z.string(), reason: z.string() })),
  paths: z.array(boardPathSchema),
  agents: z.array(agentSchema),
  /** The newest first, an hour of slots. */
  cycles: z.array(boardCycleSchema),
  firing: z
    .strictObject({ cycleId: z.string(), planned: count, open: count, judged: count })
    .optional(),
  /** By the interval alone, whether or not the schedule is paused. */
  nextCycleAt: timeSchema,
  missedSlots: z.strictObject({ total: count, recent: z.array(timeSchema) }).optional(),
  warmUp: z
    .strictObject({
      active: z.boolean(),
      startedAt: timeSchema,
      endedAt: timeSchema.optional(),
      endsAtLatest: timeSchema,
    })
    .optional(),
  validators: z.array(validatorSchema).optional(),
  workers: count.optional(),
  openTests: count.optional(),
  overdueTests: count.optional(),
  /** Over the last 24 hours. */
  totals: z.strictObject({ passed: count, of: count }),
  /** Over the newest verdicts of all paths. */
  latency: z.strictObject({ p50Ms: latencyMs, p95Ms: latencyMs, observerShareP50Ms: latencyMs }),
  shape: z.strictObject({
    frames: z.array(
      z.strictObject({ frame: z.string(), registries: z.array(z.string()), events: z.string() }),
    ),
    lanes: count,
    paths: z.record(z.enum(BACKENDS), count),
  }),
  cadence: z.strictObject({ intervalMs: z.int(), spreadMs: z.int(), amount: z.string() }),
  requirements: z.record(z.enum(BACKENDS), z.string()),
  deadlines: z.record(z.enum(BACKENDS), z.strictObject({ softMs: z.int(), finalMs: z.int() })),
  links: z.strictObject({
    temporalUi: z.string().optional(),
    grafana: z.string().optional(),
  }),
});

export type BoardView = z.infer<typeof boardSchema>;
export type BoardPathView = z.infer<typeof boardPathSchema>;

/** What is shown of one path: its marks; the rest of its newest verdicts only goes into figures. */
const MARKS = 12;

export interface PathFacts {
  readonly totals: PathTotals | undefined;
  readonly newest: readonly PathVerdict[];
  readonly unpassedSinceMs: number | undefined;
  readonly open: readonly OpenTest[];
  readonly nowMs: number;
}

export function boardPathView(path: Path, facts: PathFacts): BoardPathView {
  const { newest, nowMs, open, totals, unpassedSinceMs } = facts;
  const { id, backend, sender, receiver } = path;
  const { senderRegistry, receiverRegistry, senderFrame, receiverFrame } = path;
  const committed = newest.flatMap(({ latencies }) => latencies.committedMs ?? []);
  return {
    pathId: id,
    ...{ backend, sender, receiver, senderRegistry, receiverRegistry, senderFrame, receiverFrame },
    last: newest.slice(0, MARKS).map(verdictView),
    open: open.length,
    overdue: open.filter(({ softDeadlineAtMs }) => softDeadlineAtMs < nowMs).length,
    passed: totals?.passed ?? 0,
    of: (totals?.passed ?? 0) + (totals?.failed ?? 0),
    p50Ms: totals?.p50Ms,
    p95Ms: totals?.p95Ms,
    committedP50Ms: quantile(committed, 0.5),
    committedP95Ms: quantile(committed, 0.95),
    observerShareP50Ms: latencyOf(newest).observerShareP50Ms,
    unpassedSince: utcIfKnown(unpassedSinceMs),
  };
}

export function latencyOf(verdicts: readonly PathVerdict[]): BoardView['latency'] {
  const passed = verdicts.filter(({ outcome }) => outcome === 'passed');
  const totals = passed.flatMap(({ totalLatencyMs }) => totalLatencyMs ?? []);
  const shares = verdicts.flatMap(({ latencies }) => latencies.observerShareMs ?? []);
  return {
    p50Ms: quantile(totals, 0.5),
    p95Ms: quantile(totals, 0.95),
    observerShareP50Ms: quantile(shares, 0.5),
  };
}

function verdictView(verdict: PathVerdict): z.infer<typeof verdictSchema> {
  const { testId, outcome, failureSignal, late, degraded, maintenance, warmUp } = verdict;
  return {
    ...{ testId, outcome, failureSignal, late, degraded, maintenance, warmUp },
    phase: verdict.phase,
    reason: reasonOf(verdict),
    unknown: verdict.unaskedFrames.length > 0,
    findings: verdict.findingCount,
    decidedAt: utc(verdict.decidedAtMs),
  };
}

export function agentView(
  agent: { readonly id: string; readonly registry: string; readonly feesPerDay: bigint },
  known: AgentFloat | undefined,
): BoardView['agents'][number] {
  return {
    agent: agent.id,
    registry: agent.registry,
    ...(known === undefined
      ? {}
      : {
          available: formatAmount(known.float.availableBaseUnits),
          held: formatAmount(known.float.heldBaseUnits),
          active: known.float.status === 'active',
        }),
    feesPerDay: formatAmount(agent.feesPerDay),
  };
}

export function boardCycleView(cycle: StoredCycle): BoardView['cycles'][number] {
  const { scoreboard } = cycle;
  const signals = scoreboard?.notable.flatMap(({ failureSignal }) => failureSignal ?? []) ?? [];
  return {
    cycleId: cycle.cycleId,
    slot: utcIfKnown(cycle.slotMs),
    startedAt: utc(cycle.startedAtMs),
    closedAt: utcIfKnown(cycle.closedAtMs),
    planned: cycle.planned,
    ...(scoreboard === undefined
      ? {}
      : {
          clean: scoreboard.clean,
          warmUp: scoreboard.warmUp,
          outcomes: { ...scoreboard.outcomes },
          failureSignals: FAILURE_SIGNALS.filter((signal) => signals.includes(signal)),
          late: scoreboard.late,
          degraded: scoreboard.degraded,
          unknown: scoreboard.unknown,
          findings: scoreboard.findings,
          lost: scoreboard.lost,
        }),
  };
}

/** What is missing, in words; a passed test has them only where it is degraded. */
function reasonOf({ absent, reason }: PathVerdict): string | undefined {
  if (reason !== '') return reason;
  if (absent.length === 0) return undefined;
  return `never came: ${absent.map(({ frame, stamp }) => `${stamp} at ${frame}`).join(', ')}`;
}
