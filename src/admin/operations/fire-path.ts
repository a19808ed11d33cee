// The operation `fire`: a cycle of one path, by hand, with the whole way of its test.
import { z } from 'zod';
import { pausedPaths } from '../../domain/window.js';
import { cycleWorkflowId } from '../../names.js';
import { done, refused } from '../answer.js';
import { operation } from '../operation.js';
import { scoreboardSchema, scoreboardView } from '../views/scoreboard-view.js';
import { testSchema } from '../views/test-view.js';
import { choosePath } from './choose-path.js';
import { awaitScoreboard, startHandCycle } from './hand-cycle.js';
import { testById } from './read-result.js';
import { defaultTimeoutMs, waitInput } from './wait-input.js';

export const firePath = operation({
  name: 'fire',
  summary: 'fire one path by hand and show the way of its test',
  role: 'operate',
  subject: ({ path, sender, receiver, backend }) =>
    path ?? [sender, receiver, backend].filter((one) => one !== undefined).join(' '),
  input: z.strictObject({
    path: z.string().optional(),
    sender: z.string().optional(),
    receiver: z.string().optional(),
    backend: z.string().optional(),
    /** Fires the path though it is paused. */
    force: z.boolean().default(false),
    ...waitInput,
  }),
  output: z.strictObject({
    cycleId: z.string(),
    workflowId: z.string(),
    pathId: z.string(),
    scoreboard: scoreboardSchema.optional(),
    /** Absent where nobody waited for it, and where the test was lost. */
    test: testSchema.optional(),
  }),
  async run(deps, input, context) {
    const chosen = choosePath(deps.config.paths, input);
    if (chosen.kind !== 'done') return chosen;
    const pathId = chosen.value.id;
    const { force } = input;
    const nowMs = deps.clock.nowMs();
    const [paused] = pausedPaths(await deps.windows.standing(nowMs), [chosen.value], nowMs);
    if (paused !== undefined && !force) {
      return refused('path', pathId, `is ${paused.reason}; force fires it all the same`);
    }
    const cycleId = await startHandCycle(deps, { pathIds: [pathId], force }, context);
    const started = { cycleId, workflowId: cycleWorkflowId(cycleId), pathId };
    if (!input.wait) return done(started);
    const timeoutMs = input.timeout ?? defaultTimeoutMs(deps.config);
    const waited = await awaitScoreboard(deps, { cycleId, planned: 1, timeoutMs }, context);
    if (waited.kind !== 'done') return waited;
    const [result] = await deps.results.resultsOfCycle(cycleId);
    return done({
      ...started,
      scoreboard: scoreboardView(waited.value),
      test: result === undefined ? undefined : await testById(deps, result.testId),
    });
  },
});
