// The operation `results`: the newest results that match, a page at a time.
import { z } from 'zod';
import { done } from '../answer.js';
import { operation } from '../operation.js';
import { resultSchema, resultView } from '../views/result-view.js';
import { cursorInput, pageLimit, pageOf, readCursor } from './cursor.js';
import { chooseResults, resultFilterInput } from './result-filter.js';

const placeSchema = z.strictObject({ decidedAtMs: z.int(), testId: z.string().max(300) });

export const listResults = operation({
  name: 'results',
  summary: 'list the newest results',
  role: 'read',
  input: z.strictObject({
    ...resultFilterInput,
    limit: pageLimit,
    /** The `nextCursor` of the page before. */
    cursor: cursorInput,
  }),
  output: z.strictObject({
    results: z.array(resultSchema),
    /** Absent on the last page. */
    nextCursor: z.string().optional(),
  }),
  async run(deps, input) {
    const chosen = chooseResults(deps, input);
    if (chosen.kind !== 'done') return chosen;
    const place = readCursor(placeSchema, input.cursor);
    if (place.kind !== 'done') return place;
    const after = place.value === undefined ? {} : { after: place.value };
    const query = { ...chosen.value, ...after, limit: input.limit + 1 };
    const found = await deps.results.recent(query);
    const { nextCursor, shown } = pageOf(found, input.limit, ({ decidedAtMs, testId }) => ({
      decidedAtMs,
      testId,
    }));
    return done({ results: shown.map(resultView), nextCursor });
  },
});
