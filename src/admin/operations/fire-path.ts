// The operation `fire`: a cycle of one path, by hand, with the whole way of its test.
import { z } from 'zod';
import { cycleWorkflowId } from '../../names.js';
import { done } from '../answer.js';
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
  input: z.strictObject({
    path: z.string().optional(),
    sender: z.string().optional(),
    receiver: z.string().optional(),
    backend: z.string().optional(),
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
    const cycleId = await startHandCycle(deps, [pathId]);
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
