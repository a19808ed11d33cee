// The operation `results`: the newest results that match, a page at a time.
import { z } from 'zod';
import { BACKENDS } from '../../domain/backend.js';
import { OUTCOMES } from '../../domain/verdict.js';
import type { ResultQuery, StoredResult } from '../../ports.js';
import type { AdminDependencies } from '../admin-dependencies.js';
import { type Answer, done, refused } from '../answer.js';
import { operation } from '../operation.js';
import { resultSchema, resultView } from '../views/result-view.js';
import { pathById } from './choose-path.js';

/** Pages reach this far back; older results are read one by one, by their test id. */
const REACH_MAX = 10_000;

const limit = z.coerce.number('must be a whole number').int('must be a whole number');

export const listResults = operation({
  name: 'results',
  summary: 'list the newest results',
  role: 'read',
  input: z.strictObject({
    path: z.string().optional(),
    backend: z.enum(BACKENDS).optional(),
    outcome: z.enum(OUTCOMES).optional(),
    limit: limit.min(1, 'must be at least 1').max(500, 'must be at most 500').default(20),
    /** The `nextCursor` of the page before. */
    cursor: z.string().optional(),
  }),
  output: z.strictObject({
    results: z.array(resultSchema),
    /** Absent on the last page. */
    nextCursor: z.string().optional(),
  }),
  async run(deps, input) {
    if (input.path !== undefined) {
      const path = pathById(deps.config.paths, input.path);
      if (path.kind !== 'done') return path;
    }
    const filter = {
      ...(input.path === undefined ? {} : { pathId: input.path }),
      ...(input.backend === undefined ? {} : { backend: input.backend }),
      ...(input.outcome === undefined ? {} : { outcome: input.outcome }),
    };
    const page = await pageAfter(deps, filter, input.cursor, input.limit);
    if (page.kind !== 'done') return page;
    const shown = page.value.slice(0, input.limit);
    return done({
      results: shown.map(resultView),
      nextCursor: page.value.length > shown.length ? shown.at(-1)?.testId : undefined,
    });
  },
});

/**
 * The results after the cursor's, one more than the page needs when there are more. A cursor is the
 * id of the last test shown, so that what came in meanwhile moves no page.
 */
async function pageAfter(
  deps: AdminDependencies,
  filter: Omit<ResultQuery, 'limit'>,
  cursor: string | undefined,
  size: number,
): Promise<Answer<readonly StoredResult[]>> {
  for (let reach = size + 1; ; reach = Math.min(REACH_MAX, reach * 4)) {
    const newest = await deps.results.recent({ ...filter, limit: reach });
    const at = cursor === undefined ? -1 : newest.findIndex((one) => one.testId === cursor);
    const after = newest.slice(at + 1);
    const found = cursor === undefined || at >= 0;
    const all = newest.length < reach || reach === REACH_MAX;
    if (found && (after.length > size || all)) return done(after);
    if (all) return refused('cursor', cursor ?? '', 'is not among the newest results that match');
  }
}
