// The operation `paths`: the matrix, each path with how its last tests went, worst first.
import { z } from 'zod';
import { BACKENDS } from '../../domain/backend.js';
import type { Path } from '../../domain/path.js';
import { quantile } from '../../domain/quantile.js';
import { OUTCOMES } from '../../domain/verdict.js';
import type { StoredResult } from '../../ports.js';
import { done } from '../answer.js';
import { operation } from '../operation.js';
import { flagsOf, isBlemished, resultView } from '../views/result-view.js';
import { timeSchema, utc, utcIfKnown } from '../views/time.js';

const pathSchema = z.strictObject({
  pathId: z.string(),
  backend: z.enum(BACKENDS),
  sender: z.string(),
  receiver: z.string(),
  /** Absent where the path was never fired. */
  last: z
    .strictObject({
      testId: z.string(),
      outcome: z.enum(OUTCOMES),
      failureSignal: z.string().optional(),
      phase: z.string().optional(),
      flags: z.array(z.string()),
      decidedAt: timeSchema,
    })
    .optional(),
  lastPassedAt: timeSchema.optional(),
  /** Of the newest results, as many as were asked for or are there. */
  passed: z.int(),
  of: z.int(),
  p50Ms: z.number().optional(),
  p95Ms: z.number().optional(),
});

type PathView = z.infer<typeof pathSchema>;

export const listPaths = operation({
  name: 'paths',
  summary: 'show the path matrix with how the last tests of each path went',
  role: 'read',
  input: z.strictObject({
    last: z.coerce
      .number('must be a whole number')
      .int('must be a whole number')
      .min(1, 'must be at least 1')
      .max(1_000, 'must be at most 1000')
      .default(20),
  }),
  output: z.strictObject({ last: z.int(), paths: z.array(pathSchema) }),
  async run({ config, results }, { last }) {
    const passes = new Map(
      (await results.lastPasses()).map((one) => [one.pathId, one.decidedAtMs]),
    );
    const rows: { readonly view: PathView; readonly rank: number }[] = [];
    // One after another: all at once would keep everybody else from the few connections.
    for (const path of config.paths) {
      const newest = await results.recent({ pathId: path.id, limit: last });
      rows.push({ view: pathView(path, newest, passes.get(path.id)), rank: rankOf(newest) });
    }
    const worstFirst = [...rows].sort((one, other) => other.rank - one.rank);
    return done({ last, paths: worstFirst.map(({ view }) => view) });
  },
});

function pathView(
  path: Path,
  newest: readonly StoredResult[],
  lastPassedAtMs: number | undefined,
): PathView {
  const passed = newest.filter((result) => result.outcome === 'passed');
  const latencies = passed.flatMap((result) => result.totalLatencyMs ?? []);
  const [last] = newest;
  return {
    pathId: path.id,
    backend: path.backend,
    sender: path.sender,
    receiver: path.receiver,
    last: last === undefined ? undefined : lastView(last),
    lastPassedAt: utcIfKnown(lastPassedAtMs),
    passed: passed.length,
    of: newest.length,
    p50Ms: quantile(latencies, 0.5),
    p95Ms: quantile(latencies, 0.95),
  };
}

function lastView(last: StoredResult): PathView['last'] {
  const { testId, outcome, failureSignal, phase, decidedAtMs } = last;
  const flags = [...flagsOf(resultView(last))];
  return { testId, outcome, failureSignal, phase, flags, decidedAt: utc(decidedAtMs) };
}

/** The last outcome weighs most, then a blemish of it, then the share that did not pass. */
function rankOf(newest: readonly StoredResult[]): number {
  const [last] = newest;
  if (last === undefined) return 0;
  const passed = newest.filter((result) => result.outcome === 'passed').length;
  const failing = 1 - passed / newest.length;
  return (last.outcome === 'passed' ? 0 : 4) + (isBlemished(last) ? 2 : 0) + failing;
}
