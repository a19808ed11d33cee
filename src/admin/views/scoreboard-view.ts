// The scoreboard as JSON: the domain's value as it is, its form written down for every face.
import { z } from 'zod';
import { BACKENDS, type Backend } from '../../domain/backend.js';
import type { LatencySummary, Scoreboard } from '../../domain/scoreboard.js';
import { OUTCOMES } from '../../domain/verdict.js';

const testCount = z.int().min(0);
const latencyMs = z.number().optional();

const latencySummarySchema = z.strictObject({
  count: testCount,
  p50Ms: latencyMs,
  p95Ms: latencyMs,
  maxMs: latencyMs,
  observerShareP50Ms: latencyMs,
});

export const scoreboardSchema = z.strictObject({
  cycleId: z.string(),
  planned: testCount,
  outcomes: z.record(z.enum(OUTCOMES), testCount),
  late: testCount,
  degraded: testCount,
  unknown: testCount,
  findings: testCount,
  lost: testCount,
  paused: testCount,
  maintenance: testCount,
  judged: z.boolean(),
  clean: z.boolean(),
  warmUp: z.boolean(),
  latency: z.record(z.enum(BACKENDS), latencySummarySchema),
  notable: z.array(
    z.strictObject({
      testId: z.string(),
      pathId: z.string(),
      outcome: z.enum(OUTCOMES),
      failureSignal: z.string().optional(),
      phase: z.string().optional(),
      flags: z.array(z.string()),
      reason: z.string(),
    }),
  ),
});

export type ScoreboardView = z.infer<typeof scoreboardSchema>;

/** A copy that faces may keep; the domain's value is readonly. */
export function scoreboardView(scoreboard: Scoreboard): ScoreboardView {
  return {
    ...scoreboard,
    outcomes: { ...scoreboard.outcomes },
    latency: { ...scoreboard.latency },
    notable: scoreboard.notable.map((one) => ({ ...one, flags: [...one.flags] })),
  };
}

/** The way back, for what renders scoreboards: a key that is absent is not known. */
export function scoreboardOfView(view: ScoreboardView): Scoreboard {
  const summaries = BACKENDS.map((backend) => [backend, summaryOfView(view, backend)]);
  return {
    ...view,
    latency: Object.fromEntries(summaries) as Record<Backend, LatencySummary>,
    notable: view.notable.map(({ failureSignal, phase, ...rest }) => ({
      ...rest,
      failureSignal,
      phase,
    })),
  };
}

function summaryOfView({ latency }: ScoreboardView, backend: Backend): LatencySummary {
  const { count, p50Ms, p95Ms, maxMs, observerShareP50Ms } = latency[backend];
  return { count, p50Ms, p95Ms, maxMs, observerShareP50Ms };
}
