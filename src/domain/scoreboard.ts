// The scoreboard of a cycle: what passed, what did not and why, latency per backend, clean or not.
import { BACKENDS, type Backend } from './backend.js';
import type { FrameEvent, FrameStamp } from './contract.js';
import type { FrameId } from './frame.js';
import type { Latencies } from './latency.js';
import { quantile } from './quantile.js';
import type { Result } from './result.js';
import { OUTCOMES, type Outcome } from './verdict.js';

/** A result with what its close added. */
export interface ClosedResult extends Result {
  /** `undefined` until the test is closed. */
  readonly closedAtMs: number | undefined;
  readonly unaskedFrames: readonly FrameId[];
  readonly degraded: boolean;
  readonly absent: readonly FrameStamp[];
  readonly absentEvents: readonly FrameEvent[];
  readonly unobserved: readonly FrameStamp[];
  readonly latencies: Latencies;
  readonly findingCount: number;
}

export interface LatencySummary {
  readonly count: number;
  readonly p50Ms: number | undefined;
  readonly p95Ms: number | undefined;
  readonly maxMs: number | undefined;
  readonly observerShareP50Ms: number | undefined;
}

export interface Scoreboard {
  readonly cycleId: string;
  readonly planned: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly late: number;
  readonly degraded: number;
  /** Tests of which the close could not ask every frame, or that never closed: not proven clean. */
  readonly unknown: number;
  readonly findings: number;
  /** Tests of the plan without a stored result: their workflows ended without one. */
  readonly lost: number;
  /** Paths of the plan that were not fired, for an operator had paused them. */
  readonly paused: number;
  /** Tests in a maintenance window: the cycle is judged on the others. */
  readonly maintenance: number;
  /** Whether anything was left to judge the cycle by. */
  readonly judged: boolean;
  readonly clean: boolean;
  readonly warmUp: boolean;
  readonly latency: Readonly<Record<Backend, LatencySummary>>;
  /** The tests that are not simply passed, worst first, for people and pages. */
  readonly notable: readonly NotableTest[];
}

export interface NotableTest {
  readonly testId: string;
  readonly pathId: string;
  readonly outcome: Outcome;
  readonly failureSignal: string | undefined;
  readonly phase: string | undefined;
  readonly flags: readonly string[];
  readonly reason: string;
}

/** Outcomes by how bad they are. */
export const WORST_FIRST: readonly Outcome[] = [
  'failed',
  'inconclusive',
  'unpaid',
  'observer',
  'passed',
];

/** The scoreboard of a cycle's closed results; clean as the glossary defines it. */
export function scoreboardOf(
  cycleId: string,
  planned: number,
  results: readonly ClosedResult[],
  paused = 0,
): Scoreboard {
  const count = (matches: (result: ClosedResult) => boolean) => results.filter(matches).length;
  const outcomes = Object.fromEntries(
    OUTCOMES.map((outcome) => [outcome, count((result) => result.outcome === outcome)]),
  ) as Record<Outcome, number>;
  const maintenance = count((result) => result.maintenance);
  const judged = planned - paused - maintenance;
  const spotless = count((result) => !result.maintenance && isClean(result));
  return {
    cycleId,
    planned,
    outcomes,
    late: count((result) => result.late),
    degraded: count((result) => result.degraded),
    unknown: count(isUnknown),
    findings: results.reduce((sum, result) => sum + result.findingCount, 0),
    lost: planned - paused - results.length,
    paused,
    maintenance,
    judged: judged > 0,
    clean: judged > 0 && spotless === judged,
    warmUp: results.some((result) => result.warmUp),
    latency: Object.fromEntries(
      BACKENDS.map((backend) => [backend, summaryOf(results, backend)]),
    ) as Record<Backend, LatencySummary>,
    notable: results.filter(isNotable).sort(worstFirst).map(notableOf),
  };
}

/** Whether a closed test passed with nothing that would spoil its cycle. */
export function isClean(result: ClosedResult): boolean {
  const { degraded, findingCount, outcome } = result;
  return outcome === 'passed' && !degraded && findingCount === 0 && !isUnknown(result);
}

/** Whether something is left that the close of a test could not find out. */
export function isUnknown({ closedAtMs, unaskedFrames }: ClosedResult): boolean {
  return closedAtMs === undefined || unaskedFrames.length > 0;
}

function summaryOf(results: readonly ClosedResult[], backend: Backend): LatencySummary {
  const passed = results.filter(
    (result) => result.backend === backend && result.outcome === 'passed',
  );
  const totals = passed.flatMap((result) => result.totalLatencyMs ?? []);
  const shares = passed.flatMap((result) => result.latencies.observerShareMs ?? []);
  return {
    count: totals.length,
    p50Ms: quantile(totals, 0.5),
    p95Ms: quantile(totals, 0.95),
    maxMs: quantile(totals, 1),
    observerShareP50Ms: quantile(shares, 0.5),
  };
}

function worstFirst(one: ClosedResult, other: ClosedResult): number {
  return WORST_FIRST.indexOf(one.outcome) - WORST_FIRST.indexOf(other.outcome);
}

function isNotable(result: ClosedResult): boolean {
  return result.outcome !== 'passed' || flagsOf({ ...result, maintenance: false }).length > 0;
}

function notableOf(result: ClosedResult): NotableTest {
  return {
    testId: result.testId,
    pathId: result.pathId,
    outcome: result.outcome,
    failureSignal: result.failureSignal,
    phase: result.phase,
    flags: flagsOf(result),
    reason: result.reason === '' ? absenceOf(result) : result.reason,
  };
}

function flagsOf(result: ClosedResult): readonly string[] {
  return [
    ...(result.late ? ['late'] : []),
    ...(result.degraded ? ['degraded'] : []),
    ...(isUnknown(result) ? ['unknown'] : []),
    ...(result.findingCount > 0 ? [`${result.findingCount} findings`] : []),
    ...(result.unobserved.length > 0 ? ['unobserved'] : []),
    ...(result.maintenance ? ['maintenance'] : []),
  ];
}

function absenceOf(result: ClosedResult): string {
  const stamps = result.absent.map(({ frame, stamp }) => `${stamp} at ${frame}`);
  const events = result.absentEvents.map(({ frame, eventType }) => `${eventType} of ${frame}`);
  const absent = [...stamps, ...events];
  return [
    ...(absent.length === 0 ? [] : [`never came: ${absent.join(', ')}`]),
    ...(result.closedAtMs === undefined ? ['never closed'] : []),
    ...result.unaskedFrames.map((frame) => `the EventStore of ${frame} could not be asked`),
  ].join('; ');
}

/** The scoreboard in one line: `30/30 passed`, and what spoils it. */
export function describeScoreboard(scoreboard: Scoreboard): string {
  const { outcomes, planned, late, degraded, unknown, findings, lost, paused } = scoreboard;
  const blemishes = [
    ...OUTCOMES.filter((outcome) => outcome !== 'passed' && outcomes[outcome] > 0).map(
      (outcome) => `${outcomes[outcome]} ${outcome}`,
    ),
    ...(degraded > 0 ? [`${degraded} degraded`] : []),
    ...(unknown > 0 ? [`${unknown} unknown`] : []),
    ...(late > 0 ? [`${late} late`] : []),
    ...(findings > 0 ? [`${findings} findings`] : []),
    ...(lost > 0 ? [`${lost} lost`] : []),
    ...(paused > 0 ? [`${paused} paused`] : []),
    ...(scoreboard.maintenance > 0 ? [`${scoreboard.maintenance} in maintenance`] : []),
  ];
  return [`${outcomes.passed}/${planned} passed`, ...blemishes].join(', ');
}
